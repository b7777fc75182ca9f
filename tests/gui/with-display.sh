#!/usr/bin/env bash
# Runs a command on an X display and a session bus of its own, with home folders of its own,
# and takes all of it down again whatever the command does.
#
#   with-display.sh COMMAND [ARGUMENT…]
#
# DMS_SCREEN sets the size of the screen (default 1600x1200).
#
# SPDX-License-Identifier: MIT
set -euo pipefail

if [ $# -eq 0 ]; then
  echo "usage: with-display.sh COMMAND [ARGUMENT...]" >&2
  exit 2
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/dmascope-display-XXXXXX")
server=
command=

clean_up() {
  trap - EXIT INT TERM HUP
  [ -z "$command" ] || kill "$command" 2>/dev/null || true
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  rm -rf "$home"
}
trap clean_up EXIT
trap 'exit 143' INT TERM HUP

# The server chooses a free number itself and writes it to the file once it is ready.
Xvfb -displayfd 3 -screen 0 "${DMS_SCREEN:-1600x1200}x24" -nolisten tcp -noreset \
  3>"$home/display" >"$home/server.log" 2>&1 &
server=$!

for _ in $(seq 200); do
  [ ! -s "$home/display" ] || break
  if ! kill -0 "$server" 2>/dev/null; then
    break
  fi
  sleep 0.05
done
if [ ! -s "$home/display" ]; then
  echo "with-display.sh: Xvfb did not start:" >&2
  cat "$home/server.log" >&2
  exit 1
fi

mkdir -m 0700 "$home/run"
mkdir "$home/data" "$home/config" "$home/cache" "$home/state"
export DISPLAY=":$(tr -d '[:space:]' <"$home/display")"
export XDG_RUNTIME_DIR="$home/run"
export XDG_DATA_HOME="$home/data"
export XDG_CONFIG_HOME="$home/config"
export XDG_CACHE_HOME="$home/cache"
export XDG_STATE_HOME="$home/state"
export GDK_BACKEND=x11
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XAUTHORITY

# In the background, so that a signal to this script is answered at once.
dbus-run-session -- "$@" <&0 &
command=$!
status=0
wait "$command" || status=$?
command=
exit "$status"
