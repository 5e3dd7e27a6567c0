// SPDX-License-Identifier: MIT
// lfq/ring/direct.hpp — planted: goes to shared memory past the seam.
// Room: ring (floor 3). Reads: nothing.
#pragma once

#include <atomic>

inline std::atomic<int> word;
inline volatile int flag;
inline void touch(int* shared) {
    __atomic_store_n(shared, 1, __ATOMIC_SEQ_CST);
    std_env::fence(std::memory_order_seq_cst);
    asm volatile("");
    std::atomic_ref<int>(*shared).store(1);  // a comment about std::atomic is no violation
}
