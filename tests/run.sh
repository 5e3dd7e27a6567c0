#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds lfq's tests and runs them; on Debian it first installs what they need.
#
# usage: tests/run.sh [kind ...] [--debug | --asan | --tsan | --clang]
#
#   kinds      unit property stress model mutants compile tidy package broker fuzz, and, only when
#              named, model-deep fuzz-long, half an hour each; none means all others, under --asan
#              and --tsan all whose outcome depends on the build: unit property stress broker
#   --debug    not optimised, with checks and symbols
#   --asan     by clang++, with checks, under AddressSanitizer and UndefinedBehaviorSanitizer
#   --tsan     by clang++, under ThreadSanitizer; of unit and property, those that start threads
#   --clang    by clang++ instead of the machine's g++
#
# LFQ_SEED=<number> repeats a random test. LFQ_NO_INSTALL=1 leaves the packages alone.
set -eu
cd "$(dirname "$0")/.."
. cmake/need.sh

all_kinds="unit property stress model model-deep mutants compile tidy package broker fuzz fuzz-long"
kinds=
preset=test
for argument in "$@"; do
  case $argument in
    -h | --help)
      sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0"
      exit 0
      ;;
    --debug | --asan | --tsan | --clang)
      if [ "$preset" != test ]; then
        echo "tests/run.sh: --$preset and $argument exclude each other" >&2
        exit 2
      fi
      preset=${argument#--}
      ;;
    -*)
      echo "tests/run.sh: unknown option $argument; there are --debug --asan --tsan --clang -h" >&2
      exit 2
      ;;
    *)
      case " $all_kinds " in
        *" $argument "*) kinds="$kinds $argument" ;;
        *)
          echo "tests/run.sh: unknown kind '$argument'; the kinds are: $all_kinds" >&2
          exit 2
          ;;
      esac
      ;;
  esac
done
if [ -z "$kinds" ]; then
  case $preset in
    asan | tsan) kinds="unit property stress broker" ;;
    *) for kind in $all_kinds; do
      case $kind in *-deep | *-long) ;; *) kinds="$kinds $kind" ;; esac
    done ;;
  esac
fi

packages="cmake ninja-build g++ catch2"
case $preset in
  clang) packages="$packages clang" ;;
  asan | tsan) packages="$packages clang libclang-rt-dev" ;;
esac
for kind in $kinds; do
  case $kind in
    unit | property | compile) packages="$packages libhwloc-dev numactl" ;;
    model) packages="$packages relacy-dev" ;;
    mutants) packages="$packages patch" ;;
    package) packages="$packages git libhwloc-dev pkgconf" ;;
    broker | fuzz*) packages="$packages libboost-dev libcli11-dev libspdlog-dev libyaml-cpp-dev" ;;
  esac
  case $kind in
    fuzz-long) packages="$packages clang libclang-rt-dev" ;; # fuzz does without
  esac
done
need $packages

targets=
labels=
say=--output-on-failure
for kind in $kinds; do
  targets="$targets lfq_tests_$kind"
  labels="$labels|$kind"
  case $kind in *-deep | *-long) say=--verbose ;; esac # what it found, too
done
jobs=$(parallel_jobs)
cmake --preset "$preset"
cmake --build --preset "$preset" -j "$jobs" --target $targets
exec ctest --test-dir "build/$preset" -C named -L "^(${labels#|})\$" -j "$jobs" \
  "$say" --no-tests=error
