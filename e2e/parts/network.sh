# One bridge for the machine, a network namespace per host and one for the top-of-rack switch.
#
# Each host has mgmt0 (management), stor0 (storage) and up0 (trunk to the top-of-rack switch, where the
# other end is called to-hN). The bridge ends of mgmt0 and stor0 are km-hN and ks-hN.

BRIDGE=kumiko0

network_packages() { echo iproute2; }

network_up() {
  local host
  if ! ip link show "$BRIDGE" >/dev/null 2>&1; then
    ip link add "$BRIDGE" type bridge
  fi
  ip addr replace "$MGMT/24" dev "$BRIDGE"
  ip addr replace "$STOR/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  network_namespace tor
  for host in $HOSTS; do
    network_namespace "$host"
    network_plug "$host" "km-$host" mgmt0 "$(mgmt_of "$host")"
    network_plug "$host" "ks-$host" stor0 "$(stor_of "$host")"
    network_trunk "$host"
  done
}

network_namespace() { # NAME
  if [ ! -e "/run/netns/kumiko-$1" ]; then ip netns add "kumiko-$1"; fi
  ip -n "kumiko-$1" link set lo up
  # Both networks share one segment: an interface answers for its own address only, so that cutting
  # one network does not leave the other answering for it.
  in_host "$1" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 \
    net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
}

network_plug() { # HOST OUTER INNER ADDRESS
  if ! ip link show "$2" >/dev/null 2>&1; then
    ip link add "$2" type veth peer name "$3" netns "kumiko-$1"
  fi
  ip link set "$2" master "$BRIDGE" up
  ip -n "kumiko-$1" addr replace "$4/24" dev "$3"
  ip -n "kumiko-$1" link set "$3" up
}

network_trunk() { # HOST
  if ! ip -n "kumiko-$1" link show up0 >/dev/null 2>&1; then
    ip link add up0 netns "kumiko-$1" type veth peer name "to-$1" netns kumiko-tor
  fi
  ip -n "kumiko-$1" link set up0 up
  ip -n kumiko-tor link set "to-$1" up
}

network_down() {
  local name
  for name in $(ls /run/netns 2>/dev/null | grep '^kumiko-'); do ip netns del "$name"; done
  # Links of a namespace vanish some time after it; the names must be free when `down` returns.
  for name in $(ls /sys/class/net | grep -E '^k[ms]-h[0-9]+$') "$BRIDGE"; do
    ip link del "$name" 2>/dev/null || true
  done
}

network_status() {
  local host down=""
  if ! ip link show "$BRIDGE" >/dev/null 2>&1; then
    echo "no bridge $BRIDGE"
    return 1
  fi
  for host in $HOSTS; do
    if [ "$(cat "/sys/class/net/km-$host/operstate" 2>/dev/null)" != up ]; then down+=" management:$host"; fi
    if [ "$(cat "/sys/class/net/ks-$host/operstate" 2>/dev/null)" != up ]; then down+=" storage:$host"; fi
  done
  if [ -n "$down" ]; then
    echo "cut:$down"
    return 1
  fi
  echo "$BRIDGE $MGMT $STOR, hosts $HOSTS"
}

network_logs() { ls "$LAB/log/part-network.log"; }

network_cut() { # management|storage HOST
  case $1 in
    management) ip link set "km-$2" down ;;
    storage) ip link set "ks-$2" down ;;
    *) fail "cut management|storage NAME" ;;
  esac
}

network_heal() {
  local host
  for host in $HOSTS; do network_lit "$host"; done
}

# A machine without power answers nothing at all, not even that a port is closed.
network_dark() { # HOST
  ip link set "km-$1" down
  ip link set "ks-$1" down
}

network_lit() { # HOST
  ip link set "km-$1" up
  ip link set "ks-$1" up
}
