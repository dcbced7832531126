# What of the lab's kind runs on the machine, is mounted, plugged in and lies about, in a stable form. `up` keeps it in
# $LAB/before before it makes anything; after `down` it must be the same. The lab's own directory and what carries its mark
# are left out: `footprint_remains` tells them.

FOOTPRINT_DAEMONS='^(etcd|kube-.*|ceph-.*|ovs.*|ovn.*|libvirtd|virtlogd|qemu-.*|java|bash|sleep)$'

footprint() {
  echo "== daemons"
  # What is left behind belongs to process 1; others come and go with the shells they serve.
  ps -eo ppid=,stat=,comm= | awk -v ours="$FOOTPRINT_DAEMONS" '$1 == 1 && $2 !~ /^Z/ && $3 ~ ours {print $3}' | sort | uniq -c
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
  ls -d /var/tmp/* /tmp/kumiko* /usr/sbin/policy-rc.d /run/libvirt /run/openvswitch /run/ovn /run/ceph /etc/ceph/* \
    /etc/libvirt/* /var/lib/libvirt /var/cache/libvirt /var/log/libvirt 2>/dev/null | grep -vxF "$LAB" | sort || true
}

# Prints what is left of the lab itself; nothing after `down`.
footprint_remains() {
  marked_pids
  ls -d "$LAB" 2>/dev/null || true
}
