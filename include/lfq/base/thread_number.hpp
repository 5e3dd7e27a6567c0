// SPDX-License-Identifier: MIT
// lfq/base/thread_number.hpp — a small number for each thread, so that threads count apart.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>

#include <cstddef>

namespace lfq::inline LFQ_ABI {

/// How many threads have asked for their number.
inline std_env::atomic<std::size_t> thread_numbers_dealt{0};

/// From 1 on, in the order in which threads ask first; the same for the rest of the thread's life.
/// Numbers are not dealt again.
[[nodiscard]] inline std::size_t this_thread_number() noexcept {
    static thread_local std::size_t number = 0;
    if (number == 0) [[unlikely]] {
        // own: only that no two are alike matters.
        number = thread_numbers_dealt.fetch_add(1, std::memory_order_relaxed) + 1;
    }
    return number;
}

}  // namespace lfq::inline LFQ_ABI
