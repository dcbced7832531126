# The main job on real input: the quickstart, from nothing to guests that are proven to reach whom they
# should and nobody else.

DEMO_MANIFESTS=$REPOSITORY/examples/quickstart
DEMO_PATIENCE_SECONDS=300

lab_demo() {
  local begin
  begin=$(now_ms)
  lab_up
  say
  say "applying $DEMO_MANIFESTS"
  demo_begin=$(now_ms)
  lab_render "$DEMO_MANIFESTS" | demo_apply
  demo_until_ready
  say
  say "who reaches whom, asked in each guest (ssh, then HTTP to the other's address):"
  demo_prove
  say
  kubectl get virtualmachines --all-namespaces
  say
  say "done in $(elapsed "$begin") s. Now try:"
  say "  eval \"\$(e2e/lab env)\"            a shell (of root) that knows the lab"
  say "  kubectl get kumiko -A             everything there is"
  say "  kubectl explain virtualmachine.spec"
  say "  e2e/lab ssh $(demo_machines | head -n 1 | awk '{print $2 " -n " $1}')"
  say "  e2e/lab down                      and nothing is left"
}

# A tenant's namespace is there a moment after its Tenant: what came too early is applied again.
demo_apply() {
  local manifests
  manifests=$(cat)
  kubectl_apply() { kubectl apply --server-side --filename - <<<"$manifests"; }
  if ! kubectl_apply >/dev/null 2>&1; then wait_for 30 kubectl_apply; fi
}

demo_machines() { # NAMESPACE NAME READY ADDRESS REASON
  kubectl get virtualmachines --all-namespaces --output json | jq -r '.items[] |
    ((.status.conditions // [])[] | select(.type == "Ready")) as $ready |
    [.metadata.namespace, .metadata.name, $ready.status, (.status.addresses[0] // "-"), ($ready.message // "-")]
    | @tsv'
}

# One line for each step that a machine takes.
demo_until_ready() {
  local seen="" line lines wanted
  wanted=$(lab_render "$DEMO_MANIFESTS" | grep -c '^kind: VirtualMachine$')
  while true; do
    lines=$(demo_machines)
    while read -r line; do
      if [ -n "$line" ] && [[ $seen != *"|$line|"* ]]; then
        seen+="|$line|"
        demo_step "$line"
      fi
    done <<<"$lines"
    if [ "$(awk -F '\t' '$3 == "True"' <<<"$lines" | wc -l)" -ge "$wanted" ]; then return 0; fi
    if (($(now_ms) - demo_begin > DEMO_PATIENCE_SECONDS * 1000)); then
      lab_collect "$REPOSITORY/e2e/target/evidence/demo"
      fail "not every machine became Ready; see $REPOSITORY/e2e/target/evidence/demo"
    fi
    sleep 0.3
  done
}

demo_step() { # LINE
  local namespace name ready address message
  IFS=$'\t' read -r namespace name ready address message <<<"$1"
  if [ "$ready" = True ]; then message="Ready, $address"; fi
  printf '%6s s  %-20s %s\n' "$(elapsed "$demo_begin")" "$namespace/$name" "$message"
}

demo_prove() {
  local results machines
  results=$(mktemp -d -p "$LAB")
  # One after the other first: the neighbours that ssh goes through are shared.
  while IFS=$'\t' read -r namespace name _; do
    wait_for 60 demo_reach "$namespace" "$name"
  done < <(demo_machines)
  while IFS=$'\t' read -r namespace name _ address _; do
    demo_ask "$namespace" "$name" >"$results/$namespace-$name" 2>&1 &
  done < <(demo_machines)
  wait
  cat "$results"/*
  machines=$(demo_machines | wc -l)
  if [ "$(cat "$results"/* | wc -l)" != $((machines * (machines - 1))) ]; then fail "not every guest could be asked"; fi
  if grep -q WRONG "$results"/*; then fail "isolation or reachability is not as declared"; fi
  rm -rf "$results"
}

demo_reach() { lab_ssh "$2" -n "$1" true </dev/null; }

# From one guest to all others: HTTP must come back in the same tenant and must not from another.
demo_ask() { # NAMESPACE NAME
  local script="" namespace name address answer expected
  while IFS=$'\t' read -r namespace name _ address _; do
    if [ "$namespace/$name" = "$1/$2" ]; then continue; fi
    script+="if timeout 3 wget -q -O /dev/null http://$address/cgi-bin/status; then echo $namespace $name $address yes;"
    script+=" else echo $namespace $name $address no; fi; "
  done < <(demo_machines)
  lab_ssh "$2" -n "$1" "exec 2>/dev/null; $script" </dev/null | while read -r namespace name address answer; do
    expected=no
    if [ "$namespace" = "$1" ]; then expected=yes; fi
    printf '  %-20s -> %-20s %-15s %s\n' "$1/$2" "$namespace/$name" "$address" \
      "$(demo_verdict "$answer" "$expected")"
  done
}

demo_verdict() { # ANSWER EXPECTED
  if [ "$1" != "$2" ]; then echo "WRONG: $1, expected $2"; elif [ "$1" = yes ]; then echo "reached"; else
    echo "not reached, as it is another tenant's"
  fi
}
