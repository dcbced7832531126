#!/bin/sh
# Keys only. The host key is kept on the data partition, so that it outlives the boot but not the disk.
mkdir -p /data/ssh
[ -s /data/ssh/ed25519 ] || dropbearkey -t ed25519 -f /data/ssh/ed25519 >/dev/null 2>&1
exec dropbear -F -s -r /data/ssh/ed25519 -p 22 2>/run/dropbear.log
