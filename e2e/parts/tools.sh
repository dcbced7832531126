# What the demo and the stories need around the cloud: manifests with the lab's values, neighbours on a
# network, each part's own tool, and everything worth keeping when a story fails.

# Prints the manifests below a path with the lab's values filled in.
lab_render() { # FILE|FOLDER
  tools_key
  local file checksum
  checksum=$(sha256sum "$LAB/guest/tiny.img" | cut -d' ' -f1)
  find "$1" -type f -name '*.yaml' | sort | while read -r file; do
    echo ---
    sed -e "s|\${GUEST_IMAGE_CHECKSUM}|sha256:$checksum|g" \
      -e "s|\${GUEST_IMAGE_URL}|file://$LAB/guest/tiny.img|g" \
      -e "s|\${SSH_PUBLIC_KEY}|$(cat "$LAB/ssh/key.pub")|g" "$file"
    echo
  done
}

# The lab's own ssh key; the quickstart's guests let it in.
tools_key() {
  mkdir -p "$LAB/ssh"
  [ -e "$LAB/ssh/key" ] || ssh-keygen -q -t ed25519 -N '' -C lab -f "$LAB/ssh/key"
}

# A bare-metal neighbour on a tenant's network; prints its namespace. Two machines with one address would answer for
# each other, so it takes the first that the Network reserves, or else the last that no Port has claimed so far.
lab_probe() { # TENANT NETWORK
  local vlan cidr gateway reserved name address
  read -r vlan cidr gateway reserved < <(kubectl -n "$1" get network "$2" \
    -o 'jsonpath={.status.vlan} {.spec.subnets[0].cidr} {.status.gateway} {.spec.subnets[0].reserved[0]}{"\n"}')
  name=v$vlan
  address=${reserved:-$(tools_unclaimed "$cidr")}/${cidr#*/}
  if ! ip -n "kumiko-probe-$name" -4 -o addr show dev eth0 2>/dev/null | grep -qF " $address "; then
    fabric_probe "$vlan" "$address" "$name" "$gateway" >&2
  fi
  echo "kumiko-probe-$name"
}

# The last address of a prefix that nobody has claimed, below the broadcast and the source of probes.
tools_unclaimed() { # CIDR
  kubectl get claims -o name | python3 -c '
import ipaddress, re, sys
taken = set(re.findall(r"/ip\..*?\.(\d+\.\d+\.\d+\.\d+)$", sys.stdin.read(), re.MULTILINE))
print(next(a for a in reversed(list(ipaddress.ip_network(sys.argv[1]))[2:-2]) if str(a) not in taken))' "$1"
}

lab_ssh() { # VM [-n TENANT] [CMD…]
  local vm=$1 tenant=acme address network namespace
  shift
  if [ "${1:-}" = -n ]; then
    tenant=$2
    shift 2
  fi
  address=$(kubectl -n "$tenant" get virtualmachine "$vm" -o 'jsonpath={.status.addresses[0]}')
  network=$(kubectl -n "$tenant" get virtualmachine "$vm" -o 'jsonpath={.spec.interfaces[0].network}')
  if [ -z "$address" ]; then fail "$tenant/$vm has no address yet; see: kubectl -n $tenant describe vm $vm"; fi
  namespace=$(lab_probe "$tenant" "$network")
  ip netns exec "$namespace" ssh -i "$LAB/ssh/key" -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=5 "root@$address" "$@"
}

lab_console() { # VM [-n TENANT]
  local vm=$1 tenant=acme host uid
  if [ "${2:-}" = -n ]; then tenant=$3; fi
  host=$(kubectl -n "$tenant" get virtualmachine "$vm" -o 'jsonpath={.status.placement.host}')
  uid=$(kubectl -n "$tenant" get virtualmachine "$vm" -o 'jsonpath={.metadata.uid}')
  if [ -z "$host" ]; then fail "$tenant/$vm is on no host; see: kubectl -n $tenant describe vm $vm"; fi
  lab_virsh "$host" pool-refresh kumiko-console >/dev/null
  lab_virsh "$host" vol-download --pool kumiko-console "$uid.log" /dev/stdout
}

# What a tiny guest has written to its first disk all the time (e2e/guest/witness.sh), read from the image: one record a
# line, "seq bootid hostname uptime", in the order of seq.
lab_witness() { # VM [-n TENANT]
  local vm=$1 tenant=acme image
  if [ "${2:-}" = -n ]; then tenant=$3; fi
  image=$(kubectl -n "$tenant" get volume "$vm-root" -o 'jsonpath={.status.image}')
  lab_rbd export --no-progress "$image" - | tail -c "+$((129024 * 512 + 1))" | head -c "$((2048 * 512))" |
    tr -d '\000' | sort -n
}

# Around a run of the stories, which begins on an empty cloud.
lab_session() { # begin|end
  case $1 in
    begin)
      if [ -e "$LAB/owner" ] && lab_is_mine; then
        say "the stories need an empty cloud: the lab that is up goes"
        lab_down
      fi
      # Failsafe adds to the summaries that it finds: a failure of before would count for ever.
      rm -f "$REPOSITORY"/e2e/target/failsafe-reports/{contracts,failsafe-summary}.xml
      # Not on somebody's cluster: stories stop the API, too.
      unset KUBECONFIG
      lab_up
      ;;
    end) lab_down ;;
    *) fail "session begin|end" ;;
  esac
}

lab_virsh() { # HOST ARGUMENTS…
  local host=$1
  shift
  virsh -q -c "qemu+unix:///system?socket=$LAB/hosts/$host/run/libvirt/libvirt-sock" "$@"
}
lab_define() { # HOST XML
  local file
  file=$(mktemp -p "$LAB")
  printf '%s' "$2" >"$file"
  lab_virsh "$1" define "$file"
  rm -f "$file"
}
lab_rbd() { rbd -c "$LAB/ceph/ceph.conf" "$@"; }
lab_nbctl() { ovn-nbctl --timeout=15 --db="unix:$FABRIC/central/nb.sock" "$@"; }
lab_sbctl() { ovn-sbctl --timeout=15 --db="unix:$FABRIC/central/sb.sock" "$@"; }

# Logs, objects and the state of libvirt, Ceph and OVN of this moment.
lab_collect() { # FOLDER
  local folder=$1 kind host domain
  mkdir -p "$folder/objects" "$folder/libvirt" "$folder/log" "$folder/fabric"
  cp -r "$LAB/log/." "$folder/log/"
  for kind in $(kubectl api-resources --categories=kumiko -o name 2>/dev/null); do
    kubectl get "$kind" -A -o yaml >"$folder/objects/$kind.yaml" 2>&1 || true
  done
  kubectl get events -A --sort-by=.lastTimestamp >"$folder/objects/events.txt" 2>&1 || true
  for host in $HOSTS; do
    lab_virsh "$host" list --all >"$folder/libvirt/$host.txt" 2>&1 || true
    for domain in $(lab_virsh "$host" list --all --name 2>/dev/null); do
      lab_virsh "$host" dumpxml "$domain" >"$folder/libvirt/$host-$domain.xml" 2>&1 || true
    done
    find "$LAB/hosts/$host" -name '*.log' -size -2M -exec cp --backup=numbered {} "$folder/libvirt/" \; 2>/dev/null || true
  done
  (timeout 10 ceph -c "$LAB/ceph/ceph.conf" -s && lab_rbd ls -l vms) >"$folder/ceph.txt" 2>&1 || true
  (lab_nbctl show && lab_nbctl list DHCP_Options) >"$folder/fabric/northbound.txt" 2>&1 || true
  (lab_sbctl show && lab_sbctl list Service_Monitor) >"$folder/fabric/southbound.txt" 2>&1 || true
  ovs-appctl -t "$FABRIC/tor/ovs-vswitchd.ctl" fdb/show br-tor >"$folder/fabric/learned-by-tor.txt" 2>&1 || true
  find "$FABRIC" -name '*.log' -size -2M -printf '%P\0' | (cd "$FABRIC" && xargs -0r cp --parents -t "$folder/fabric") || true
}
