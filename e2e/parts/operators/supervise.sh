#!/bin/bash
# Runs a command for ever, as a kubelet would run the one container of a pod: started again when it ends.
# A signal other than those of the lab itself is a fault, which is noted in PREFIX-PID.log.
prefix=$1
shift
ending=""
child=""
trap 'ending=yes; [ -z "$child" ] || kill "$child" 2>/dev/null' TERM
while [ -z "$ending" ]; do
  "$@" &
  child=$!
  # A trapped signal ends the first wait, not the child.
  while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  wait "$child"
  status=$?
  if [ -z "$ending" ]; then
    case $status in
      $((128 + 9)) | $((128 + 15))) ;;
      *) [ "$status" -le 128 ] || echo "ended by signal $((status - 128))" >>"$prefix-$child.log" ;;
    esac
    echo "ended; started again in a second" >&2
    sleep 1
  fi
done
