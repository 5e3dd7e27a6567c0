#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds lfq's benchmarks and runs them beside every peer that is found; on Debian it first installs
# the peers.
#
# usage: bench/run.sh [--only REGEX] [--full] [--layouts] [--csv FILE] [--json FILE]
#                     [--report FILE] [--plot DIR] [--rounds N] [--smoke] [--list] [--native]
#
#   --only REGEX  questions or rows, as in ring/spsc_1p1c_throughput/8B/65536/boost
#   --full        every cell, rounds until the ratios have settled, and both layouts
#   --layouts     two builds of other code layout in turns: says which ratios hold in both
#   --csv FILE    also write question,subject,metric,median,low,high,unit
#   --json FILE   the same as JSON
#   --report FILE the same as tables in Markdown, and last where a peer is ahead
#   --plot DIR    one SVG a question, if there is gnuplot
#   --rounds N    so many rounds instead of nine
#   --smoke       every row once or twice with few values: checks contents and order, no rates
#   --list        names every row and runs none
#   --native      built for this machine only (-march=native)
#
# Of two layouts, the second's are beside: rates.second.csv, rates.second.json, DIR/second. The
# report has both.
#
# CXX=clang++ chooses another compiler. LFQ_BENCH_CPUS=2,3 chooses other cpus. LFQ_NO_INSTALL=1
# leaves the packages alone. Another peer is measured when its header is on CPLUS_INCLUDE_PATH.
# Exit code: 1 if a ring of lfq lost, repeated or reordered a value.
set -eu
called_from=$PWD
cd "$(dirname "$0")/.."

refuse() {
  echo "bench/run.sh: $1" >&2
  exit 64
}
# A file or folder as the caller sees it, in a folder that is there.
place_of() {
  case $2 in
    /*) place=$2 ;;
    *) place=$called_from/$2 ;;
  esac
  [ -d "$(dirname "$place")" ] || refuse "$1: there is no folder $(dirname "$place")"
}

preset=bench
csv=
json=
report=
plot=
only=
rounds=
full=
smoke=
list=
layouts=first
native=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0"
      exit 0
      ;;
    --only | --csv | --json | --report | --plot | --rounds)
      [ -n "${2-}" ] || refuse "$1 needs a value"
      case $1 in
        --only) only=$2 ;;
        --csv) place_of "$1" "$2" && csv=$place ;;
        --json) place_of "$1" "$2" && json=$place ;;
        --report) place_of "$1" "$2" && report=$place ;;
        --plot) place_of "$1" "$2" && plot=$place ;;
        --rounds)
          case $2 in
            *[!0-9]* | 0 | ????*) refuse "--rounds needs a number from 1 to 999, not '$2'" ;;
          esac
          rounds=$2
          ;;
      esac
      shift
      ;;
    --full) full=--full && layouts="first second" ;;
    --layouts) layouts="first second" ;;
    --smoke) smoke=--smoke preset=smoke ;; # no rates, so not optimised
    --list) list=--list ;;
    --native) native=1 ;;
    *)
      refuse "there is no '$1'; there are --only --full --layouts --csv --json --report --plot \
--rounds --smoke --list --native"
      ;;
  esac
  shift
done
printf '' | grep -qE -e "$only" 2>/dev/null || [ $? != 2 ] ||
  refuse "--only needs a regular expression, not '$only'"
# Their form; whether they are there says the first program.
case ${LFQ_BENCH_CPUS-0,1} in
  *[!0-9,]* | ,* | *, | *,*,*) two_cpus= ;;
  *,*) two_cpus=yes ;;
  *) two_cpus= ;;
esac
[ -n "$two_cpus" ] ||
  refuse "LFQ_BENCH_CPUS needs two cpus, as in 2,3, not '$LFQ_BENCH_CPUS'"
[ -z "$smoke$list" ] || layouts=first
[ -z "$native" ] || preset=native
. bench/need_peers.sh
need_peers

# A compiler and a layout of their own get a build directory of their own.
build_of() {
  build=build/$preset${CXX:+-$(basename "$CXX")}
  [ "$1" = first ] || build=$build-$1
}
mkdir -p build
for layout in $layouts; do
  build_of "$layout"
  log=$build.log
  cmake --preset "$preset" -B "$build" ${CXX:+-DCMAKE_CXX_COMPILER="$CXX"} \
    -DLFQ_BENCH_LAYOUT="$layout" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
  [ "$layout" != first ] || [ -n "$list" ] || sed -n 's/^-- lfq: not measured/not measured/p' "$log"
  echo "Building in $build (minutes at first) ..." >&2
  cmake --build "$build" -j "$(parallel_jobs)" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
done

LFQ_BENCH_COMMIT=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
if [ -n "$(git status --porcelain -- include bench 2>/dev/null)" ]; then
  LFQ_BENCH_COMMIT="$LFQ_BENCH_COMMIT with changes"
fi
export LFQ_BENCH_COMMIT

rates=build/rates
rm -rf "$rates"
mkdir -p "$rates"
set -- $full ${rounds:+--rounds "$rounds"}
[ -z "$only" ] || set -- "$@" --only "$only"

outcome=0
asked=
build_of first
programs=$(cd "$build/bench" && ls -d ./*/*_*)
for program in $programs; do
  program=${program#./}
  build_of first
  [ -f "$build/bench/$program" ] && [ -x "$build/bench/$program" ] || continue
  rows=$("$build/bench/$program" "$@" --list 2>"$rates/said") || {
    code=$?
    cat "$rates/said" >&2
    case $code in
      64 | 77) exit $code ;; # every program would say the same
    esac
    outcome=1
    continue
  }
  [ -n "$rows" ] || [ -z "$only" ] || continue
  asked=yes
  if [ -n "$list" ]; then
    printf '%s\n' "$rows"
    continue
  fi
  for layout in $layouts; do
    build_of "$layout"
    [ "$layouts" = first ] || printf '\n[%s layout] ' "$layout"
    "$build/bench/$program" "$@" $smoke --csv "$rates/$layout.csv" || outcome=1
  done
done
[ -n "$asked" ] || refuse "--only $only fits no row; bench/run.sh --list names them all"
[ -z "$list$smoke" ] || exit $outcome

# keep LAYOUT CSV JSON DIR: its figures where they were asked for; an empty name keeps nothing.
keep() {
  [ -z "$2" ] || cp "$rates/$1.csv" "$2"
  [ -z "$3" ] || awk -f bench/csv.awk -f bench/json.awk "$rates/$1.csv" >"$3"
  [ -z "$4" ] || bench/plot.sh "$rates/$1.csv" "$4"
}
keep first "$csv" "$json" "$plot"
if [ "$layouts" != first ]; then
  printf '\nRatios in the first and in the second layout:\n'
  awk -f bench/csv.awk -f bench/layouts.awk "$rates/first.csv" "$rates/second.csv"
  keep second "${csv:+${csv%.csv}.second.csv}" "${json:+${json%.json}.second.json}" \
    "${plot:+$plot/second}"
fi
if [ -n "$report" ]; then
  set --
  for layout in $layouts; do set -- "$@" "$rates/$layout.csv"; done
  awk -f bench/csv.awk -f bench/tables.awk "$@" >"$report"
fi
exit $outcome
