// SPDX-License-Identifier: MIT
// broker/core/tally.hpp — whether an event with several copies reached anybody.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/event.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace broker::core {

/// The books count events, but copies are delivered and lost one by one. An event with one copy
/// needs no record. For one with more, the seven header bytes before the topic, which nobody reads
/// once the frame is decoded, always hold an aligned word: copies that are undecided, and a bit
/// that says whether one was delivered.
///
/// Threads   the dispatcher begins it; then every holder of a copy decides it once.
/// Order     none but the word's own: the copies travelled through rings.
class tally {
public:
    /// `offset` is that of the topic, at least 7.
    tally(slab& block, std::uint32_t offset) noexcept
        : word_(*reinterpret_cast<std::uint32_t*>(block.bytes + ((offset - 4U) & ~3U))) {}

    void begin(std::uint32_t copies) noexcept {
        word_.store(copies, std::memory_order_relaxed);  // own: no copy has left yet
    }

    /// The copy was delivered. True: it was the first, so the event is delivered.
    [[nodiscard]] bool delivered() noexcept {
        std::uint32_t seen = word_.load(std::memory_order_relaxed);  // hint: checked below
        // own: only this word is decided by it.
        while (!word_.compare_exchange_weak(seen, (seen - 1) | delivered_bit,
            std::memory_order_relaxed, std::memory_order_relaxed)) {
        }
        return (seen & delivered_bit) == 0;
    }

    /// The copy will not be delivered, or not through this slab. True: it was the last one, and
    /// none was delivered: the caller decides the event.
    [[nodiscard]] bool gone() noexcept {
        // own: only this word is decided by it.
        return word_.fetch_sub(1, std::memory_order_relaxed) == 1;
    }

private:
    static constexpr std::uint32_t delivered_bit = std::uint32_t{1} << 31;

    std::atomic_ref<std::uint32_t> word_;
};

}  // namespace broker::core
