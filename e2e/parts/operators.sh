# Kumiko itself: the Helm chart rendered, its roles and service accounts applied, and each of its
# Deployments run as one process with the token of its service account and nothing else, started again
# when it ends.
#
# $LAB/operators/kumiko/             the copy of the operators that runs
# $LAB/operators/manifests.json      what the chart renders
# $LAB/operators/values              the chart's values that differ, KEY=VALUE a line
# $LAB/operators/NAME.kubeconfig     the token of the service account kumiko-NAME
# $LAB/operators/POD.port            /healthz, /readyz and /metrics on 127.0.0.1
#
# A pod is named as its Deployment; of several replicas, the second is NAME-2.

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
  local helm values=()
  helm=$(operators_helm)
  mapfile -t values < <(sed 's/^/--set=/' "$OPERATORS/values" 2>/dev/null)
  "$helm" template kumiko "$OPERATORS_CHART" --namespace "$OPERATORS_NAMESPACE" --set=logLevel=DEBUG "${values[@]}" \
    >"$OPERATORS/manifests.yaml"
  # The API server turns the YAML into JSON, which is what the shell can ask questions.
  kubectl create --dry-run=client --validate=false --output json --filename "$OPERATORS/manifests.yaml" |
    jq -s '[.[] | if .kind == "List" then .items[] else . end]' >"$OPERATORS/manifests.json"
}

operators_install() {
  kubernetes_crds
  kubectl create namespace "$OPERATORS_NAMESPACE" --dry-run=client --output json | kubectl apply --server-side --filename -
  jq '{apiVersion: "v1", kind: "List", items: [.[] | select(.kind != "Deployment")]}' "$OPERATORS/manifests.json" |
    kubectl apply --server-side --force-conflicts --filename -
  local name
  for name in $(operators_names); do operators_kubeconfig "$name"; done
}

operators_names() { jq -r '.[] | select(.kind == "Deployment").metadata.name | ltrimstr("kumiko-")' "$OPERATORS/manifests.json"; }

# Every pod of every Deployment.
operators_pods() {
  jq -r '.[] | select(.kind == "Deployment") | (.metadata.name | ltrimstr("kumiko-")) as $name
    | range(1; .spec.replicas + 1) | if . == 1 then $name else "\($name)-\(.)" end' "$OPERATORS/manifests.json"
}

operators_start() {
  local pod port=18080 pods
  pods=$(operators_pods)
  operators_copy
  for pod in $pods; do
    port=$((port + 1))
    echo "$port" >"$OPERATORS/$pod.port"
    operators_start_one "$pod" "$port"
  done
  for pod in $pods; do wait_for 60 operators_ready "$pod"; done
}

# As `helm upgrade --set` does; without values, the chart's own again.
operators_upgrade() { # KEY=VALUE…
  local value
  for value in "$@"; do echo "$value"; done >"$OPERATORS/values"
  operators_stop
  operators_render
  operators_install
  operators_replace
  operators_start
}

# A build may replace the original while the operators run. Files keep their times, by which the cache of
# classes knows them.
operators_copy() {
  local source
  source=$(cat "$OPERATORS/source")
  if pgrep -f "^[^ ]*java .*-jar $OPERATORS/kumiko/" >/dev/null; then return 0; fi
  if [ "$(operators_jars "$source")" = "$(operators_jars "$OPERATORS/kumiko")" ]; then return 0; fi
  rm -rf "$OPERATORS/kumiko"
  cp -a "$source" "$OPERATORS/kumiko"
  operators_train
}

operators_jars() { find "$1" -name '*.jar' -printf '%P %s %T@\n' 2>/dev/null | sort; }

# What the image's build does: the classes of an operator that finds no API server, read and linked once for all. They
# start without it, too.
operators_train() {
  mkdir -p "$OPERATORS/training"
  env -i PATH="$PATH" KUBERNETES_MASTER=https://127.0.0.1:1 timeout 5 "$(operators_java)" -XX:+UseSerialGC \
    -XX:AOTCacheOutput="$OPERATORS/kumiko/kumiko.aot" "-Djava.io.tmpdir=$OPERATORS/training" \
    "-Djna.tmpdir=$OPERATORS/training" -jar "$OPERATORS/kumiko/kumiko.jar" \
    --http-address=127.0.0.1 --http-port=0 >"$LAB/log/operators-training.log" 2>&1 || true
}

operators_start_one() { # POD PORT
  local pod=$1 name=${1%-[0-9]} java args options level memory
  if daemon_running "operator-$pod"; then return 0; fi
  java=$(operators_java)
  mapfile -t args < <(operators_container "$name" | jq -r '.args[]' |
    sed -E "s/^--http-port=.*/--http-port=$2/")
  read -ra options < <(operators_variable "$name" JAVA_TOOL_OPTIONS)
  if [ -s "$OPERATORS/kumiko/kumiko.aot" ]; then options+=("-XX:AOTCache=$OPERATORS/kumiko/kumiko.aot"); fi
  level=$(operators_variable "$name" KUMIKO_LOG_LEVEL)
  # The container's memory bounds the heap there; here it is said.
  memory=$(operators_container "$name" | jq -r '.resources.limits.memory | rtrimstr("Mi")')
  mkdir -p "$OPERATORS/$pod.scratch"
  start_daemon "operator-$pod" env -i "KUMIKO_LAB_PROCESS=operator-$pod" "PATH=/usr/sbin:/usr/bin:/sbin:/bin" \
    "HOME=$OPERATORS/$pod.scratch" "KUBECONFIG=$OPERATORS/$name.kubeconfig" \
    "POD_NAMESPACE=$OPERATORS_NAMESPACE" "POD_NAME=kumiko-$pod-lab" "KUMIKO_LOG_LEVEL=$level" \
    "$PARTS/operators/supervise.sh" "$LAB/log/operator-$name-died" "$java" "${options[@]}" "-XX:MaxRAM=${memory}m" \
    "-XX:ErrorFile=$LAB/log/operator-$name-died-%p.log" \
    "-Djava.io.tmpdir=$OPERATORS/$pod.scratch" "-Djna.tmpdir=$OPERATORS/$pod.scratch" -XX:-UsePerfData \
    -jar "$OPERATORS/kumiko/kumiko.jar" "${args[@]}" --http-address=127.0.0.1
}

# What supervise.sh and Java itself write down.
operators_faults() {
  find "$LAB/log" -name 'operator-*-died-*.log'
}

operators_container() { # NAME
  jq --arg name "kumiko-$1" '.[] | select(.kind == "Deployment" and .metadata.name == $name)
    | .spec.template.spec.containers[0]' "$OPERATORS/manifests.json"
}

operators_variable() { # NAME VARIABLE
  operators_container "$1" | jq -r --arg variable "$2" '.env[] | select(.name == $variable).value'
}

operators_kubeconfig() { # NAME
  local token
  token=$(kubectl create token "kumiko-$1" --namespace "$OPERATORS_NAMESPACE" --duration 8760h)
  kubectl config view --flatten --minify --output json |
    jq --arg token "$token" --arg namespace "$OPERATORS_NAMESPACE" \
      '.users[0].user = {token: $token} | .contexts[0].context.namespace = $namespace' >"$OPERATORS/$1.kubeconfig"
}

operators_ready() { # POD
  if ! daemon_running "operator-$1"; then
    tail -n 20 "$LAB/log/operator-$1.log" >&2
    return 1
  fi
  curl --silent --show-error --fail --max-time 3 "http://127.0.0.1:$(cat "$OPERATORS/$1.port")/readyz"
}

operators_stop() {
  local pod
  for pod in $(operators_running); do stop_daemon "operator-$pod" 5 & done
  wait
}

operators_running() {
  local file
  for file in "$LAB"/run/operator-*.pid; do
    if [ -e "$file" ]; then basename "${file#"$LAB/run/operator-"}" .pid; fi
  done
}

# As a crash would: nothing is handed over, no lease is given back.
operators_kill() {
  local pod
  for pod in $(operators_running); do kill_daemon "operator-$pod"; done
}

# One pod dies and is started again a second later, or stands still.
operators_crash() { operators_signal KILL "$1"; }
operators_freeze() { operators_signal STOP "$1"; }
operators_thaw() { operators_signal CONT "$1"; }

operators_signal() { # SIGNAL POD
  local pid
  pid=$(daemon_pid "operator-$2") || fail "no operator is named $2; there are:" $(operators_running)
  signal "$1" "$(pgrep -s "$pid" java)"
}

operators_down() {
  # In somebody else's cluster, what was installed goes too; the CRDs stay, objects may hang on them.
  if kubernetes_taken; then
    kubectl delete --ignore-not-found --wait=false --filename "$OPERATORS/manifests.yaml"
    kubectl delete --ignore-not-found --wait=false namespace "$OPERATORS_NAMESPACE"
  fi
  local pod
  for pod in $(operators_running); do stop_daemon "operator-$pod" 1 & done
  wait
  rm -rf "$OPERATORS"
}

operators_status() {
  local name bad=0 line=""
  for name in $(operators_pods); do
    if operators_ready "$name" >/dev/null 2>&1; then line+=" $name"; else
      line+=" $name:NOT-READY"
      bad=1
    fi
  done
  echo "${line:- none}"
  return "$bad"
}

operators_logs() { ls "$LAB"/log/part-operators.log "$LAB"/log/operator-*.log; }
