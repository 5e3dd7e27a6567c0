#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: lfq touches shared memory through base/env.hpp only: no other header names std::atomic,
# std::atomic_ref, atomic builtins, volatile (inline assembly in base/ excepted) or a fence. The one
# fence is the sleep handshake's, in policy/sleep.hpp.
. tests/support/promise.sh

look() {
  awk '
    function bad(what) { print FILENAME ":" FNR ": " what }
    FILENAME ~ /lfq\/base\/env\.hpp$/ { next }
    {
      code = " " $0
      sub(/\/\/.*$/, "", code)
      if (FILENAME ~ /lfq\/base\//) gsub(/asm volatile/, "asm", code)
      if (code ~ /std::atomic|[^a-z_]atomic_(ref|flag|[a-z]+_fence|load|store|exchange)/)
        bad("atomics come from Env")
      if (code ~ /__atomic_|__sync_|_Interlocked|__c11_atomic/) bad("an atomic builtin")
      if (code ~ /[^a-z_]volatile[^a-z_]/) bad("volatile")
      if (code ~ /[^a-z_](fence|mfence|_mm_[lms]fence)\(/ && FILENAME !~ /lfq\/policy\/sleep\.hpp$/)
        bad("a fence outside the sleep handshake")
    }' $(cpp_files include) /dev/null
}

prove
