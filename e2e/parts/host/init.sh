#!/bin/bash
# Process 1 of a lab host: private mounts, then libvirtd for as long as the host is on.
# Its environment: HOST, DISK (what survives a power-off), VOLATILE (what does not), HOSTS_FILE, PARTS.
set -eu

mount --make-rprivate /
mount -t proc proc /proc
# `ip netns exec` has mounted the namespace's own /sys; libvirt must not find the machine's cgroups.
mount -t tmpfs -o size=64k,mode=755 none /sys/fs/cgroup
hostname "$HOST"

mount --bind "$VOLATILE" /run
mkdir -p /run/lock
for path in /etc/libvirt /etc/pki /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
  mount --bind "$DISK$path" "$path"
done
mount --bind "$HOSTS_FILE" /etc/hosts

# The QEMU driver starts only when the user it was built for has a name.
cp /etc/passwd /etc/group /run/
getent passwd libvirt-qemu >/dev/null || echo 'libvirt-qemu:x:64055:64055::/:/usr/sbin/nologin' >>/run/passwd
getent group libvirt-qemu >/dev/null || echo 'libvirt-qemu:x:64055:' >>/run/group
getent group kvm >/dev/null || echo 'kvm:x:64056:' >>/run/group
mount --bind /run/passwd /etc/passwd
mount --bind /run/group /etc/group

# QEMU is called by way of our own; it finds what belongs to it beside itself.
mkdir -p /run/qemu/bin
ln -s /usr/share /usr/lib /run/qemu/
touch /run/qemu/bin/qemu-system-x86_64
mount --bind /usr/bin/qemu-system-x86_64 /run/qemu/bin/qemu-system-x86_64
mount --bind "$PARTS/host/qemu-system-x86_64" /usr/bin/qemu-system-x86_64

# As a service supervisor would: a libvirtd that dies comes back, its guests run on meanwhile. It and its guests yield to
# what a real cloud has on machines of its own: the API, Ceph, the fabric and the operators.
while true; do
  nice -n 10 libvirtd --listen || true
  sleep 1
  while [ -e /run/mute ]; do sleep 0.2; done
done
