# The fabric: OVN central, an Open vSwitch and an ovn-controller per host, and a top-of-rack switch.
#
# A Network is a VLAN on the wire (localnet on physnet1, no tunnels): br-int and br-phys of each host, up0, then the
# trunk port to-hN of br-tor in the namespace kumiko-tor. Everything uses the userspace datapath, since the machine
# need not have the kernel module.
#
# $LAB/fabric/central               both databases and their sockets, for `ovn-nbctl --db=unix:…/nb.sock`
# $LAB/fabric/{tor,h1,…}            OVS_RUNDIR of each switch: libvirt's ovs-vsctl finds db.sock there
# ssl:10.77.0.1:6641 and :6642      northbound and southbound, for clients with a certificate of the lab

FABRIC=$LAB/fabric
FABRIC_SOURCE=$REPOSITORY/e2e/fabric
OVN_NB=unix:$FABRIC/central/nb.sock
OVN_SB=unix:$FABRIC/central/sb.sock

fabric_packages() { echo openvswitch-switch ovn-central ovn-host; }

fabric_up() {
  local host job jobs=()
  fabric_start
  fabric_tor_up & jobs+=($!)
  for host in $HOSTS; do
    fabric_host_on "$host" & jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job"; done
  # shellcheck disable=SC2086
  fabric_wait_for_hosts $HOSTS
}

# Central only: stopping it is a controller outage, the switches go on with what they know.
fabric_start() {
  local dir=$FABRIC/central
  mkdir -p "$dir"
  fabric_database nb OVN_Northbound 6641
  fabric_database sb OVN_Southbound 6642
  start_daemon fabric-northd ovn-northd --ovnnb-db="$OVN_NB" --ovnsb-db="$OVN_SB" --unixctl="$dir/northd.ctl" \
    --log-file="$dir/northd.log" --no-chdir -vconsole:emer
}

fabric_stop() {
  local part
  for part in northd sb nb; do stop_daemon "fabric-$part"; done
}

fabric_database() { # nb|sb SCHEMA PORT
  local dir=$FABRIC/central pki=$LAB/pki
  if daemon_running "fabric-$1"; then return 0; fi
  if [ ! -e "$dir/$1.db" ]; then ovsdb-tool create "$dir/$1.db" "/usr/share/ovn/ovn-$1.ovsschema"; fi
  rm -f "$dir/$1.sock"
  start_daemon "fabric-$1" ovsdb-server "$dir/$1.db" --remote="punix:$dir/$1.sock" \
    --remote="db:$2,${1^^}_Global,connections" --unixctl="$dir/$1.ctl" --log-file="$dir/$1.log" --no-chdir \
    --private-key="$pki/ovn.key" --certificate="$pki/ovn.crt" --ca-cert="$pki/ca.crt" -vconsole:emer
  wait_for 10 test -S "$dir/$1.sock"
  # A probe of 5 s, the default, drops live clients of a busy machine.
  "ovn-${1}ctl" --db="unix:$dir/$1.sock" --timeout=10 init -- set-connection "pssl:$3:$MGMT" -- \
    set Connection . inactivity_probe=30000
}

# ---- switches

fabric_tor_up() {
  local host trunks=()
  for host in $HOSTS; do
    # No tag and no trunks: every VLAN passes.
    trunks+=(-- --may-exist add-port br-tor "to-$host" -- set Port "to-$host" vlan_mode=trunk)
  done
  fabric_switch_up tor -- --may-exist add-br br-tor \
    -- set Bridge br-tor datapath_type=netdev fail_mode=standalone other_config:mac-table-size=8192 "${trunks[@]}"
}

fabric_host_on() { # HOST
  local host=$1 number=${1#h} dir=$FABRIC/$1 pki=$LAB/pki
  fabric_switch_up "$host" \
    external_ids:ovn-remote="ssl:$MGMT:6642" \
    external_ids:ovn-remote-probe-interval=15000 external_ids:ovn-openflow-probe-interval=0 \
    external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip="$(mgmt_of "$host")" \
    external_ids:ovn-bridge=br-int external_ids:ovn-bridge-datapath-type=netdev \
    external_ids:ovn-bridge-mappings=physnet1:br-phys \
    external_ids:ovn-chassis-mac-mappings="physnet1:$(printf '0a:00:00:00:00:%02x' "$number")" \
    external_ids:ovn-transport-zones="only-$host" \
    -- --may-exist add-br br-int -- set Bridge br-int datapath_type=netdev fail_mode=secure \
    -- --may-exist add-br br-phys -- set Bridge br-phys datapath_type=netdev fail_mode=standalone \
    -- --may-exist add-port br-phys up0
  start_daemon "fabric-$host-controller" in_host "$host" \
    env OVS_RUNDIR="$dir" OVN_RUNDIR="$dir" OVN_LOGDIR="$dir" OVS_LOGDIR="$dir" \
    ovn-controller "unix:$dir/db.sock" --private-key="$pki/$host.key" --certificate="$pki/$host.crt" \
    --ca-cert="$pki/ca.crt" --pidfile="$dir/ovn-controller.pid" --log-file="$dir/ovn-controller.log" --no-chdir \
    -vconsole:emer
}

# The database, its settings, then the switch: vswitchd reads some of them only when it starts. With TSO it understands
# segments without checksums, which is what veth and virtio hand it; without, TCP stalls while ping works. The row of the
# datapath is made here, not by ovn-controller, so that vswitchd fills in its capabilities at once and they can be
# corrected before ovn-controller reads them (see switch.sh).
fabric_switch_up() { # NAME SETTINGS… [-- MORE OVS-VSCTL COMMANDS]
  local name=$1 dir=$FABRIC/$1
  shift
  mkdir -p "$dir"
  if ! daemon_running "fabric-$name-db"; then
    if [ ! -e "$dir/conf.db" ]; then ovsdb-tool create "$dir/conf.db" /usr/share/openvswitch/vswitch.ovsschema; fi
    rm -f "$dir/db.sock"
    start_daemon "fabric-$name-db" in_host "$name" ovsdb-server "$dir/conf.db" --remote="punix:$dir/db.sock" \
      --unixctl="$dir/ovsdb-server.ctl" --log-file="$dir/ovsdb-server.log" --no-chdir -vconsole:emer
    wait_for 10 test -S "$dir/db.sock"
  fi
  if daemon_running "fabric-$name-switch"; then return 0; fi
  fabric_vsctl "$name" --no-wait init -- --id=@datapath create Datapath datapath_version=0 \
    -- set Open_vSwitch . datapaths:netdev=@datapath "external_ids:system-id=$name" "external_ids:hostname=$name" \
    other_config:userspace-tso-enable=true "$@" >/dev/null
  rm -f "$dir/switch-ready"
  start_daemon "fabric-$name-switch" in_host "$name" env OVS_RUNDIR="$dir" OVS_LOGDIR="$dir" OVS_DBDIR="$dir" \
    "$FABRIC_SOURCE/switch.sh" "$dir"
  wait_for 20 test -e "$dir/switch-ready"
}

fabric_vsctl() { # NAME OVS-VSCTL ARGUMENTS…
  ovs-vsctl --timeout=15 --db="unix:$FABRIC/$1/db.sock" "${@:2}"
}

fabric_host_daemons() { # HOST
  echo "fabric-$1-controller fabric-$1-switch fabric-$1-db"
}

# The power cord: nothing is written, nobody is told; conf.db stays as a host's disk does.
fabric_host_off() { # HOST
  local daemon
  signal KILL "$(fabric_host_pids "$1")"
  for daemon in $(fabric_host_daemons "$1"); do stop_daemon "$daemon"; done
  rm -f "$FABRIC/$1/switch-ready" "$FABRIC/$1"/*.ctl "$FABRIC/$1"/*.sock "$FABRIC/$1"/*.pid
}

fabric_host_freeze() { signal STOP "$(fabric_host_pids "$1")"; }
fabric_host_thaw() { signal CONT "$(fabric_host_pids "$1")"; }
fabric_host_pids() { # HOST
  local daemon pid
  for daemon in $(fabric_host_daemons "$1"); do
    if pid=$(daemon_pid "$daemon"); then pgrep -s "$pid" || true; fi
  done
}

fabric_wait_for_hosts() { # HOSTS…
  local host
  for host in "$@"; do
    ovn-sbctl --db="$OVN_SB" --timeout=20 wait-until Chassis "$host" hostname="$host"
  done
}

# ---- neighbours

# A machine without OVN at an access port of the top-of-rack switch: the namespace kumiko-probe-NAME.
fabric_probe() { # VLAN ADDRESS/LEN NAME [GATEWAY]
  local vlan=$1 address=$2 name=$3 gateway=${4:-} namespace=kumiko-probe-$3 port=probe-$3
  if [ ${#port} -gt 15 ]; then fail "a probe's name has at most 9 letters: $name"; fi
  fabric_probe_down "$name"
  ip netns add "$namespace"
  ip link add eth0 netns "$namespace" type veth peer name "$port" netns kumiko-tor
  ip -n kumiko-tor link set "$port" up
  ip -n "$namespace" link set lo up
  ip -n "$namespace" addr add "$address" dev eth0
  ip -n "$namespace" link set eth0 up
  if [ -n "$gateway" ]; then ip -n "$namespace" route add default via "$gateway"; fi
  fabric_vsctl tor --may-exist add-port br-tor "$port" tag="$vlan"
}

fabric_probe_down() { # NAME
  if [ ! -e "/run/netns/kumiko-probe-$1" ]; then return 0; fi
  if [ -S "$FABRIC/tor/db.sock" ]; then fabric_vsctl tor --if-exists del-port br-tor "probe-$1"; fi
  # By itself it goes some time after the namespace, and a new one of its name cannot come before.
  ip -n kumiko-tor link del "probe-$1" 2>/dev/null || true
  ip netns del "kumiko-probe-$1"
}

fabric_probes() {
  find /run/netns -name 'kumiko-probe-*' -printf '%f\n' 2>/dev/null | sed 's/^kumiko-probe-//'
}

# ---- the part

fabric_down() {
  local name daemon
  # Their ports go with the switch.
  for name in $(fabric_probes); do ip netns del "kumiko-probe-$name"; done
  for name in $HOSTS; do
    for daemon in $(fabric_host_daemons "$name"); do stop_daemon "$daemon" & done
  done
  for daemon in fabric-tor-switch fabric-tor-db fabric-northd fabric-sb fabric-nb; do stop_daemon "$daemon" & done
  wait
  rm -rf "$FABRIC"
}

fabric_status() {
  local name daemon missing=""
  for daemon in fabric-nb fabric-sb fabric-northd fabric-tor-db fabric-tor-switch \
    $(for name in $HOSTS; do fabric_host_daemons "$name"; done); do
    daemon_running "$daemon" || missing+=" ${daemon#fabric-}"
  done
  if [ -n "$missing" ]; then
    echo "not running:$missing"
    return 1
  fi
  echo "northbound ssl:$MGMT:6641, southbound ssl:$MGMT:6642, switches tor $HOSTS"
}

fabric_logs() { ls "$FABRIC"/*/*.log "$LAB"/log/*fabric*.log; }
