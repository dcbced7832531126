# Up, down, status and env over all parts: order, parallelism, progress, ownership.

# Parts of one line start together, each after the lines before it.
lab_stages() {
  echo packages
  echo network pki
  echo kubernetes ceph hosts fabric guest
  echo operators power
  echo cloud
}

# Parts that `lab up --without PART` leaves out, for those who run them from their editor.
lab_without() { case " ${KUMIKO_LAB_WITHOUT:-} " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

lab_up() {
  while [ "${1:-}" = --without ]; do
    export KUMIKO_LAB_WITHOUT="${KUMIKO_LAB_WITHOUT:-} $2"
    shift 2
  done
  if [ "$(id -u)" != 0 ]; then
    requirements_check
    packages_up
    fail "needs root for namespaces and bridges; run: sudo $REPOSITORY/e2e/lab up"
  fi
  # The mark makes `down` find this very process and its children when they are killed half-way.
  if [ "${KUMIKO_LAB_PROCESS:-}" != up ]; then
    local status=0
    lab_refuse_second
    requirements_check
    lab_claim
    KUMIKO_LAB_PROCESS=up flock --nonblock --close --conflict-exit-code 75 "$LAB/lock" \
      "$REPOSITORY/e2e/lab" up || status=$?
    if [ "$status" = 75 ]; then fail "another 'lab up' is at work"; fi
    return "$status"
  fi
  local begin stage
  begin=$(now_ms)
  mkdir -p "$LAB/run" "$LAB/log"
  if kubernetes_external >/dev/null; then
    say "taking the cluster of $(kubernetes_external) (KUBECONFIG); unset it to have the lab's own"
  fi
  while read -r stage; do
    lab_stage "$begin" $stage
    # What packages leave on a machine is theirs; all that comes after them is the lab's to take away again.
    if [ "$stage" = packages ] && [ ! -e "$LAB/before" ]; then footprint >"$LAB/before"; fi
  done < <(lab_stages)
  say "lab is up after $(elapsed "$begin") s, using $(lab_memory) MB of memory; eval \"\$(e2e/lab env)\""
}

lab_stage() { # BEGIN_MS PARTS…
  local begin=$1 part pid failed="" pids=""
  shift
  for part in "$@"; do
    if ! declare -F "${part}_up" >/dev/null; then continue; fi
    lab_part "$begin" "$part" &
    pids+=" $!:$part"
  done
  for pid in $pids; do wait "${pid%%:*}" || failed+=" ${pid#*:}"; done
  if [ -n "$failed" ]; then fail "these parts failed:$failed; see: e2e/lab logs PART"; fi
}

lab_part() { # BEGIN_MS PART
  local begin status
  begin=$(now_ms)
  # Not as a condition: there bash would go on after a command that failed.
  set +e
  (
    set -e
    "${2}_up"
  ) >"$LAB/log/part-$2.log" 2>&1 </dev/null
  status=$?
  set -e
  if [ "$status" = 0 ]; then
    printf '%6s s  %-11s ready (took %s s)\n' "$(elapsed "$1")" "$2" "$(elapsed "$begin")"
  else
    printf '%6s s  %-11s FAILED\n' "$(elapsed "$1")" "$2"
    tail -n 20 "$LAB/log/part-$2.log"
    return 1
  fi
}

# The lab has fixed addresses and a fixed directory: one lab per machine, and its clone is written down.
lab_refuse_second() {
  local owner
  owner=$(cat "$LAB/owner" 2>/dev/null || true)
  if [ "${owner:-$REPOSITORY}" != "$REPOSITORY" ] && [ -n "$(marked_pids)" ] && [ -e "$owner/e2e/lab" ]; then
    fail "this machine's lab belongs to the clone in $owner (one lab per machine: it has fixed" \
      "addresses); end it first: $owner/e2e/lab down"
  fi
}

# After lab_refuse_second: what another clone still has here is not alive.
lab_claim() {
  local owner
  owner=$(cat "$LAB/owner" 2>/dev/null || true)
  if [ "${owner:-$REPOSITORY}" != "$REPOSITORY" ]; then
    say "ending what is left of the lab of $owner"
    echo "$REPOSITORY" >"$LAB/owner"
    lab_down
  fi
  mkdir -p "$LAB"
  chmod 755 "$LAB"
  echo "$REPOSITORY" >"$LAB/owner"
  chmod 644 "$LAB/owner"
}

lab_is_mine() {
  if [ "$(cat "$LAB/owner")" != "$REPOSITORY" ]; then
    fail "this machine's lab belongs to the clone in $(cat "$LAB/owner")"
  fi
}

lab_down() {
  if [ "$(id -u)" != 0 ]; then fail "needs root; run: sudo $REPOSITORY/e2e/lab down"; fi
  local begin part
  begin=$(now_ms)
  if [ -e "$LAB/owner" ]; then lab_is_mine; fi
  mkdir -p "$LAB/log"
  lab_end_processes up
  # Guests and operators go before what they stand on.
  for part in cloud operators power guest; do lab_part_down "$part"; done
  for part in kubernetes ceph hosts fabric; do lab_part_down "$part" & done
  wait
  lab_end_processes '.*'
  for part in network pki packages; do lab_part_down "$part"; done
  # What a build that was killed had not finished.
  rm -rf "$CACHE"/*.new.* "$CACHE"/*/*.new.*
  lab_unmount
  rm -rf "$LAB"
  say "lab is down after $(elapsed "$begin") s"
}

lab_part_down() {
  if ! declare -F "${1}_down" >/dev/null; then return 0; fi
  # A part may be half there; what it cannot end, the sweep over marked processes does.
  (set +e && "${1}_down") >>"$LAB/log/part-$1.log" 2>&1 </dev/null || true
}

# Ends every process that carries the lab's mark with a value like this, until none is left.
lab_end_processes() { # PATTERN
  local pid
  for _ in $(seq 50); do
    local left=""
    for pid in $(marked_pids); do
      if grep -qzx "KUMIKO_LAB_PROCESS=$1" "/proc/$pid/environ" 2>/dev/null; then left+=" $pid"; fi
    done
    if [ -z "$left" ]; then return 0; fi
    signal KILL "$left"
    sleep 0.1
  done
  fail "processes of the lab do not end:$left"
}

lab_unmount() {
  local mount
  while read -r mount; do umount --lazy "$mount"; done < <(awk -v lab="$LAB/" 'index($2, lab) == 1 {print $2}' /proc/mounts | sort -r)
}

lab_status() {
  local part line bad=0
  if [ "$(id -u)" != 0 ]; then fail "needs root; run: sudo $REPOSITORY/e2e/lab status"; fi
  if [ ! -e "$LAB/owner" ]; then
    say "the lab is down"
    return 3
  fi
  for part in $ALL_PARTS; do
    if ! declare -F "${part}_status" >/dev/null; then continue; fi
    if line=$("${part}_status" 2>&1); then printf '%-11s ok    %s\n' "$part" "$line"; else
      printf '%-11s DOWN  %s\n' "$part" "$line"
      bad=1
    fi
  done
  say "memory      $(lab_memory) MB, clone $(cat "$LAB/owner")"
  return "$bad"
}

# Proportional set size, so that pages shared by processes count once.
lab_memory() {
  local pid host files=()
  for pid in $(marked_pids) $(for host in $HOSTS; do hosts_processes "$host"; done); do files+=("$pid"); done
  for pid in $(printf '%s\n' "${files[@]}" | sort -u); do cat "/proc/$pid/smaps_rollup" 2>/dev/null; done |
    awk '/^Pss:/ {sum += $2} END {printf "%d", sum / 1024}'
}

lab_env() {
  local host hosts=""
  for host in $HOSTS; do hosts+="$host=$(hosts_uri "$host") "; done
  cat <<EXPORTS
export KUMIKO_LAB=$LAB
export KUBECONFIG=$(kubernetes_config)
export CEPH_CONF=$CEPH/ceph.conf
export KUMIKO_PKI=$LAB/pki/client
export KUMIKO_HOSTS="${hosts% }"
export KUMIKO_OVN_NB=ssl:$MGMT:6641
export KUMIKO_OVN_SB=ssl:$MGMT:6642
export KUMIKO_GUEST_IMAGE=$LAB/guest/tiny.img
export PATH="$(dirname "$(kubernetes_binary kubectl)"):\$PATH"
EXPORTS
  power_env
}
