# The data partition: counts the boots; what must survive a restart is kept here.

disk_up() {
  # barrier and commit=1: what was synced is there after a power cut, at the latest one second later.
  mount -t ext4 -o commit=1,errors=remount-ro /dev/vda2 /data || say "no data partition"
  boots=0
  [ ! -f /data/boots ] || read -r boots </data/boots
  boots=$((boots + 1))
  echo "$boots" >/run/boots
  # Written aside and renamed, so that a power cut leaves the old or the new number and nothing else. Others wait for
  # the disk meanwhile: disk_wait.
  { echo "$boots" | dd of=/data/boots.new conv=fsync 2>/dev/null && mv /data/boots.new /data/boots && sync; } &
  disk_sync=$!
}

disk_wait() { wait "$disk_sync"; }
