#!/bin/sh
# SPDX-License-Identifier: MIT
# The seam for the checker costs nothing: hot.cpp compiles to the same instructions from the headers
# as they are and from a copy in which the seam is replaced by std::atomic, plain fields, copies and
# std_env's fence themselves. A planted fence must show.
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
  -e 's/Env::touch_\(read\|write\)([^;]*;/static_cast<void>(part);/g' \
  -e 's/Env::first_position/std::uint64_t{0}/g' {} +
sed -n 's/.*\(Env::[a-z_]*\).*/\1/p' "$scratch"/direct/lfq/ring/*.hpp \
  "$scratch"/direct/lfq/pool/*.hpp "$scratch"/direct/lfq/base/lone_counter.hpp \
  "$scratch"/direct/lfq/dedup/*.hpp "$scratch"/direct/lfq/policy/*.hpp | sort -u >"$scratch/left"
if [ -s "$scratch/left" ]; then
  echo "the copy still goes through the seam; teach this script about:"
  cat "$scratch/left"
  exit 1
fi

# instructions <output> <include folder> [flag]: what is left is labels, instructions and constants.
instructions() {
  output=$1
  headers=$2
  shift 2
  "$compiler" $flags "$@" -I"$headers" -S -o "$output" "$here/hot.cpp"
  sed -i -e '/^[[:space:]]*\.\(file\|loc\|ident\|cfi\|size\|section\)/d' \
    -e '/^[[:space:]]*#/d' "$output"
}
compiler=$1
shift
flags="$* -std=c++20 -O2 -DNDEBUG -g0"
instructions "$scratch/as_is.s" "$include"
instructions "$scratch/direct.s" "$scratch/direct"
instructions "$scratch/planted.s" "$include" -DPLANTED

if ! diff "$scratch/as_is.s" "$scratch/direct.s" >"$scratch/difference"; then
  echo "the seam changes the code:"
  head -n 40 "$scratch/difference"
  exit 1
fi
if diff -q "$scratch/as_is.s" "$scratch/planted.s" >/dev/null; then
  echo "a planted fence was not seen: this test shows nothing"
  exit 1
fi
echo "the same code both ways: $(wc -l <"$scratch/as_is.s") lines"
