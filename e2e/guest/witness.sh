#!/bin/sh
# Once a second, writes "seq bootid hostname uptime" to the next sector of the raw partition /dev/vda3 and waits until the
# disk has it. Nothing is cached in between: a second guest on the same disk shows as a second boot id among the sectors,
# a lost write as a sequence number that went back.
SECTORS=2048
read -r bootid </proc/sys/kernel/random/boot_id
read -r period </run/witness-period

seq=$(tr -d '\000' </dev/vda3 | awk '$1 + 0 > last { last = $1 + 0 } END { print last + 0 }')
errors=0
while :; do
  seq=$((seq + 1))
  read -r up _ </proc/uptime
  if printf '%-511s\n' "$seq $bootid $(hostname) $up" |
    dd of=/dev/vda3 bs=512 count=1 seek=$((seq % SECTORS)) conv=notrunc,fsync oflag=direct iflag=fullblock 2>/dev/null; then
    echo "$seq" >/run/seq
  else
    errors=$((errors + 1))
    echo "$errors" >/run/werr
    echo "tiny: WRITE-ERROR seq=$seq" >/dev/console
  fi
  sleep "$period"
done
