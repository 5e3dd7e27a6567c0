// SPDX-License-Identifier: MIT
// lfq/dedup/answers.hpp — what a deduplicator is told, what it says, and what it counts.
// Room: dedup (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

namespace dedup {

enum class answer : std::uint8_t {
    fresh,  // not in the window until now; it is now
    seen,  // in the window already
    full,  // not in the window, and no room where it belongs: nothing was decided, nothing kept
};
using enum answer;

/// A window of the last so many keys that were fresh; less a chunk for each thread that stands
/// inside a call. A chunk is keys / 4096, rounded down to a power of two, from 1 to 64.
struct by_count {
    std::size_t keys;
};

/// A window of so much time, by the clock of whoever calls and in its unit, with room for so many
/// keys that are fresh in it.
struct by_time {
    std::uint64_t window;
    std::size_t keys;
};

/// How many of each a batch had.
struct tally {
    std::size_t fresh = 0;
    std::size_t seen = 0;
    std::size_t full = 0;

    void add(answer one) noexcept {
        fresh += static_cast<std::size_t>(one == answer::fresh);
        seen += static_cast<std::size_t>(one == answer::seen);
        full += static_cast<std::size_t>(one == answer::full);
    }
    void add(const tally& more) noexcept {
        fresh += more.fresh;
        seen += more.seen;
        full += more.full;
    }
};

/// A snapshot; each number was true at some moment, not all at the same one.
///
/// Threads   anyone may ask for one. Exact for a caller behind everything that happened, as after a
///           join.
/// Progress  wait-free.
/// Order     none is promised.
struct statistics {
    /// Answers since construction.
    std::uint64_t fresh = 0;
    std::uint64_t seen = 0;
    std::uint64_t full = 0;
    /// Which generation it is: time, or keys, divided by the length of one.
    std::uint64_t generation = 0;
    /// Keys in the window: counted in a part of the table, exact where the table is small.
    std::uint64_t live_approx = 0;
    /// Of the words for keys that the table has.
    std::uint64_t capacity = 0;
};

}  // namespace dedup

}  // namespace lfq::inline LFQ_ABI
