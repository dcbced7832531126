# A real Kubernetes API: etcd, kube-apiserver and kube-controller-manager as plain processes.
#
# The binaries are Go tools of kubernetes/go.mod, built once into the cache; KUBEBUILDER_ASSETS, when
# set, is looked at first. A KUBECONFIG from outside of the lab replaces all of it.

KUBERNETES_VERSION=v1.36.3
KUBERNETES_URL=https://127.0.0.1:16443
KUBERNETES_CACHE=$CACHE/kubernetes-$KUBERNETES_VERSION
KUBERNETES_TAKEN=$LAB/kubernetes/external.kubeconfig
KUBERNETES_TOOLS="etcd kube-apiserver kube-controller-manager kubectl"
ETCD_URL=http://127.0.0.1:16379
ETCD_PEER_URL=http://127.0.0.1:16380

kubernetes_packages() { echo curl; }

kubernetes_up() {
  mkdir -p "$LAB/kubernetes"
  if kubernetes_external >/dev/null; then kubernetes_take; fi
  if kubernetes_taken; then return 0; fi
  kubernetes_build
  kubernetes_kubeconfig admin
  kubernetes_kubeconfig controllers
  kubernetes_start
}

# Prints the kubeconfig of somebody else's cluster, if one is asked for.
kubernetes_external() {
  if daemon_running etcd; then return 1; fi
  case ${KUBECONFIG:-} in
    "" | "$LAB"/*) return 1 ;;
    *) realpath "$KUBECONFIG" ;;
  esac
}

# What the lab takes it takes away again, with all Tenants: so only what has nothing of Kumiko yet, and by a copy, since
# the original may point elsewhere by then.
kubernetes_take() {
  local asked copy=$KUBERNETES_TAKEN.new found
  asked=$(kubernetes_external)
  kubernetes_with "$asked" config view --raw --flatten --minify >"$copy" ||
    fail "KUBECONFIG names no cluster: $asked"
  if kubernetes_taken; then
    if cmp -s "$copy" "$KUBERNETES_TAKEN"; then return 0; fi
    fail "the lab has taken another cluster than that of $asked: e2e/lab down first, or unset KUBECONFIG"
  fi
  found=$(kubernetes_with "$copy" get namespace "$OPERATORS_NAMESPACE" --ignore-not-found --output name) ||
    fail "the cluster of $asked does not answer"
  if [ -n "$(kubernetes_with "$copy" get customresourcedefinition tenants.kumiko.dev --ignore-not-found --output name)" ]; then
    found+=" $(kubernetes_with "$copy" get tenants,hosts,storagepools,fabrics --output name)"
  fi
  if [ -n "${found// /}" ]; then
    fail "the cluster of $asked has Kumiko already ($(head -n 1 <<<"$found")): unset KUBECONFIG to have the lab's own" \
      "cluster, or name one without"
  fi
  mv "$copy" "$KUBERNETES_TAKEN"
}

kubernetes_taken() { [ -e "$KUBERNETES_TAKEN" ]; }

kubernetes_config() {
  if kubernetes_taken; then echo "$KUBERNETES_TAKEN"; else echo "$LAB/kubernetes/admin.kubeconfig"; fi
}

kubernetes_binary() { # NAME
  if [ -x "${KUBEBUILDER_ASSETS:-/nonexistent}/$1" ]; then echo "$KUBEBUILDER_ASSETS/$1"
  elif { kubernetes_taken || kubernetes_external >/dev/null; } && type -P "$1"; then :; else
    echo "$KUBERNETES_CACHE/$1"
  fi
}

kubectl() { kubernetes_with "$(kubernetes_config)" "$@"; }

kubernetes_with() { # KUBECONFIG ARGUMENTS…
  KUBECONFIG=$1 "$(kubernetes_binary kubectl)" "${@:2}"
}

kubernetes_build() {
  kubernetes_tool etcd go.etcd.io/etcd/server/v3
  kubernetes_tool kubectl k8s.io/kubernetes/cmd/kubectl
  kubernetes_tool kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver
  kubernetes_tool kube-controller-manager k8s.io/kubernetes/cmd/kube-controller-manager
}

# Clients read the version that is linked in; without it they see v0.0.0.
kubernetes_tool() { # NAME GO_PACKAGE
  local flags="" package minor=${KUBERNETES_VERSION#v1.}
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$KUBERNETES_VERSION -X $package.gitMajor=1"
    flags+=" -X $package.gitMinor=${minor%%.*} -X $package.gitTreeState=clean"
  done
  go_tool kubernetes "$(kubernetes_binary "$1")" "$2" "$flags"
}

kubernetes_start() {
  local pki=$LAB/pki enabled
  start_daemon etcd "$(kubernetes_binary etcd)" --data-dir "$LAB/kubernetes/etcd" --log-level error \
    --listen-client-urls "$ETCD_URL" --advertise-client-urls "$ETCD_URL" \
    --listen-peer-urls "$ETCD_PEER_URL" --initial-advertise-peer-urls "$ETCD_PEER_URL" \
    --initial-cluster "default=$ETCD_PEER_URL" --unsafe-no-fsync
  start_daemon kube-apiserver "$(kubernetes_binary kube-apiserver)" --etcd-servers "$ETCD_URL" \
    --bind-address 127.0.0.1 --secure-port "${KUBERNETES_URL##*:}" --advertise-address 127.0.0.1 \
    --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
    --client-ca-file "$pki/ca.crt" --authorization-mode RBAC \
    --service-account-issuer https://kubernetes.default.svc \
    --service-account-key-file "$pki/serviceaccounts.key" \
    --service-account-signing-key-file "$pki/serviceaccounts.key" \
    --service-cluster-ip-range 10.96.0.0/24 --endpoint-reconciler-type none \
    --disable-admission-plugins ServiceAccount --profiling=false
  wait_for 60 kubectl get --raw /readyz
  # The quota controller looks for new kinds every 30 s only, so they come before it.
  kubernetes_crds
  enabled=namespace-controller,garbage-collector-controller,resourcequota-controller
  enabled+=,serviceaccount-controller,serviceaccount-token-controller,clusterrole-aggregation-controller
  enabled+=,root-ca-certificate-publisher-controller,validatingadmissionpolicy-status-controller
  start_daemon kube-controller-manager "$(kubernetes_binary kube-controller-manager)" \
    --kubeconfig "$LAB/kubernetes/controllers.kubeconfig" --controllers "$enabled" \
    --service-account-private-key-file "$pki/serviceaccounts.key" --root-ca-file "$pki/ca.crt" \
    --leader-elect=false --use-service-account-credentials=false --secure-port 0
  wait_for 30 kubectl get serviceaccount default --namespace default
}

kubernetes_crds() {
  local crds=$REPOSITORY/charts/kumiko/crds hash
  hash=$(cat "$crds"/*.yaml | sha256sum)
  if [ "$hash" = "$(cat "$LAB/kubernetes/crds" 2>/dev/null)" ]; then return 0; fi
  kubectl apply --server-side --force-conflicts --filename "$crds"
  kubectl wait --for condition=Established --timeout 30s --filename "$crds"
  echo "$hash" >"$LAB/kubernetes/crds"
}

# An API server whose etcd is gone hardly ends, so the order matters.
kubernetes_stop() {
  stop_daemon kube-controller-manager
  stop_daemon kube-apiserver 3
  stop_daemon etcd
}

kubernetes_kubeconfig() { # NAME
  jq -n --arg name "$1" --arg server "$KUBERNETES_URL" --arg pki "$LAB/pki" '{
    apiVersion: "v1", kind: "Config", "current-context": "lab",
    clusters: [{name: "lab", cluster: {server: $server, "certificate-authority": ($pki + "/ca.crt")}}],
    users: [{name: $name, user: {"client-certificate": "\($pki)/\($name).crt", "client-key": "\($pki)/\($name).key"}}],
    contexts: [{name: "lab", context: {cluster: "lab", user: $name}}]}' >"$LAB/kubernetes/$1.kubeconfig"
}

kubernetes_down() {
  kubernetes_stop
  rm -rf "$LAB/kubernetes"
}

kubernetes_status() {
  if kubectl get --raw /readyz --request-timeout 3s >/dev/null 2>&1; then
    echo "$(kubectl version --output json 2>/dev/null | jq -r .serverVersion.gitVersion) $(kubernetes_config)"
  else
    echo "the API server does not answer"
    return 1
  fi
}

kubernetes_logs() { ls "$LAB"/log/{part-kubernetes,etcd,kube-apiserver,kube-controller-manager}.log 2>/dev/null; }
