// SPDX-License-Identifier: MIT
// bench/harness/looking.hpp — how a side that was refused looks again; the same for every
// contestant.
#pragma once

#include <lfq/base/pause.hpp>

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

}  // namespace bench
