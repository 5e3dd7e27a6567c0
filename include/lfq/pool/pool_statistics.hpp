// SPDX-License-Identifier: MIT
// lfq/pool/pool_statistics.hpp — what a pool can tell about itself.
// Room: pool (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// A snapshot; each number was true at some moment, not all at the same one.
///
/// Threads   anyone may ask for one. Exact for a caller behind everything that happened, as after a
///           join; approximate for observers beside running threads.
/// Progress  wait-free, in the number of caches that there may be.
/// Order     none is promised.
struct pool_statistics {
    /// Objects in all.
    std::uint64_t capacity = 0;
    /// Objects that were handed out.
    std::uint64_t taken = 0;
    /// Those that came back, by a cache or by a handle's end. What is missing is out, or on its way
    /// to another home.
    std::uint64_t given_back = 0;
    /// How often take() had none.
    std::uint64_t refused = 0;
    /// No more objects than these were out at once. What caches held, and what came back one by
    /// one and was not taken again, is counted as out; so it is at most the capacity, and never
    /// less than a magazine once something was taken.
    std::uint64_t high_water = 0;
};

}  // namespace lfq::inline LFQ_ABI
