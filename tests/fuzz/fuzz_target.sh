#!/bin/sh
# SPDX-License-Identifier: MIT
# Lets one libFuzzer program look for inputs that break a promise, and says what came of it.
#
# usage: tests/fuzz/fuzz_target.sh fuzz|fuzz-long PROGRAM
#
#   fuzz       4 seconds from the corpus, always with the same seed
#   fuzz-long  300 seconds from the corpus and what the last long run found, with a new seed
#
# LFQ_SEED=<number> and LFQ_FUZZ_SECONDS=<number> choose others. Inputs that reach new code, inputs
# that break a promise and the log stay beside the program, in found/.
set -eu
kind=$1
program=$2
target=${program##*/lfq_fuzz_}
tests=$(cd "$(dirname "$0")" && pwd)
found=$(dirname "$program")/found/$kind/$target
case $kind in
  fuzz)
    seed=${LFQ_SEED:-1}
    seconds=${LFQ_FUZZ_SECONDS:-4}
    rm -rf "$found"
    ;;
  fuzz-long)
    seed=${LFQ_SEED:-$(date +%s)}
    seconds=${LFQ_FUZZ_SECONDS:-300}
    ;;
  *)
    echo "fuzz_target.sh: unknown kind '$kind'; there are fuzz fuzz-long" >&2
    exit 2
    ;;
esac
if [ ! -x "$program" ]; then
  echo "$program is not built" >&2
  exit 1
fi
mkdir -p "$found/new" "$found/broken"
dictionary=
[ ! -f "$tests/$target.dict" ] || dictionary=-dict=$tests/$target.dict

echo "$target: seed $seed, $seconds s"
status=0
"$program" -seed="$seed" -max_total_time="$seconds" -max_len=512 -timeout=10 -rss_limit_mb=1024 \
  -print_final_stats=1 -artifact_prefix="$found/broken/" $dictionary \
  "$found/new" "$tests/corpus/$target" >"$found/log" 2>&1 || status=$?
figure() {
  sed -n "s/^stat::$1: *//p" "$found/log"
}
echo "$target: $(figure number_of_executed_units) executions," \
  "$(figure average_exec_per_sec) a second, $(figure new_units_added) inputs reached new code"
[ "$status" != 0 ] || exit 0

tail -n 60 "$found/log"
for input in "$found"/broken/*; do
  [ -f "$input" ] || continue
  echo "$target: an input that breaks a promise: $input"
  echo "replay: $program $input"
done
exit "$status"
