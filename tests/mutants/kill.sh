#!/bin/sh
# SPDX-License-Identifier: MIT
# Applies one mutant to a copy of include/ and demands that a check of the test it names fails.
#
# usage: kill.sh <scratch folder> <mutant.patch> <compiler> [flags and libraries...]
#
# A mutant is what `git diff -U2 include` prints, below two lines of its own:
#
#   Promise: <what it breaks, in one sentence>
#   Killed by: <test source> [beginning of a scenario's name, or Catch's name of a case]
#
# Whatever does not end in a failed check is an error of the list, and said in one sentence.
# LFQ_MUTANT_SECONDS=<number> is how long the test may run; 60 if nothing is said.
set -eu
tree=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$1
mutant=$2
compiler=$3
shift 3
seconds=${LFQ_MUTANT_SECONDS:-60}

# error SENTENCE [FILE]
error() {
  echo "error: ${mutant##*/mutants/} $1"
  [ $# = 1 ] || head -n 30 "$2"
  exit 1
}

killer=$(sed -n 's/^Killed by: *\([^ ]*\).*/\1/p' "$mutant")
filter=$(sed -n 's/^Killed by: *[^ ]* *//p' "$mutant")
grep -q '^Promise: .' "$mutant" || error "names no promise"
[ -n "$killer" ] || error "names no killer"
[ -f "$tree/$killer" ] || error "names a killer that does not exist: $killer"

for word in "$@"; do
  case $word in
    *.a) [ -f "$word" ] || error "has to wait: $word is not built (target lfq_tests_mutants)" ;;
  esac
done

rm -rf "$scratch"
mkdir -p "$scratch"
cp -R "$tree/include" "$scratch/include"
patch --batch --forward --fuzz=0 -p1 -d "$scratch" <"$mutant" >"$scratch/patch.log" 2>&1 ||
  error "does not apply: make its mistake again in the text of today" "$scratch/patch.log"

case $killer in
  *.model.cpp)
    includes=-I$tree/tests/model
    command=check
    ;;
  *)
    includes=-I$tree/tests
    command=--abort # else the status counts failures, and looks like a signal
    ;;
esac
awk -v name="$filter" -f "$tree/tests/mutants/only.awk" "$tree/$killer" >"$scratch/killer.cpp"
"$compiler" -w -std=c++20 -I"$scratch/include" "$includes" "$scratch/killer.cpp" \
  -o "$scratch/program" "$@" >"$scratch/compiler.log" 2>&1 ||
  error "does not compile" "$scratch/compiler.log"

status=0
(
  ulimit -f 65536 # an endless loop that prints must not fill the disk
  exec timeout "$seconds" "$scratch/program" $command ${filter:+"$filter"}
) >"$scratch/log" 2>&1 || status=$?
rm -f "$scratch/program"

# What Catch calls FAILED may also be a signal or an exception outside of an assertion.
case $command in
  check) failed=$(grep -m 1 -E '^(data race|failed check|lifetime|stuck) ' "$scratch/log") ;;
  *)
    failed=$(grep -A 1 ': FAILED:$' "$scratch/log" |
      grep -m 1 -E '^( +CHECK| +REQUIRE|explicitly)')
    ;;
esac || failed=
if [ "$status" = 124 ]; then
  error "ends only by the clock, after $seconds s in $killer $filter" "$scratch/log"
elif [ "$status" -gt 128 ]; then
  error "ends by signal $((status - 128)), not by a failed check of $killer $filter" "$scratch/log"
elif grep -q -E '^(limit|NOT EXHAUSTED) ' "$scratch/log"; then
  error "ends by a limit of the search, not by a failed check of $killer $filter" "$scratch/log"
elif grep -q -i -E '^no (scenario begins|tests ran|test cases matched)' "$scratch/log"; then
  error "names a killer that runs no test: $killer $filter" "$scratch/log"
elif [ "$status" = 0 ]; then
  error "survives: $killer $filter holds with it" "$scratch/log"
elif [ -z "$failed" ]; then
  error "ends with status $status, not by a failed check of $killer $filter" "$scratch/log"
fi
echo "killed by $killer, as: $failed"
