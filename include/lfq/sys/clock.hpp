// SPDX-License-Identifier: MIT
// lfq/sys/clock.hpp — what time it is, and giving up one's turn.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <chrono>
#include <cstdint>
#include <thread>

namespace lfq::inline LFQ_ABI::sys {

/// The monotonic clock in nanoseconds, from an arbitrary start. About 20 ns a look on Linux.
struct clock {
    [[nodiscard]] static std::int64_t now_ns() noexcept {
        const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::nanoseconds>(since_start).count();
    }

    /// Lets another runnable thread have this core.
    static void yield() noexcept { std::this_thread::yield(); }
};

}  // namespace lfq::inline LFQ_ABI::sys
