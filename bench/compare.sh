#!/bin/sh
# SPDX-License-Identifier: MIT
# Is the second of two commits faster than the first? Builds both in worktrees, runs them in turns,
# the order of each pair reversed from one to the next, and says of each row whether the difference
# is real: the median of the pairs' ratios (second / first) with its 95 % interval.
#
# usage: bench/compare.sh A B [--program REGEX] [--only REGEX] [--pairs N] [--rounds N] [--native]
#
#   A, B             commits, branches or tags; each brings its own benchmarks
#   --program REGEX  programs to build and run, as in ring/spsc_1p1c_throughput (default: all)
#   --only REGEX     rows (default: lfq::)
#   --pairs N        pairs of runs, 6 or more (default: 9)
#   --rounds N       rounds within a run (default: 3)
#   --native         built for this machine only (-march=native)
#
# The worktrees stay in build/compare, so that a second comparison builds little. On Debian it first
# installs the peers, as bench/run.sh does; LFQ_NO_INSTALL=1 leaves the packages alone.
set -eu
cd "$(dirname "$0")/.."

refuse() {
  echo "bench/compare.sh: $1" >&2
  exit 64
}
number() {
  case $2 in
    '' | *[!0-9]* | 0) refuse "$1 needs a number from 1 on, not '$2'" ;;
  esac
}

[ "${1-}" != -h ] && [ "${1-}" != --help ] || {
  sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0"
  exit 0
}
[ $# -ge 2 ] || refuse "needs two commits, as in: bench/compare.sh main~1 main"
for commit in "$1" "$2"; do
  case $commit in
    -*) refuse "needs two commits first, not '$commit'" ;;
  esac
  git rev-parse -q --verify "$commit^{commit}" >/dev/null || refuse "there is no commit '$commit'"
done
first=$(git rev-parse --short "$1^{commit}")
second=$(git rev-parse --short "$2^{commit}")
shift 2
programs=.
only=lfq::
pairs=9
rounds=3
preset=bench
while [ $# -gt 0 ]; do
  case $1 in
    --program | --only | --pairs | --rounds)
      [ -n "${2-}" ] || refuse "$1 needs a value"
      case $1 in
        --program) programs=$2 ;;
        --only) only=$2 ;;
        --pairs) number "$1" "$2" && pairs=$2 ;;
        --rounds) number "$1" "$2" && rounds=$2 ;;
      esac
      shift
      ;;
    --native) preset=native ;;
    *) refuse "there is no '$1'; there are --program --only --pairs --rounds --native" ;;
  esac
  shift
done
[ "$pairs" -ge 6 ] || refuse "--pairs needs 6 or more: fewer have no 95 % interval"
printf '' | grep -qE -e "$only" 2>/dev/null || [ $? != 2 ] ||
  refuse "--only needs a regular expression, not '$only'"
[ "$first" != "$second" ] || refuse "both are commit $first"
printf '' | grep -qE -e "$programs" 2>/dev/null || [ $? != 2 ] ||
  refuse "--program needs a regular expression, not '$programs'"
for commit in "$first" "$second"; do
  there=$(git ls-tree -r --name-only "$commit" bench |
    sed -n 's/^bench\/\(.*_.*_.*\)\.cpp$/\1/p')
  printf '%s\n' "$there" | grep -qE -e "$programs" ||
    refuse "--program $programs fits no program of $commit; there are
$there"
done
. bench/need_peers.sh
need_peers

# build COMMIT: leaves the names of its selected programs in `names`, one a line.
build() {
  tree=build/compare/$1
  [ -d "$tree" ] || git worktree add -q --detach "$tree" "$1" >&2
  names=$(cd "$tree/bench" && ls */*_*_*.cpp | sed 's/\.cpp$//' | grep -E -e "$programs")
  log=$tree.log
  # Word splitting of the targets is meant.
  (
    cd "$tree" && cmake --preset "$preset" &&
      cmake --build "build/$preset" -j "$(parallel_jobs)" \
        --target $(printf '%s\n' "$names" | sed 's/.*\//bench_/')
  ) >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "bench/compare.sh: $1 does not build ($log)" >&2
    exit 1
  }
}

# run SIDE COMMIT PAIR: one run of the programs, into the pair's CSV.
run() {
  csv=build/compare/rates/$1.$3.csv
  for program in $selected; do
    file=build/compare/$2/build/$preset/bench/$program
    [ -x "$file" ] || continue
    "$file" --list --rounds "$rounds" >/dev/null 2>&1 && how="--rounds $rounds" || how=
    LFQ_BENCH_COMMIT=$2 "$file" --only "$only" $how --csv "$csv" >>build/compare/runs.log 2>&1 ||
      echo "$2 $program: exit code $? (build/compare/runs.log)" >&2
  done
}

echo "Building $first and $second ..." >&2
mkdir -p build/compare
build "$first"
selected=$names
build "$second"
selected=$(printf '%s\n' "$selected" "$names" | sort -u)
rm -rf build/compare/rates build/compare/runs.log
mkdir -p build/compare/rates
pair=1
while [ "$pair" -le "$pairs" ]; do
  echo "pair $pair of $pairs" >&2
  if [ $((pair % 2)) = 1 ]; then
    run a "$first" "$pair"
    run b "$second" "$pair"
  else
    run b "$second" "$pair"
    run a "$first" "$pair"
  fi
  pair=$((pair + 1))
done
echo "$second / $first, $preset build"
awk -f bench/csv.awk -f bench/compare.awk build/compare/rates/*.csv
