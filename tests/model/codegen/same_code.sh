#!/bin/sh
# SPDX-License-Identifier: MIT
# What makes the rings general costs nothing. hot.cpp compiles to the same instructions from the
# headers as they are and from a copy in which the seam for the checker is replaced by std::atomic,
# plain fields, copies and std_env's fence themselves; spinning.cpp, whose waits wake nobody, from
# the headers and from a copy in which no waiter is told anything. What is planted must show.
#
# usage: same_code.sh <scratch folder> <compiler> [flags...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
include=$here/../../../include
scratch=$1
shift
rm -rf "$scratch"
mkdir -p "$scratch"
cp -R "$include" "$scratch/direct"
find "$scratch/direct/lfq/ring" "$scratch/direct/lfq/pool" "$scratch/direct/lfq/dedup" \
  "$scratch/direct/lfq/policy" "$scratch/direct/lfq/base/lone_counter.hpp" \
  -name '*.hpp' -exec sed -i \
  -e 's/\(Ring\|Side\)::env::/Env::/g' \
  -e 's/typename Env::template atomic</std::atomic</g' \
  -e 's/typename Env::template plain<\([^>]*\)>/std::type_identity_t<\1>/g' \
  -e 's/Env::fence(/std_env::fence(/g' \
  -e 's/Env::pause(/cpu_pause(/g' \
  -e 's/Env::copy_in(/copy_fresh(/g' \
  -e 's/Env::copy_out(/std::memcpy(/g' \
  -e 's/Env::touch_\(read\|write\)\(([^;]*)\);/static_cast<void>(\2);/g' \
  -e 's/Env::first_position/std::uint64_t{0}/g' {} +
sed -n 's/.*\(Env::[a-z_]*\).*/\1/p' "$scratch"/direct/lfq/ring/*.hpp \
  "$scratch"/direct/lfq/pool/*.hpp "$scratch"/direct/lfq/base/lone_counter.hpp \
  "$scratch"/direct/lfq/dedup/*.hpp "$scratch"/direct/lfq/policy/*.hpp | sort -u >"$scratch/left"
if [ -s "$scratch/left" ]; then
  echo "the copy still goes through the seam; teach this script about:"
  cat "$scratch/left"
  exit 1
fi

cp -R "$include" "$scratch/untold"
rings=$scratch/untold/lfq/ring
find "$rings" -name '*.hpp' -exec sed -i \
  -e 's/[^ ]*waiter\(_\|()\)\.\(published\|freed\|ended\)();/static_cast<void>(0);/' {} +
if grep -rnE 'waiter(_|\(\))\.(published|freed|ended)\(' "$rings" >"$scratch/left"; then
  echo "the copy still tells a waiter; teach this script about:"
  cat "$scratch/left"
  exit 1
fi

# instructions <output> <source> <include folder> [flag]: what is left is labels, instructions and
# constants.
instructions() {
  output=$scratch/$1
  source=$here/$2
  headers=$3
  shift 3
  "$compiler" $flags "$@" -I"$headers" -S -o "$output" "$source"
  sed -i -e '/^[[:space:]]*\.\(file\|loc\|ident\|cfi\|size\|section\)/d' \
    -e '/^[[:space:]]*#/d' -e 's/\.L\(F[SBE]*\|LSDA[A-Z]*\|EHB\|EHE\)[0-9]*/.L\1/g' "$output"
}
# same <source> <copy> <what costs nothing>
same() {
  instructions as_is.s "$1" "$include"
  instructions copy.s "$1" "$2"
  instructions planted.s "$1" "$include" -DPLANTED
  if ! diff "$scratch/as_is.s" "$scratch/copy.s" >"$scratch/difference"; then
    echo "$1: $3 changes the code:"
    head -n 40 "$scratch/difference"
    exit 1
  fi
  if diff -q "$scratch/as_is.s" "$scratch/planted.s" >/dev/null; then
    echo "$1: what was planted was not seen: this test shows nothing"
    exit 1
  fi
  echo "$1: the same code without $3: $(wc -l <"$scratch/as_is.s") lines"
}
compiler=$1
shift
flags="$* -w -std=c++20 -O2 -DNDEBUG -g0"
same hot.cpp "$scratch/direct" "the seam"
same spinning.cpp "$scratch/untold" "a waiter"
