// SPDX-License-Identifier: MIT
// broker/core/tally.hpp — whether an event with several copies reached anybody.
// Room: core. Reads: std.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace broker::core {

/// How a copy of an event is booked: it decides the event alone, or not at all, or together with
/// the others through a cell of the table (any other number).
using booking = std::uint32_t;
inline constexpr booking booked_alone = UINT32_MAX;
inline constexpr booking not_booked = UINT32_MAX - 1;

/// The books count events, but copies are delivered and lost one by one, some of them late. An
/// event with several copies has a cell: how many are undecided, and whether one was delivered. A
/// cell is free again when its last copy is decided.
///
/// Threads   whoever has a lane begins; then every holder of a copy decides it once.
/// Progress  wait-free, but for delivered(): lock-free.
/// Order     none but the cell's own: the copies travelled through rings.
/// Memory    four bytes a cell, zero pages until used.
/// Failure   when none of the next cells is free, the first copy decides the event alone.
class tally_table {
public:
    /// `cells` is a power of two.
    explicit tally_table(std::size_t cells);

    [[nodiscard]] std::size_t cells() const noexcept { return cells_count_; }

    /// The copy was delivered. True: the event counts as delivered from now on.
    [[nodiscard]] bool delivered(booking how) noexcept {
        if (how >= not_booked) return how == booked_alone;
        std::atomic<std::uint32_t>& cell = cells_[how];
        std::uint32_t seen = cell.load(std::memory_order_relaxed);  // hint: checked below
        // own: nothing but the cell is decided by it. The last copy leaves it at 0.
        while (!cell.compare_exchange_weak(seen, seen_after_delivery(seen),
            std::memory_order_relaxed, std::memory_order_relaxed)) {
        }
        return (seen & delivered_bit) == 0;
    }

    /// The copy will never be delivered. True: it was the last, and none was: the event is lost.
    [[nodiscard]] bool lost(booking how) noexcept {
        if (how >= not_booked) return how == booked_alone;
        std::atomic<std::uint32_t>& cell = cells_[how];
        std::uint32_t seen = cell.load(std::memory_order_relaxed);  // hint: checked below
        // own: as in delivered().
        while (!cell.compare_exchange_weak(seen, (seen & copies_mask) == 1 ? 0 : seen - 1,
            std::memory_order_relaxed, std::memory_order_relaxed)) {
        }
        return seen == 1;
    }

private:
    static constexpr std::uint32_t delivered_bit = std::uint32_t{1} << 31;
    static constexpr std::uint32_t copies_mask = delivered_bit - 1;
    [[nodiscard]] static constexpr std::uint32_t seen_after_delivery(std::uint32_t seen) noexcept {
        return (seen & copies_mask) == 1 ? 0 : (seen - 1) | delivered_bit;
    }

    struct free_range {
        std::size_t bytes;
        void operator()(std::atomic<std::uint32_t>* range) const noexcept;
    };

    friend class tally_lane;

    std::size_t cells_count_;
    std::unique_ptr<std::atomic<std::uint32_t>[], free_range> cells_;  // 0: free
};

/// A part of the table in which one thread begins.
class tally_lane {
public:
    /// The `index`th of `lanes` parts.
    tally_lane(tally_table& table, std::uint32_t index, std::uint32_t lanes) noexcept
        : cells_(table.cells_.get() + table.cells() / std::bit_ceil(lanes) * index),
          first_(static_cast<booking>(cells_ - table.cells_.get())),
          mask_(static_cast<booking>(table.cells() / std::bit_ceil(lanes) - 1)) {}

    /// For an event with more than one copy.
    [[nodiscard]] booking begin(std::uint32_t copies) noexcept {
        for (unsigned look = 0; look < looks_max; ++look) {
            const booking at = next_++ & mask_;
            // own: a cell at 0 is nobody's, and only this lane begins in it.
            if (cells_[at].load(std::memory_order_relaxed) != 0) continue;
            cells_[at].store(copies, std::memory_order_relaxed);  // own: as above
            return first_ + at;
        }
        return booked_alone;
    }

private:
    static constexpr unsigned looks_max = 16;

    std::atomic<std::uint32_t>* cells_;
    booking first_;
    booking mask_;
    booking next_ = 0;
};

}  // namespace broker::core
