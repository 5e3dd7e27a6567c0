// SPDX-License-Identifier: MIT
// bench/harness/ticks.hpp — the cheapest clock there is, for times of some nanoseconds.
#pragma once

#include "harness/keep.hpp"
#include "harness/team.hpp"

#include <chrono>
#include <cstdint>

namespace bench {

/// Does not wait for what came before: only differences between one reading and the next, without a
/// gap, miss nothing.
[[nodiscard]] inline std::uint64_t ticks() {
    memory_changed();
#if defined(__x86_64__)
    const std::uint64_t now = __builtin_ia32_rdtsc();
#else
    const auto now = static_cast<std::uint64_t>(steady::now().time_since_epoch().count());
#endif
    memory_changed();
    return now;
}

/// Measured once, over 20 ms.
[[nodiscard]] inline double ns_per_tick() {
    static const double measured = [] {
        const steady::time_point began = steady::now();
        const std::uint64_t first = ticks();
        while (steady::now() - began < std::chrono::milliseconds(20)) {
        }
        const std::uint64_t count = ticks() - first;
        const std::chrono::duration<double, std::nano> took = steady::now() - began;
        return took.count() / static_cast<double>(count);
    }();
    return measured;
}

}  // namespace bench
