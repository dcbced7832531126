# Kumiko itself: the Helm chart rendered, its roles and service accounts applied, and each of its
# Deployments run as one process with the token of its service account and nothing else, started again
# when it ends.
#
# $LAB/operators/kumiko/             the copy of the operators that runs
# $LAB/operators/manifests.json      what the chart renders
# $LAB/operators/NAME.kubeconfig     the token of the service account kumiko-NAME
# $LAB/operators/NAME.port           /healthz, /readyz and /metrics on 127.0.0.1

HELM_VERSION=v4.3.1
HELM_CACHE=$CACHE/helm-$HELM_VERSION/helm
OPERATORS=$LAB/operators
OPERATORS_NAMESPACE=kumiko-system
OPERATORS_JAR=${KUMIKO_JAR:-$REPOSITORY/operators/app/target/kumiko/kumiko.jar}
OPERATORS_CHART=$REPOSITORY/charts/kumiko

# Maven only where mvnw finds none.
operators_packages() {
  if operators_to_build && ! "$REPOSITORY/mvnw" --version >/dev/null 2>&1; then echo maven; fi
}

operators_up() {
  mkdir -p "$OPERATORS"
  operators_render
  operators_install
  if lab_without operators; then return 0; fi
  operators_build
  operators_replace
  operators_start
}

# Those that run are stopped when they are not what was just built and rendered.
operators_replace() {
  local built
  dirname "$OPERATORS_JAR" >"$OPERATORS/source"
  built=$(find "$(dirname "$OPERATORS_JAR")" "$OPERATORS/manifests.json" -type f -exec sha256sum {} + | sort | sha256sum)
  if [ "$built" != "$(cat "$OPERATORS/running" 2>/dev/null)" ]; then operators_stop; fi
  echo "$built" >"$OPERATORS/running"
}

# KUMIKO_JAR is taken as it is. Else built here, but only when it is not
# there yet or older than its sources.
operators_build() {
  if [ -n "${KUMIKO_JAR:-}" ]; then test -e "$KUMIKO_JAR" || fail "KUMIKO_JAR names no file: $KUMIKO_JAR"; fi
  if ! operators_to_build; then return 0; fi
  say "building the operators"
  (umask 022 && cd "$REPOSITORY" && ./mvnw -q --batch-mode package -DskipTests --projects operators/app --also-make)
}

operators_to_build() {
  if lab_without operators || [ -n "${KUMIKO_JAR:-}" ]; then return 1; fi
  [ ! -e "$OPERATORS_JAR" ] || [ -n "$(operators_newer_sources)" ]
}

operators_newer_sources() {
  find "$REPOSITORY"/crds "$REPOSITORY"/operators \( -path '*/src/main/*' -o -name pom.xml \) -type f \
    -newer "$OPERATORS_JAR" -print -quit
}

operators_java() {
  local jdk
  for jdk in "${JAVA_HOME:-/nonexistent}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/*; do
    if grep -qsE '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$jdk/release"; then
      echo "$jdk/bin/java"
      return 0
    fi
  done
  fail "needs a JDK 25 or newer: install one (for example temurin-25-jdk) or set JAVA_HOME"
}

operators_helm_binary() {
  command -v helm || { [ -x "$HELM_CACHE" ] && echo "$HELM_CACHE"; }
}

operators_helm() {
  if operators_helm_binary; then return 0; fi
  go_tool helm "$HELM_CACHE" helm.sh/helm/v4/cmd/helm \
    "-X helm.sh/helm/v4/internal/version.version=$HELM_VERSION" >&2
  echo "$HELM_CACHE"
}

operators_render() {
  local helm
  helm=$(operators_helm)
  "$helm" template kumiko "$OPERATORS_CHART" --namespace "$OPERATORS_NAMESPACE" >"$OPERATORS/manifests.yaml"
  # The API server turns the YAML into JSON, which is what the shell can ask questions.
  kubectl create --dry-run=client --validate=false --output json --filename "$OPERATORS/manifests.yaml" |
    jq -s '[.[] | if .kind == "List" then .items[] else . end]' >"$OPERATORS/manifests.json"
}

operators_install() {
  kubernetes_crds
  kubectl create namespace "$OPERATORS_NAMESPACE" --dry-run=client --output json | kubectl apply --server-side --filename -
  jq '{apiVersion: "v1", kind: "List", items: [.[] | select(.kind != "Deployment")]}' "$OPERATORS/manifests.json" |
    kubectl apply --server-side --force-conflicts --filename -
}

operators_names() {
  jq -r '.[] | select(.kind == "Deployment") | .metadata.name | ltrimstr("kumiko-")' "$OPERATORS/manifests.json"
}

operators_start() {
  local name port=18080 names
  names=$(operators_names)
  operators_copy
  for name in $names; do
    port=$((port + 1))
    echo "$port" >"$OPERATORS/$name.port"
    operators_start_one "$name" "$port"
  done
  for name in $names; do wait_for 60 operators_ready "$name"; done
}

# A build may replace the original while the operators run.
operators_copy() {
  if pgrep -f "^[^ ]*java .*-jar $OPERATORS/kumiko/" >/dev/null; then return 0; fi
  rm -rf "$OPERATORS/kumiko"
  cp -r "$(cat "$OPERATORS/source")" "$OPERATORS/kumiko"
}

operators_start_one() { # NAME PORT
  local name=$1 java args options memory
  if daemon_running "operator-$name"; then return 0; fi
  java=$(operators_java)
  operators_kubeconfig "$name"
  mapfile -t args < <(operators_container "$name" | jq -r '.args[]' |
    sed -E "s/^--http-port=.*/--http-port=$2/")
  read -ra options < <(operators_container "$name" | jq -r '.env[] | select(.name == "JAVA_TOOL_OPTIONS").value')
  # The container's memory bounds the heap there; here it is said.
  memory=$(operators_container "$name" | jq -r '.resources.limits.memory | rtrimstr("Mi")')
  mkdir -p "$OPERATORS/$name.scratch"
  start_daemon "operator-$name" env -i "KUMIKO_LAB_PROCESS=operator-$name" "PATH=/usr/sbin:/usr/bin:/sbin:/bin" \
    "HOME=$OPERATORS/$name.scratch" "KUBECONFIG=$OPERATORS/$name.kubeconfig" \
    "POD_NAMESPACE=$OPERATORS_NAMESPACE" "POD_NAME=kumiko-$name-lab" \
    "$PARTS/operators/supervise.sh" "$java" "${options[@]}" "-XX:MaxRAM=${memory}m" \
    "-Djava.io.tmpdir=$OPERATORS/$name.scratch" "-Djna.tmpdir=$OPERATORS/$name.scratch" -XX:-UsePerfData \
    -jar "$OPERATORS/kumiko/kumiko.jar" "${args[@]}" --http-address=127.0.0.1
}

operators_container() { # NAME
  jq --arg name "kumiko-$1" '.[] | select(.kind == "Deployment" and .metadata.name == $name)
    | .spec.template.spec.containers[0]' "$OPERATORS/manifests.json"
}

operators_kubeconfig() { # NAME
  local token
  token=$(kubectl create token "kumiko-$1" --namespace "$OPERATORS_NAMESPACE" --duration 8760h)
  kubectl config view --flatten --minify --output json |
    jq --arg token "$token" --arg namespace "$OPERATORS_NAMESPACE" \
      '.users[0].user = {token: $token} | .contexts[0].context.namespace = $namespace' >"$OPERATORS/$1.kubeconfig"
}

operators_ready() { # NAME
  if ! daemon_running "operator-$1"; then
    tail -n 20 "$LAB/log/operator-$1.log" >&2
    return 1
  fi
  curl --silent --show-error --fail --max-time 3 "http://127.0.0.1:$(cat "$OPERATORS/$1.port")/readyz"
}

operators_stop() {
  local name names
  names=$(operators_names)
  for name in $names; do stop_daemon "operator-$name" 5 & done
  wait
}

# As a crash would: nothing is handed over, no lease is given back.
operators_kill() {
  local name pid
  for name in $(operators_names); do
    # The supervisor first, so that nothing is started again.
    if pid=$(daemon_pid "operator-$name"); then signal KILL "$pid $(pgrep -s "$pid" | tr '\n' ' ')"; fi
    rm -f "$LAB/run/operator-$name.pid"
  done
}

operators_down() {
  local file
  # In somebody else's cluster, what was installed goes too; the CRDs stay, objects may hang on them.
  if kubernetes_taken; then
    kubectl delete --ignore-not-found --wait=false --filename "$OPERATORS/manifests.yaml"
    kubectl delete --ignore-not-found --wait=false namespace "$OPERATORS_NAMESPACE"
  fi
  for file in "$LAB"/run/operator-*.pid; do
    if [ -e "$file" ]; then stop_daemon "$(basename "$file" .pid)" 1 & fi
  done
  wait
  rm -rf "$OPERATORS"
}

operators_status() {
  local name bad=0 line=""
  for name in $(operators_names); do
    if operators_ready "$name" >/dev/null 2>&1; then line+=" $name"; else
      line+=" $name:NOT-READY"
      bad=1
    fi
  done
  echo "${line:- none}"
  return "$bad"
}

operators_logs() { ls "$LAB"/log/part-operators.log "$LAB"/log/operator-*.log; }
