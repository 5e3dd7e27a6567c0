// SPDX-License-Identifier: MIT
// lfq/ring/ring_statistics.hpp — what a ring can tell about itself.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// A snapshot; each number was true at some moment, not all at the same one.
///
/// Threads   anyone may ask for one. Exact for a caller behind everything that happened, as after a
///           join; approximate for observers beside running threads, whose numbers lag.
/// Progress  wait-free.
/// Order     none is promised: what a number counts need not be visible to who reads it.
struct ring_statistics {
    /// Slots claimed by producers, skipped and unfinished ones included; on mpsc_ring, for a
    /// moment, also one of a push that a close is just refusing.
    std::uint64_t published = 0;
    /// Slots freed by the consumer, skipped ones included; never more than published.
    std::uint64_t consumed = 0;
    /// try_ verbs that answered full or closed, and push_for that ran out of time.
    std::uint64_t refused_pushes = 0;
    /// try_ verbs that answered empty, and pop_for that ran out of time.
    std::uint64_t refused_pops = 0;
    /// Claimed slots that were abandoned and stepped over.
    std::uint64_t skipped = 0;
    /// No more slots than these could be taken at once; never above the capacity. Approximate for
    /// observers: it may lack what the consumer's last looks found.
    std::uint64_t high_water = 0;
};

}  // namespace lfq::inline LFQ_ABI
