# Benchmarks: figures for people to read, printed with the floor beside them.

BENCHES="create network writes image migrate drain failover failover-80"

lab_bench() {
  case " $BENCHES " in *" ${1:-none} "*) ;; *) fail "bench NAME, one of: $BENCHES" ;; esac
  up_and_mine
  bench_packages
  lab_env >"$LAB/env"
  (
    . "$LAB/env"
    cd "$REPOSITORY/e2e" && PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 -m "bench.${1//-/}"
  )
}

# Bare librbd and libvirt calls are made from Python, whose bindings come from Debian.
bench_packages() {
  local missing
  missing=$(missing_packages python3-libvirt python3-rbd)
  if [ -z "$missing" ]; then return 0; fi
  say "bench: installing $missing"
  # shellcheck disable=SC2086
  packages_install $missing >/dev/null
}
