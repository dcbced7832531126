# Debian packages of all parts: installed when root, named when not.

PACKAGES_POLICY=/usr/sbin/policy-rc.d

packages_needed() {
  local part
  echo iproute2 iputils-ping procps openssl openssh-client curl jq python3 util-linux
  for part in $ALL_PARTS; do
    if declare -F "${part}_packages" >/dev/null; then "${part}_packages"; fi
  done
}

# What no Debian package of the lab brings; one line for each that is missing.
requirements_missing() {
  local said
  if ! lab_without operators && ! (operators_java) >/dev/null 2>&1; then
    echo "a JDK 25 or newer: for Debian 12 the package temurin-25-jdk of Eclipse Temurin, or set JAVA_HOME to one"
  elif [ "$(id -u)" != 0 ] && operators_to_build && ! said=$("$REPOSITORY/mvnw" --version 2>&1); then
    tail -n 1 <<<"$said"
  fi
  if kubernetes_external >/dev/null && [ ! -x "$(kubernetes_binary kubectl)" ]; then
    echo "kubectl on the PATH, for the cluster of $(kubernetes_external)"
  fi
  if requirements_go && ! go_is_new; then
    echo "Go 1.21 or later, once: for Debian 12 apt-get install -t bookworm-backports golang-go;" \
      "or have helm on the PATH and set KUBEBUILDER_ASSETS to a directory with etcd, kube-apiserver," \
      "kube-controller-manager and kubectl, or KUBECONFIG to a cluster without Kumiko"
  fi
}

requirements_go() {
  local tool
  operators_helm_binary >/dev/null || return 0
  if kubernetes_taken || kubernetes_external >/dev/null; then return 1; fi
  for tool in $KUBERNETES_TOOLS; do [ -x "$(kubernetes_binary "$tool")" ] || return 0; done
  return 1
}

# All at once and before anything is begun, so that nobody is told of one after the other.
requirements_check() {
  local missing
  missing=$(requirements_missing)
  if [ -n "$missing" ]; then fail "needs"$'\n'"$missing"; fi
}

packages_up() {
  local missing
  # shellcheck disable=SC2046
  missing=$(missing_packages $(packages_needed) | sort -u | tr '\n' ' ')
  if [ -z "$missing" ]; then return 0; fi
  if ! command -v apt-get >/dev/null; then fail "needs these Debian packages: $missing"; fi
  if [ "$(id -u)" != 0 ]; then
    fail "needs packages; run: sudo apt-get install --no-install-recommends $missing"
  fi
  say "packages: installing $missing"
  # shellcheck disable=SC2086
  packages_install $missing
}

packages_install() { # PACKAGES…
  apt-get update -q
  without_starting_services apt-get install -y -q --no-install-recommends "$@"
}

# The packages bring services of the machine (libvirtd, Open vSwitch); the lab runs its own. Without the lab's mark, so
# that `lab down` never kills an installation half-way.
without_starting_services() {
  local status=0
  if [ ! -e "$PACKAGES_POLICY" ]; then
    printf '#!/bin/sh\n# kumiko lab\nexit 101\n' >"$PACKAGES_POLICY"
    chmod 755 "$PACKAGES_POLICY"
  fi
  env -u KUMIKO_LAB_PROCESS DEBIAN_FRONTEND=noninteractive "$@" || status=$?
  packages_down
  return "$status"
}

# Also what an `up` that was killed left there: with it, no package of the machine starts its service.
packages_down() {
  if grep -qs '^# kumiko lab$' "$PACKAGES_POLICY"; then rm -f "$PACKAGES_POLICY"; fi
}
packages_status() {
  local missing
  # shellcheck disable=SC2046
  missing=$(missing_packages $(packages_needed))
  if [ -n "$missing" ]; then
    echo "missing: $missing"
    return 1
  fi
  echo installed
}
packages_logs() { ls "$LAB/log/part-packages.log"; }
