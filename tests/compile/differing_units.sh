#!/bin/sh
# SPDX-License-Identifier: MIT
# differing_units.sh FOLDER COMPILER...: two units of one program link when they were built alike,
# and do not link when one was built with another line size, with checks, or for other registers:
# the two would differ in layout or code.
set -eu
folder=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$@" -DNDEBUG -c "$folder/odr_second.cpp" -o "$work/second.o"
"$@" -DNDEBUG -c "$folder/odr_first.cpp" -o "$work/alike.o"
"$@" "$work/alike.o" "$work/second.o" -o "$work/program" -pthread
for difference in LFQ_CACHE_LINE=128 LFQ_CHECKED=1 LFQ_SIMD=1; do
  "$@" -DNDEBUG "-D$difference" -c "$folder/odr_first.cpp" -o "$work/different.o"
  if said=$("$@" "$work/different.o" "$work/second.o" -o "$work/program" -pthread 2>&1); then
    echo "a unit built with $difference links with one built without"
    exit 1
  fi
  printf '%s\n' "$said" | grep 'undefined reference to .*lfq::v' # else it failed for another reason
done
