#!/bin/bash
# Runs a command for ever, as a kubelet would run the one container of a pod: started again when it ends.
ending=""
child=""
trap 'ending=yes; [ -z "$child" ] || kill "$child" 2>/dev/null' TERM
while [ -z "$ending" ]; do
  "$@" &
  child=$!
  # A trapped signal ends the first wait, not the child.
  while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  if [ -z "$ending" ]; then
    echo "ended; started again in a second" >&2
    sleep 1
  fi
done
