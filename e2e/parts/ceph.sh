# Ceph from nothing: one monitor, one BlueStore OSD on a sparse file, one manager, the pool `vms`.
#
# $LAB/ceph/ceph.conf and, beside it, NAME.keyring for client.admin, client.kumiko (the operators: RBD,
# reading the cluster's state, blocklisting) and client.guest (QEMU: RBD).

CEPH=$LAB/ceph
CEPH_POOL=vms
CEPH_OSD_BYTES=$((8 << 30))

ceph_packages() { echo ceph-mon ceph-osd ceph-mgr ceph-common; }

ceph_up() {
  if [ ! -e "$CEPH/complete" ]; then
    rm -rf "$CEPH"
    ceph_configure
    ceph_make_monitor
    ceph_start_monitor
    ceph_make_osd
    ceph_start_others
    ceph_make_pool
    touch "$CEPH/complete"
  else
    ceph_start
  fi
}

ceph_configure() {
  local fsid
  fsid=$(cat /proc/sys/kernel/random/uuid)
  mkdir -p "$CEPH"/{mon/a,osd/0,mgr/x,run,crash/posted} "$LAB/log"
  chmod 700 "$CEPH"
  cat >"$CEPH/ceph.conf" <<C
[global]
fsid = $fsid
mon initial members = a
mon host = [v2:$STOR:3300/0,v1:$STOR:6789/0]
public addr = $STOR
cluster addr = $STOR
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
keyring = $CEPH/\$name.keyring
log file = $LAB/log/ceph-\$name.log
log to stderr = false
mon cluster log file = $LAB/log/ceph-cluster.log
admin socket = $CEPH/run/\$name.asok
run dir = $CEPH/run
crash dir = $CEPH/crash
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon allow pool delete = true
mon warn on pool no redundancy = false
mon pg warn min per osd = 0
ms async op threads = 2
rbd default features = 61

[mon]
mon data = $CEPH/mon/\$id
mon data avail warn = 3
mon data avail crit = 1
mon osd min down reporters = 1
paxos propose interval = 0.05

[mgr]
mgr data = $CEPH/mgr/\$id
mgr initial modules =

[osd]
osd data = $CEPH/osd/\$id
osd objectstore = bluestore
osd class load list = *
osd class default list = *
osd op num shards = 2
osd op num threads per shard = 1
osd crush initial weight = 1
bluestore block create = true
bluestore block size = $CEPH_OSD_BYTES
bluestore block db path =
bluestore block wal path =
bluestore cache autotune = false
bluestore cache size = 67108864

[client]
keyring = $CEPH/\$name.keyring
admin socket =
log file =
C
}

# The monitor's first database takes over every key of this keyring with its capabilities.
ceph_make_monitor() {
  local all=$CEPH/initial.keyring
  ceph_key client.admin mon 'allow *' osd 'allow *' mgr 'allow *' mds 'allow *'
  ceph_key client.kumiko mon 'profile rbd, allow r, allow command "osd blocklist"' \
    osd "profile rbd pool=$CEPH_POOL" mgr "profile rbd pool=$CEPH_POOL"
  ceph_key client.guest mon 'profile rbd' osd "profile rbd pool=$CEPH_POOL" mgr "profile rbd pool=$CEPH_POOL"
  ceph_key mgr.x mon 'allow profile mgr' osd 'allow *' mds 'allow *'
  ceph_key osd.0 mon 'allow profile osd' mgr 'allow profile osd' osd 'allow *'
  ceph_key mon. mon 'allow *'
  cat "$CEPH"/*.keyring >"$all.new"
  mv "$all.new" "$all"
  monmaptool --create --clobber --fsid "$(sed -n 's/^fsid = //p' "$CEPH/ceph.conf")" \
    --addv a "[v2:$STOR:3300,v1:$STOR:6789]" "$CEPH/monmap" >/dev/null
  ceph-mon -c "$CEPH/ceph.conf" -i a --mkfs --monmap "$CEPH/monmap" --keyring "$all"
}

ceph_key() { # NAME SERVICE CAPABILITIES …
  local name=$1 file=$CEPH/$1.keyring
  shift
  ceph-authtool --gen-print-key | {
    read -r key
    printf '[%s]\n\tkey = %s\n' "$name" "$key"
    while [ $# -gt 0 ]; do
      printf '\tcaps %s = "%s"\n' "$1" "${2//\"/\\\"}"
      shift 2
    done
  } >"$file"
}

ceph_make_osd() {
  local uuid
  uuid=$(cat /proc/sys/kernel/random/uuid)
  sed -n 's/^\tkey = \(.*\)/{"cephx_secret":"\1"}/p' "$CEPH/osd.0.keyring" |
    ceph_cli osd new "$uuid" 0 -i - >/dev/null
  ceph-osd -c "$CEPH/ceph.conf" -i 0 --mkfs --osd-uuid "$uuid" --no-mon-config
}

ceph_make_pool() {
  ceph_cli osd set-require-min-compat-client mimic 2>/dev/null
  ceph_cli osd pool create "$CEPH_POOL" 8 8 2>/dev/null
  ceph_rbd pool init "$CEPH_POOL"
}

ceph_start() {
  ceph_start_monitor
  ceph_start_others
}
ceph_start_monitor() {
  start_daemon ceph-mon ceph-mon -c "$CEPH/ceph.conf" -i a -f
}
ceph_start_others() {
  start_daemon ceph-osd ceph-osd -c "$CEPH/ceph.conf" -i 0 -f
  start_daemon ceph-mgr ceph-mgr -c "$CEPH/ceph.conf" -i x -f
  wait_for 60 ceph_osd_up
}
ceph_osd_up() { ceph_cli osd stat -f json | jq -e '.num_up_osds == 1'; }

ceph_stop() {
  stop_daemon ceph-mgr 1
  stop_daemon ceph-osd 3
  stop_daemon ceph-mon 3
}

ceph_cli() { ceph -c "$CEPH/ceph.conf" --connect-timeout 20 "$@"; }
ceph_rbd() { rbd -c "$CEPH/ceph.conf" "$@"; }

ceph_down() {
  stop_daemon ceph-mgr 0
  stop_daemon ceph-osd 0
  stop_daemon ceph-mon 0
  rm -rf "$CEPH"
}

ceph_status() {
  local health
  if ! health=$(ceph -c "$CEPH/ceph.conf" --connect-timeout 3 -s -f json 2>/dev/null); then
    echo "no monitor answers on $STOR:3300"
    return 1
  fi
  jq -r '"\(.health.status) \(.osdmap.num_up_osds)/\(.osdmap.num_osds) OSD up, \(.pgmap.num_pgs) PGs"' <<<"$health"
  jq -e '.osdmap.num_up_osds == 1' <<<"$health" >/dev/null
}

ceph_logs() { ls "$LAB"/log/part-ceph.log "$LAB"/log/ceph-*.log 2>/dev/null; }
