# What runs on the machine and what is mounted and plugged in, in a stable form: a test compares it
# before `up` and after `down`.

footprint() {
  echo "== daemons"
  # What is left behind belongs to process 1; others come and go with the shells they serve.
  ps -eo ppid=,stat=,comm= | awk '$1 == 1 && $2 !~ /^Z/ {print $3}' | sort | uniq -c
  echo "== marked processes"
  marked_pids
  echo "== namespaces"
  ls /run/netns 2>/dev/null | sort || true
  echo "== links"
  ip -o link show | sed -E 's/^[0-9]+: ([^:@]+).*/\1/' | sort
  echo "== addresses"
  ip -o addr show | awk '{print $2, $3, $4}' | sort
  echo "== routes"
  ip route show | sort
  echo "== mounts"
  # The namespace directory stays a mount point once `ip netns` was used on a machine.
  awk '$2 != "/run/netns" {print $2, $3}' /proc/mounts | sort
  echo "== files"
  ls -d /var/tmp/* /tmp/kumiko* /run/libvirt /run/openvswitch /run/ovn /run/ceph /etc/ceph/* \
    /etc/libvirt/* /var/lib/libvirt /var/cache/libvirt /var/log/libvirt 2>/dev/null | sort || true
}
