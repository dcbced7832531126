#!/bin/sh
# Once a second, writes "seq bootid hostname uptime" to the next sector of the raw partition /dev/vda3 and waits until the
# disk has it. Nothing is cached in between. Numbers are left out after a boot and wherever somebody else has written already,
# so that nobody writes over what another has written at the same time; each other number that is missing is a lost write.
# What this tells: e2e/src/test/java/dev/kumiko/e2e/Witness.java, which knows both sizes.
SECTORS=2048
FREE=256
read -r bootid </proc/sys/kernel/random/boot_id
read -r period </run/witness-period

# Of the record in a sector.
number() {
  dd if=/dev/vda3 bs=512 count=1 skip="$1" iflag=direct 2>/dev/null | tr -d '\000' | awk '{ print $1 + 0 }'
}

last=$(tr -d '\000' </dev/vda3 | awk '$1 + 0 > last { last = $1 + 0 } END { print last + 0 }')
seq=$((last + FREE))
errors=0
while :; do
  seq=$((seq + 1))
  there=$(number $((seq % SECTORS)))
  if [ "${there:-0}" -ge "$seq" ]; then seq=$((seq + FREE)); fi
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
