// SPDX-License-Identifier: MIT
// lfq/ring/message_statistics.hpp — what a ring of messages can tell about itself.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/lone_counter.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// A snapshot; each number was true at some moment, not all at the same one.
///
/// Threads   anyone may ask for one. Exact for a caller behind everything that happened, as after a
///           join; approximate for observers beside running threads, whose numbers lag.
/// Progress  wait-free.
/// Order     none is promised: what a number counts need not be visible to who reads it.
struct message_statistics {
    /// Messages committed, and the bytes in them.
    std::uint64_t published = 0;
    std::uint64_t published_bytes = 0;
    /// Messages consumed, and the bytes in them.
    std::uint64_t consumed = 0;
    std::uint64_t consumed_bytes = 0;
    /// Messages that found the ring full or closed: try_ verbs and claims that were refused, and
    /// push_for that ran out of time. For a producer that does not try again, what it dropped.
    std::uint64_t refused_pushes = 0;
    /// try_ verbs that answered empty, and pop_for that ran out of time.
    std::uint64_t refused_pops = 0;
    /// No more bytes than these were taken at once, lengths and rounding included. Approximate for
    /// observers.
    std::uint64_t high_water_bytes = 0;

    /// Of several rings together; the high-water mark is the highest.
    void add(const message_statistics& other) noexcept;
    /// What came after an earlier snapshot of the same ring; the high-water mark is of all time.
    [[nodiscard]] message_statistics since(const message_statistics& before) const noexcept;
};

inline void message_statistics::add(const message_statistics& other) noexcept {
    published += other.published;
    published_bytes += other.published_bytes;
    consumed += other.consumed;
    consumed_bytes += other.consumed_bytes;
    refused_pushes += other.refused_pushes;
    refused_pops += other.refused_pops;
    high_water_bytes = std::max(high_water_bytes, other.high_water_bytes);
}

inline message_statistics message_statistics::since(
    const message_statistics& before) const noexcept {
    message_statistics now = *this;
    now.published -= before.published;
    now.published_bytes -= before.published_bytes;
    now.consumed -= before.consumed;
    now.consumed_bytes -= before.consumed_bytes;
    now.refused_pushes -= before.refused_pushes;
    now.refused_pops -= before.refused_pops;
    return now;
}

/// What one side of a ring of messages counts.
template <class Env>
struct message_tally {
    lone_counter<Env> messages;
    lone_counter<Env> bytes;

    void add(std::size_t more_messages, std::size_t more_bytes) noexcept {
        messages.set(messages.read() + more_messages);
        bytes.set(bytes.read() + more_bytes);
    }
};

}  // namespace lfq::inline LFQ_ABI
