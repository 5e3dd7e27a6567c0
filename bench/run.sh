#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds lfq's benchmarks and runs them beside every peer that is found; on Debian it first installs
# the peers.
#
# usage: bench/run.sh [--only REGEX] [--csv FILE] [--full] [--smoke] [--native]
#
#   --only REGEX  questions or rows, as in ring/spsc_1p1c_throughput/8B/65536/boost
#   --csv FILE    also write question,subject,metric,median,low,high,unit
#   --full        every cell, and rounds until the ratios have settled
#   --smoke       every row once or twice with few values: checks contents and order, no rates
#   --native      built for this machine only (-march=native)
#
# CXX=clang++ chooses another compiler. LFQ_BENCH_CPUS=2,3 chooses other cpus. LFQ_NO_INSTALL=1
# leaves the packages alone. Another peer is measured when its header is on CPLUS_INCLUDE_PATH.
# Exit code: 1 if a ring of lfq lost, repeated or reordered a value.
set -eu
called_from=$PWD
cd "$(dirname "$0")/.."
. cmake/need.sh

preset=bench
smoke=
csv=
only=
full=
native=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0"
      exit 0
      ;;
    --only | --csv)
      [ $# -gt 1 ] || { echo "bench/run.sh: $1 needs a value" >&2; exit 64; }
      if [ "$1" = --only ]; then only=$2; else csv=$2; fi
      shift
      ;;
    --full) full=--full ;;
    --smoke) smoke=--smoke preset=smoke ;; # no rates, so not optimised
    --native) native=1 ;;
    *)
      echo "bench/run.sh: not understood: $1; there are --only --csv --full --smoke --native" >&2
      exit 64
      ;;
  esac
  shift
done

[ -z "$native" ] || preset=native

case ${CXX-} in
  *clang*) compiler=clang ;;
  *) compiler=g++ ;;
esac
need cmake ninja-build "$compiler" libboost-dev libatomic-queue-dev libreaderwriterqueue-dev \
  libconcurrentqueue-dev libtbb-dev libxenium-dev

# A compiler of its own gets a build directory of its own.
build=build/$preset${CXX:+-$(basename "$CXX")}
log=$build.log
mkdir -p build
cmake --preset "$preset" -B "$build" ${CXX:+-DCMAKE_CXX_COMPILER="$CXX"} >"$log" 2>&1 ||
  { cat "$log" >&2; exit 1; }
sed -n 's/^-- lfq: not measured/not measured/p' "$log"
echo "Building in $build (a few minutes at first) ..." >&2
cmake --build "$build" -j "$(parallel_jobs)" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }

LFQ_BENCH_COMMIT=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
if [ -n "$(git status --porcelain -- include bench 2>/dev/null)" ]; then
  LFQ_BENCH_COMMIT="$LFQ_BENCH_COMMIT with changes"
fi
export LFQ_BENCH_COMMIT

set -- $full $smoke
[ -z "$only" ] || set -- "$@" --only "$only"
if [ -n "$csv" ]; then
  case $csv in
    /*) ;;
    *) csv=$called_from/$csv ;;
  esac
  rm -f "$csv"
  set -- "$@" --csv "$csv"
fi

outcome=0
for program in "$build"/bench/*/*_*; do
  if [ -f "$program" ] && [ -x "$program" ]; then
    "$program" "$@" || outcome=1
  fi
done
exit $outcome
