// SPDX-License-Identifier: MIT
// lfq/ring/broadcast_positions.hpp — where the writer and the readers of a broadcast_ring are.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/ring/join_at.hpp>
#include <lfq/ring/published_positions.hpp>
#include <lfq/ring/reader_seats.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// The published position, the end, the seats of the readers, and the floor, below which nobody
/// joins any more.
///
/// Threads   one producer; whoever joins; the observers: anyone.
/// Progress  wait-free: of its seats, looks at each twice at most.
/// Order     publish → published, free → room, close → closed, join → room: what came before the
///           first is visible after the second.
///
/// The writer fills a slot only if nobody holds the value that is there, and nobody can come to
/// hold it: every reader is above it, and so is the floor. It raises the floor first, by an
/// exchange. Who joins sits down, and then marks the floor, by a read-modify-write too: one of the
/// two is first. Either the writer finds the mark, and looks at the seats again; or the joiner
/// finds the floor raised, and begins above it.
template <class Env>
class broadcast_positions : public published_positions<Env> {
public:
    using typename published_positions<Env>::position;
    using seat = reader_seat<Env>;

    explicit broadcast_positions(std::size_t readers_max) : seats_(readers_max) {}

    // Producer.

    /// How much may be written: n at least, if there is that much, and else all there is; nothing
    /// once it is closed. Looks at the readers only if it seems full, or if one has joined.
    [[nodiscard]] std::size_t room(std::size_t n, std::size_t capacity) noexcept {
        const std::size_t known = this->known_room();
        return known >= n ? known : look_for_room(n, capacity);
    }

    // Whoever joins.

    /// A seat, and in `head` where its reader begins; nullptr when all are taken.
    [[nodiscard]] seat* join(join_at where, position& head) noexcept;

    // Anyone.

    /// Closed, and no reader that is there has anything left.
    [[nodiscard]] bool drained() const noexcept;

    /// What the slowest reader has not read; 0 where there is none.
    [[nodiscard]] std::size_t size_approx(std::size_t capacity) const noexcept {
        return seats_.slowest_lag([this] { return this->tail_hint(); }, capacity);
    }
    [[nodiscard]] const reader_seats<Env>& seats() const noexcept { return seats_; }

private:
    // Edges (docs/design/memory_model.md), besides those of published_positions and reader_seats:
    //   join   floor_ in join() → floor_ in look_for_room(): the seat of who has joined is seen
    //   floor  floor_ in look_for_room() → floor_ in join(): the tail is no older than the floor

    template <class U>
    using plain = typename Env::template plain<U>;

    /// How many values at once leave the reach of who joins.
    [[nodiscard]] static std::size_t step(std::size_t capacity) noexcept {
        return std::max<std::size_t>(1, capacity / 8);
    }
    [[nodiscard]] std::size_t look_for_room(std::size_t n, std::size_t capacity) noexcept;
    [[nodiscard]] std::size_t look_at_seats(std::size_t capacity) noexcept {
        const std::size_t lag = seats_.slowest_lag([this] { return this->tail(); }, capacity);
        writer_.slowest = this->tail() - lag;
        return capacity - lag;
    }

    // Written by the writer now and then, and by who joins: a marked_position. The mark says that
    // somebody has joined since the writer moved it.
    alignas(cache_line_pair_bytes) typename Env::template atomic<std::uint64_t> floor_{
        marked_position::of(Env::first_position)};

    // The writer's own.
    struct alignas(cache_line_pair_bytes) writer_side {
        plain<position> floor{Env::first_position};
        plain<position> slowest{Env::first_position};  // no reader was further behind
    } writer_;

    reader_seats<Env> seats_;
};

template <class Env>
std::size_t broadcast_positions<Env>::look_for_room(std::size_t n, std::size_t capacity) noexcept {
    if (this->ended()) return 0;
    const position tail = this->tail();
    std::size_t room = capacity - static_cast<std::size_t>(tail - writer_.slowest);
    // hint: only so that the floor is not raised in vain; a mark that is not seen yet is below.
    const bool joined = (floor_.load(std::memory_order_relaxed) & marked_position::set_mark) != 0;
    if (joined || room < std::min(n, capacity)) room = look_at_seats(capacity);
    const auto below_floor = static_cast<std::size_t>(writer_.floor + capacity - tail);
    if (below_floor >= std::min(n, room)) {
        return this->limit_room_to(tail + std::min(room, below_floor));
    }
    const std::size_t wanted = std::min(room, std::max(n, step(capacity)));
    writer_.floor = tail + wanted - capacity;
    // release floor: pairs with join(). acquire join: pairs with join().
    const std::uint64_t before =
        floor_.exchange(marked_position::of(writer_.floor), std::memory_order_acq_rel);
    if ((before & marked_position::set_mark) != 0) room = look_at_seats(capacity);
    return this->limit_room_to(tail + std::min(room, wanted));
}

template <class Env>
auto broadcast_positions<Env>::join(join_at where, position& head) noexcept -> seat* {
    // hint: until it is moved, a seat may hold more than there is.
    const std::uint64_t floor_hint = floor_.load(std::memory_order_relaxed);
    for (seat& each : seats_.all()) {
        if (!each.try_sit(floor_hint)) continue;
        // release join: pairs with look_for_room(). acquire floor: pairs with look_for_room().
        const std::uint64_t floor =
            floor_.fetch_or(marked_position::set_mark, std::memory_order_acq_rel);
        head = this->published();
        if (where == join_at::oldest) head -= marked_position::behind(floor, head);
        each.move_to(head);
        return &each;
    }
    return nullptr;
}

template <class Env>
bool broadcast_positions<Env>::drained() const noexcept {
    if (!this->closed()) return false;
    const position tail = this->tail_hint();
    return seats_.slowest_lag([tail] { return tail; }, SIZE_MAX) == 0;
}

}  // namespace lfq::inline LFQ_ABI
