#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the broker, runs it end to end on real TCP and UDP traffic, verifies the outcome, and ends
# by itself: 0 when every promise held, 1 when one did not. On Debian and Ubuntu it first installs
# what it needs. LFQ_NO_INSTALL=1 touches no package manager; LFQ_DEMO_PROGRAMS=<dir> takes programs
# that were built elsewhere.
set -eu
cd "$(dirname "$0")/.."

tcp_events=2000000
paced_events=150000
paced_rate=50000
udp_events=300000
step_seconds=20 # no step takes longer than a few; a step that hangs is ended by this

programs=${LFQ_DEMO_PROGRAMS-}
if [ -z "$programs" ]; then
  . cmake/need.sh
  need cmake ninja-build g++ libboost-dev libyaml-cpp-dev libcli11-dev libspdlog-dev
  cmake --preset examples
  cmake --build --preset examples -j "${CMAKE_BUILD_PARALLEL_LEVEL-$(parallel_jobs)}" \
    --target lfq-broker lfqctl
  programs=build/examples/examples/broker
fi
[ -x "$programs/lfq-broker" ] && [ -x "$programs/lfqctl" ] || {
  echo "demo: no lfq-broker and lfqctl in $programs" >&2
  exit 1
}

work=$(mktemp -d)
: >"$work/table"
broker=
clean_up() {
  [ -z "$broker" ] || kill -KILL "$broker" 2>/dev/null || :
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

failures=0
fail() {
  echo "  NOT SO: $*"
  failures=$((failures + 1))
}
check() { # <sentence> <left> <right>: both sides of an account
  if [ "$2" = "$3" ] && [ "${2#-}" = "$2" ]; then # a number that is missing counts as negative
    printf '  ok  %s: %s\n' "$1" "$2"
  else
    fail "$1: $2 is not $3"
  fi
}
value() { # <file> <name>: from `name value` lines
  awk -v name="$2" '$1 == name { found = $2 } END { print found == "" ? -1 : found }' "$1"
}
drops() { # <file>: the sum of all dropped_<reason>
  awk '$1 ~ /^dropped_/ { sum += $2 } END { printf "%d\n", sum }' "$1"
}
broker_runs() { kill -0 "$broker" 2>/dev/null; }

# One run of the client: its numbers stand in $work/<name>.
measure() { # <name> <arguments of lfqctl bench>...
  name=$1
  shift
  timeout "$step_seconds" "$programs/lfqctl" bench --port "$tcp_port" --udp-port "$udp_port" \
    --format pairs "$@" >"$work/$name" || fail "$name: lfqctl ended with $?"
}

echo
echo "Starting the broker on free ports"
"$programs/lfq-broker" --tcp-port 0 --udp-port 0 --log-file "$work/broker.log" \
  >"$work/table" 2>"$work/errors" &
broker=$!
tries=0
until grep -q '^ready ' "$work/table"; do
  tries=$((tries + 1))
  if ! broker_runs || [ "$tries" -gt 100 ]; then
    cat "$work/errors" >&2
    echo "demo: the broker did not start" >&2
    exit 1
  fi
  sleep 0.1
done
tcp_port=$(sed -n 's/^ready tcp=.*:\([0-9]*\) udp=.*/\1/p' "$work/table")
udp_port=$(sed -n 's/^ready .* udp=.*:\([0-9]*\)$/\1/p' "$work/table")
sed -n 's/^ready /  /p' "$work/table"

echo "1. TCP flat out: $tcp_events events over 4 connections"
echo "   to filters demo.tcp.>, demo.tcp.1 and demo.*.2"
measure tcp --topic demo/tcp --count "$tcp_events" --publishers 4 \
  --filter 'demo.tcp.>' --filter 'demo.tcp.1' --filter 'demo.*.2'
echo "2. TCP paced: $paced_events events at $paced_rate a second"
measure paced --topic demo/paced --count "$paced_events" --rate "$paced_rate"
echo "3. UDP flat out: $udp_events datagrams from 2 sockets"
echo "   to filter demo.udp.1, which half of them match"
measure udp --topic demo/udp --udp --count "$udp_events" --publishers 2 --filter 'demo.udp.1'

echo "4. SIGTERM"
kill -TERM "$broker"
tries=0
while broker_runs && [ "$tries" -lt $((step_seconds * 10)) ]; do
  tries=$((tries + 1))
  sleep 0.1
done
if broker_runs; then
  fail "the broker is still there $step_seconds seconds after SIGTERM"
  kill -KILL "$broker"
fi
broker_exit=0
wait "$broker" || broker_exit=$?
broker=

show() { # <heading> <name>: one row of the table
  awk -v heading="$1" '
    { of[$1] = $2 }
    function time(us) {
      return us < 10000 ? sprintf("%.0f us", us) : sprintf("%.1f ms", us / 1000)
    }
    END {
      printf "  %-14s %9d %9d", heading, of["sent"], of["received"]
      printf " %8.2f %8.2f", of["publish_per_second"] / 1e6, of["receive_per_second"] / 1e6
      printf " %9s %9s", time(of["latency_p50_us"]), time(of["latency_p99_us"])
      printf " %6.0f %%", of["broker_cpu_percent"]
      printf " %6.1f MiB\n", of["broker_rss_peak_bytes"] / 1048576
    }' "$work/$2"
}
echo
printf '  %-14s %9s %9s %8s %8s %9s %9s %8s %10s\n' \
  '' sent received 'in M/s' 'out M/s' p50 p99 cpu 'peak mem'
show 'TCP flat out' tcp
show 'TCP paced' paced
show 'UDP flat out' udp
echo
echo "  dropped, by reason:"
awk '$1 ~ /^dropped_/ || $1 == "udp_socket_drops" { printf "    %-26s %d\n", $1, $2 }' \
  "$work/table"
echo

tcp_sent=$(($(value "$work/tcp" sent) + $(value "$work/paced" sent)))
udp_sent=$(value "$work/udp" sent)
for name in tcp paced; do
  check "$name: every event arrived once, whole and in order per connection" \
    "$(value "$work/$name" as_promised)" yes
  check "$name: received by all subscribers = matched by their filters" \
    "$(value "$work/$name" received)" "$(value "$work/$name" expected)"
done
check "udp: no datagram arrived twice, changed or out of order" \
  "$(value "$work/udp" as_promised)" yes
check "every TCP event sent came in" "$(value "$work/table" events_in_tcp)" "$tcp_sent"
check "every datagram sent came in or was dropped at the socket" \
  $(($(value "$work/table" events_in_udp) + $(value "$work/table" udp_socket_drops))) "$udp_sent"
check "every datagram: sent = delivered + filtered + dropped by reason" "$udp_sent" \
  $(($(value "$work/udp" broker_delivered) + $(value "$work/udp" broker_filtered) + \
    $(value "$work/udp" broker_dropped) + $(value "$work/table" udp_socket_drops)))
check "datagrams received by the subscriber = delivered" \
  "$(value "$work/udp" received)" "$(value "$work/udp" broker_delivered)"
check "the books: in = delivered + filtered + dropped" \
  $(($(value "$work/table" events_in_tcp) + $(value "$work/table" events_in_udp))) \
  $(($(value "$work/table" delivered) + $(value "$work/table" filtered) + $(drops "$work/table")))
check "the broker's exit code" "$broker_exit" 0

echo
if [ "$failures" = 0 ]; then
  echo "demo: all as promised"
else
  sed 's/^/  broker: /' "$work/errors" >&2
  echo "demo: $failures of the promises did not hold" >&2
  exit 1
fi
