#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: no lock on the data path: lfq itself, and the broker's core/ and net/, use no mutex, no
# condition variable, no semaphore, and nothing of the standard library that hides one. A pool's
# lease and give_back hold one, in message_ring_pool.hpp; its rings do not.
. tests/support/promise.sh

look() {
  awk '
    function bad(what) { print FILENAME ":" FNR ": " what }
    {
      code = " " $0
      sub(/\/\/.*$/, "", code)
      gsub(/[^a-z_#]+/, " ", code)
      if (code ~ /^ # ?include .*(mutex|condition_variable|semaphore|future|pthread) /)
        bad("includes a lock")
      else if (match(code, / [a-z_]*(mutex|condition_variable|_lock|lock_guard|semaphore) /) ||
          match(code, / (call_once|promise|future|pthread_[a-z_]+) /))
        bad("a lock:" substr(code, RSTART, RLENGTH - 1))
    }' $(cpp_files include examples/broker/core examples/broker/net |
    grep -v '^include/lfq/ring/message_ring_pool\.hpp$') /dev/null
}

prove
