// SPDX-License-Identifier: MIT
// bench/harness/looking.hpp — how a side that was refused looks again; the same for every
// contestant.
#pragma once

#include <lfq/base/pause.hpp>

#include <thread>

namespace bench {

/// Looks again at once.
struct spin {
    static constexpr const char* name = "spin";
    static void after_refusal() noexcept {}
};

/// Stays away for 64 pauses, about a microsecond, on both sides.
struct slip {
    static constexpr const char* name = "slip";
    static void after_refusal() noexcept {
        for (int i = 0; i < 64; ++i) lfq::cpu_pause();
    }
};

/// Stays away for 64 pauses, then gives up its turn: for threads that outnumber their cpus.
struct slip_and_yield {
    static constexpr const char* name = "slip, yield";
    static void after_refusal() noexcept {
        slip::after_refusal();
        std::this_thread::yield();
    }
};

}  // namespace bench
