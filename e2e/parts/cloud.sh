# The platform team's share: secrets, and the lab's Fabric, StoragePool, Hosts and InstanceTypes.

CLOUD=$LAB/cloud
CLOUD_KINDS=fabrics,storagepools,hosts,instancetypes

cloud_up() {
  mkdir -p "$CLOUD"
  cloud_secrets | kubectl apply --server-side --force-conflicts --filename -
  cloud_manifests >"$CLOUD/cloud.yaml"
  kubectl apply --server-side --force-conflicts --filename "$CLOUD/cloud.yaml"
  if lab_without operators; then return 0; fi
  wait_for 60 cloud_ready
}

cloud_secrets() {
  local name
  for name in libvirt-client-tls ovn-client-tls; do
    kubectl create secret generic "$name" --namespace "$OPERATORS_NAMESPACE" --dry-run=client --output json \
      --from-file=ca.crt="$LAB/pki/ca.crt" --from-file=tls.crt="$LAB/pki/client.crt" \
      --from-file=tls.key="$LAB/pki/client.key"
  done
  for name in operator:kumiko guest:guest; do
    kubectl create secret generic "ceph-${name%:*}" --namespace "$OPERATORS_NAMESPACE" --dry-run=client --output json \
      --from-literal=key="$(sed -n 's/^\tkey = //p' "$CEPH/client.${name#*:}.keyring")"
  done
}

# Three hosts share one machine, and libvirt would tell of all of it three times.
cloud_manifests() {
  local host
  sed -e "s|@NORTHBOUND@|ssl:$MGMT:6641|" -e "s|@SOUTHBOUND@|ssl:$MGMT:6642|" \
    -e "s|@MONITOR@|$STOR:3300|" -e "s|@POOL@|$CEPH_POOL|" -e "s|@GUEST@|file://$LAB/guest/|" \
    -e "s|@CACHE@|file://$(readlink -f "$LAB/guest")/|" -e "s|@IMAGES@|file://$LAB/images/|" \
    "$PARTS/cloud/platform.yaml"
  for host in $HOSTS; do
    sed -e "s|@NAME@|$host|" -e "s|@URI@|$(hosts_uri "$host")|" -e "s|@STORAGE@|$(stor_of "$host")|" \
      -e "s|@VCPUS@|$(nproc)|" -e "s|@MEMORY@|$(cloud_host_memory)Mi|" "$PARTS/cloud/host.yaml"
  done
}

cloud_host_memory() { awk '/^MemTotal:/ {printf "%d", $2 / 1024 / 5}' /proc/meminfo; }

cloud_ready() { kubectl wait --for condition=Ready --timeout 1s "$CLOUD_KINDS" --all; }

cloud_down() {
  if kubernetes_taken; then
    # Tenants first, while there are operators: nothing of theirs stays on the hosts, in Ceph or on the fabric.
    kubectl delete --timeout 120s tenants --all
    kubectl delete --ignore-not-found --timeout 30s --filename "$CLOUD/cloud.yaml"
  fi
  rm -rf "$CLOUD"
}

cloud_status() {
  kubectl get "$CLOUD_KINDS" --output json --request-timeout 3s | jq -r '
    [.items[] | {name: "\(.kind)/\(.metadata.name)", ready: any(.status.conditions[]?; .type == "Ready" and .status == "True")}]
    | "\(map(select(.ready)) | length) of \(length) ready\(map(select(.ready | not) | " " + .name) | if length > 0 then "; not:" + add else "" end)"' |
    { read -r line && echo "$line" && [[ $line != *not:* && $line != 0* ]]; }
}

cloud_logs() { ls "$LAB/log/part-cloud.log" "$CLOUD/cloud.yaml"; }
