#!/bin/bash
# Runs one ovs-vswitchd and starts it again when it crashes: switch.sh DIRECTORY
#
# Its own --monitor would do that too, but Open vSwitch 3.1.0 must be told something after every start: its userspace
# connection tracking aborts when a connection is opened again within 20 s, unless all-zero SNAT is declared
# unsupported, and vswitchd declares it supported each time it starts. (Mended in Open vSwitch 3.1.3.)
set -u
dir=$1

vsctl() { ovs-vsctl --timeout=20 --db="unix:$dir/db.sock" "$@"; }

datapaths() { vsctl --bare --columns=_uuid list Datapath; }
forget_capabilities() {
  local datapath
  for datapath in $(datapaths); do vsctl --no-wait clear Datapath "$datapath" capabilities; done
}

# vswitchd writes its capabilities some time after it began to answer: waits for them, then corrects them.
declare_no_zero_snat() {
  local datapath
  until vsctl --bare --columns=capabilities list Datapath | grep -q ct_zero_snat; do sleep 0.02; done
  for datapath in $(datapaths); do vsctl --no-wait set Datapath "$datapath" capabilities:ct_zero_snat=false; done
  touch "$dir/switch-ready"
}

trap 'kill "$switch" 2>/dev/null; wait "$switch"; exit 0' TERM INT
while :; do
  rm -f "$dir/switch-ready"
  forget_capabilities
  ovs-vswitchd "unix:$dir/db.sock" --unixctl="$dir/ovs-vswitchd.ctl" --log-file="$dir/ovs-vswitchd.log" --no-chdir \
    -vconsole:emer &
  switch=$!
  declare_no_zero_snat &
  wait "$switch"
  echo "ovs-vswitchd ended with status $?; it is started again"
  sleep 0.2
done
