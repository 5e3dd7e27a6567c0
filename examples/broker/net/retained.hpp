// SPDX-License-Identifier: MIT
// broker/net/retained.hpp — bytes for one connection that its socket did not take yet.
// Room: net. Reads: core.
#pragma once

#include "broker/core/slab.hpp"
#include "broker/core/tally.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sys/uio.h>

namespace broker::net {

/// What a subscriber that lags has not taken is copied here, out of the slabs of the events, so
/// that 64 bytes that wait do not hold 256 KiB. Each piece keeps its bytes at the front and, at the
/// back, one mark per frame: who is owed what when the bytes are sent, or never will be.
///
/// Threads   the network thread only; the pool is shared.
/// Memory    pieces from a pool of their own; the list of pieces grows once.
/// Failure   add() answers false when the pool is empty.
class retained {
public:
    /// What a frame's end means to the books.
    struct meaning {
        bool event = false;  // counts against the byte budget; its end is a delivery
        core::booking how = core::not_booked;  // of an event
    };

    /// What was finished by some bytes.
    struct outcome {
        std::uint64_t deliveries = 0;
        std::uint64_t events = 0;  // decided
        std::size_t event_bytes = 0;  // against the budget

        outcome& operator+=(const outcome& other) noexcept {
            deliveries += other.deliveries;
            events += other.events;
            event_bytes += other.event_bytes;
            return *this;
        }
    };

    retained(core::slab_pool& pool, core::tally_table& tallies) : pool_(pool), tallies_(tallies) {}
    retained(const retained&) = delete;
    retained& operator=(const retained&) = delete;
    ~retained() { clear(); }

    [[nodiscard]] bool empty() const noexcept { return pieces_.empty(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t pieces() const noexcept { return pieces_.size(); }

    /// One frame, or what is left of one, in two parts; then end_frame(). False: the pool is empty,
    /// and what was written of the frame is of no use: the connection has to go.
    [[nodiscard]] bool add(
        std::span<const std::byte> first, std::span<const std::byte> second, bool event);
    void end_frame(meaning what) noexcept { put_mark(pieces_.back(), what, true); }

    /// The bytes in front, for one call that gathers. Answers how many parts.
    [[nodiscard]] std::size_t gather(std::span<iovec> parts) const noexcept;

    /// The first `bytes` were sent.
    [[nodiscard]] outcome sent(std::size_t bytes) noexcept;

    /// Everything that is left will not be sent.
    outcome clear() noexcept;

private:
    struct piece {
        core::slab* memory = nullptr;
        std::uint32_t begin = 0;  // the first byte not sent
        std::uint32_t end = 0;
        std::uint32_t open = 0;  // bytes before `end` that have no mark yet
        std::uint32_t mark = 0;  // the first mark not finished
        std::uint32_t marks = 0;
        std::uint32_t mark_sent = 0;  // bytes of it
    };
    struct mark {
        std::uint32_t bytes;
        meaning what;
        bool last;  // the frame ends here; else it goes on in the next piece
    };

    [[nodiscard]] bool write(std::span<const std::byte> part, bool event);
    [[nodiscard]] std::uint32_t room(const piece& one) const noexcept;
    void put_mark(piece& one, meaning what, bool last) noexcept;
    [[nodiscard]] std::byte* mark_at(const piece& one, std::uint32_t index) const noexcept;
    [[nodiscard]] mark read_mark(const piece& one, std::uint32_t index) const noexcept;

    core::slab_pool& pool_;
    core::tally_table& tallies_;
    std::vector<piece> pieces_;  // few: a budget's worth
    std::size_t bytes_ = 0;
};

}  // namespace broker::net
