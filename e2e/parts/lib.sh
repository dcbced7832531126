# Shared by every part: where things are, how progress is said, how daemons start and stop.

LAB=/var/tmp/kumiko-lab
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/kumiko
PARTS=$(dirname "${BASH_SOURCE[0]}")
REPOSITORY=$(cd "$PARTS/../.." && pwd -P)

HOSTS="h1 h2 h3"
MGMT=10.77.0.1
STOR=10.78.0.1
mgmt_of() { echo "10.77.0.1${1#h}"; }
stor_of() { echo "10.78.0.1${1#h}"; }

elapsed() { # SINCE_MS
  local ms=$(($(now_ms) - $1))
  printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}
now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }
# To the person at the terminal, also from within a part, whose own output goes to its log.
say() { printf '%s\n' "$*" >&3; }
fail() {
  printf 'lab: %s\n' "$*" >&2
  exit 1
}

# Repeats a command until it succeeds; its output is shown only when the time is over.
wait_for() { # SECONDS CMD…
  local deadline=$(($(now_ms) + $1 * 1000)) out
  shift
  until out=$("$@" 2>&1); do
    if (($(now_ms) > deadline)); then
      printf 'timed out waiting for: %s\n%s\n' "$*" "$out" >&2
      return 1
    fi
    sleep 0.05
  done
}

in_host() { # HOST CMD…
  local host=$1
  shift
  ip netns exec "kumiko-$host" "$@"
}

# The kernel's start time of a process: with the pid it names a process for ever.
started() { # PID
  local stat
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  echo "${20}"
}

# Starts a command in a session of its own. The process writes its pid file itself before it becomes
# the daemon, so that there is never a daemon without one; its environment carries a mark that
# `lab down` finds even when the pid file is lost.
start_daemon() { # NAME CMD…   (CMD may begin with: in_host HOST)
  local name=$1
  shift
  if daemon_pid "$name" >/dev/null; then return 0; fi
  if [ "$1" = in_host ]; then set -- ip netns exec "kumiko-$2" "${@:3}"; fi
  mkdir -p "$LAB/run" "$LAB/log"
  rm -f "$LAB/run/$name.pid"
  # shellcheck disable=SC2016
  KUMIKO_LAB_PROCESS=$name setsid bash -c '
    read -r stat <"/proc/$$/stat"; fields=(${stat##*) })
    echo "$$ ${fields[19]}" >"$0.new" && mv "$0.new" "$0" && exec "$@"' \
    "$LAB/run/$name.pid" "$@" </dev/null >>"$LAB/log/$name.log" 2>&1 3>&- &
  disown
  wait_for 5 test -s "$LAB/run/$name.pid"
}

# Prints the daemon's pid when it runs; a recycled pid is not it.
daemon_pid() { # NAME
  local pid start
  read -r pid start 2>/dev/null <"$LAB/run/$1.pid" || return 1
  [ "$(started "$pid")" = "$start" ] && echo "$pid"
}

daemon_running() { daemon_pid "$1" >/dev/null; }

# Asks the whole session of a daemon to end, and ends it after some seconds of patience.
stop_daemon() { # NAME [SECONDS]
  local name=$1 patience=${2:-5} pid
  if pid=$(daemon_pid "$name"); then
    signal TERM "$(pgrep -s "$pid")"
    if ! wait_for "$patience" session_is_gone "$pid" 2>/dev/null; then
      signal KILL "$(pgrep -s "$pid")"
      wait_for 5 session_is_gone "$pid"
    fi
  fi
  rm -f "$LAB/run/$name.pid"
}

# As a power loss would: the whole session of a daemon at once.
kill_daemon() { # NAME
  local pid
  if pid=$(daemon_pid "$1"); then
    signal KILL "$pid $(pgrep -s "$pid" | tr '\n' ' ')"
    wait_for 5 session_is_gone "$pid"
  fi
  rm -f "$LAB/run/$1.pid"
}

# shellcheck disable=SC2086
signal() { [ -z "$2" ] || kill "-$1" $2 2>/dev/null || true; } # SIGNAL PIDS

session_is_gone() { # SID; zombies that nobody reaps do not count
  ! ps -o stat= -s "$1" | grep -qv '^Z'
}

# Every live process of the lab, found by the mark in its environment.
marked_pids() {
  local file
  for file in $(grep -lzs '^KUMIKO_LAB_PROCESS=' /proc/[0-9]*/environ 2>/dev/null); do
    file=${file%/environ}
    echo "${file#/proc/}"
  done
}

missing_packages() { # PACKAGES…
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

# From 1.21 on, Go fetches the newer one that a module asks for.
go_is_new() {
  local version
  version=$(go env GOVERSION 2>/dev/null) || return 1
  version=${version#go1.}
  [ "${version%%[!0-9]*}" -ge 21 ]
}

# Builds a Go tool of one of the small modules beside this file, once.
go_tool() { # MODULE TARGET GO_PACKAGE LINKER_FLAGS
  if [ -x "$2" ]; then return 0; fi
  say "building $(basename "$2"): minutes the first time, then kept in $CACHE"
  mkdir -p "$(dirname "$2")"
  (cd "$PARTS/$1" && CGO_ENABLED=0 GOTOOLCHAIN=auto go build -trimpath -ldflags "-s -w $4" -o "$2.new.$$" "$3")
  mv "$2.new.$$" "$2"
}
