// SPDX-License-Identifier: MIT
// lfq/ring/lossy_positions.hpp — where the writer of a lossy_broadcast_ring is, and what it keeps.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/ring/published_positions.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// The published position, the end, and the floor: what lies below it may be overwritten. The
/// writer raises it before it does so, by an eighth of the ring at a time, so that readers who look
/// at it for every value find it in their own cache.
///
/// Threads   one producer; any number read.
/// Progress  wait-free.
/// Order     publish → published, close → closed, floor → oldest: what came before the first is
///           visible after the second.
template <class Env>
class lossy_positions : public published_positions<Env> {
public:
    using typename published_positions<Env>::position;

    // Producer.

    /// How much may be written: n at least, if it is no more than step(); nothing once it is
    /// closed.
    [[nodiscard]] std::size_t room(std::size_t n, std::size_t capacity) noexcept {
        const std::size_t known = this->known_room();
        return known >= n ? known : raise_floor(capacity);
    }

    /// How many values at once may be overwritten next.
    [[nodiscard]] static std::size_t step(std::size_t capacity) noexcept {
        return std::max<std::size_t>(1, capacity / 8);
    }

    // Whoever reads.

    /// What lies below it may be lost.
    [[nodiscard]] position oldest() const noexcept {
        // acquire floor: pairs with raise_floor(); the tail is no older.
        return floor_.load(std::memory_order_acquire);
    }

    /// Asked behind a copy: the value at `at` was not overwritten before it was copied.
    [[nodiscard]] bool still_holds(position at) const noexcept {
        // own: the overrun edge of the copied words makes it new enough.
        return !below(at, floor_.load(std::memory_order_relaxed));
    }

    /// Positions wrap.
    [[nodiscard]] static bool below(position at, position other) noexcept {
        return static_cast<std::int64_t>(at - other) < 0;
    }

private:
    // Edges (docs/design/memory_model.md), besides those of published_positions:
    //   floor  floor_ in raise_floor() → floor_ in oldest(): the tail is no older than the floor

    [[nodiscard]] std::size_t raise_floor(std::size_t capacity) noexcept;

    // Written by the writer now and then, read by the readers for every value.
    alignas(cache_line_pair_bytes)
        typename Env::template atomic<position> floor_{Env::first_position};

    // The writer's own.
    alignas(cache_line_pair_bytes)
        typename Env::template plain<position> next_floor_{Env::first_position};
};

template <class Env>
std::size_t lossy_positions<Env>::raise_floor(std::size_t capacity) noexcept {
    if (this->ended()) return 0;
    const position limit = this->tail() + step(capacity);
    if (below(next_floor_ + capacity, limit)) {
        next_floor_ = limit - capacity;
        // release floor: pairs with oldest(). What is overwritten comes behind it, by the overrun
        // edge.
        floor_.store(next_floor_, std::memory_order_release);
    }
    return this->limit_room_to(next_floor_ + capacity);
}

}  // namespace lfq::inline LFQ_ABI
