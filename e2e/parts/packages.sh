# Debian packages of all parts: installed when root, named when not.

packages_needed() {
  local part
  echo iproute2 iputils-ping procps openssl openssh-client curl jq python3 util-linux
  for part in $ALL_PARTS; do
    if declare -F "${part}_packages" >/dev/null; then "${part}_packages"; fi
  done
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
  apt-get update -q
  without_starting_services apt-get install -y -q --no-install-recommends $missing
}

# The packages bring services of the machine (libvirtd, Open vSwitch); the lab runs its own.
without_starting_services() {
  local policy=/usr/sbin/policy-rc.d status=0
  if [ -e "$policy" ]; then
    DEBIAN_FRONTEND=noninteractive "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  DEBIAN_FRONTEND=noninteractive "$@" || status=$?
  rm -f "$policy"
  return "$status"
}

packages_down() { :; }
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
