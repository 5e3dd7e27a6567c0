// SPDX-License-Identifier: MIT
// lfq/ring/reader_seats.hpp — where each reader of a broadcast_ring is, in a table of fixed length.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/lone_counter.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace lfq::inline LFQ_ABI {

/// A position and a mark in one word. Positions keep 63 bits of it, which is enough for distances.
struct marked_position {
    static constexpr std::uint64_t set_mark = 1;

    [[nodiscard]] static constexpr std::uint64_t of(std::uint64_t position) noexcept {
        return position << 1;
    }
    /// How far the word's position is behind `position`.
    [[nodiscard]] static constexpr std::uint64_t behind(
        std::uint64_t word, std::uint64_t position) noexcept {
        return (of(position) - (word & ~set_mark)) >> 1;
    }
};

/// The seat of one reader: what it has not read yet must not be overwritten.
///
/// Threads   whoever joins tries to sit down; then its reader moves it, and leaves; anyone looks.
/// Progress  wait-free.
/// Order     what the reader did before it moved or left is visible to who looks.
template <class Env>
class alignas(cache_line_pair_bytes) reader_seat {
public:
    using position = std::uint64_t;

    // Whoever joins.

    /// False: somebody sits here. Until it moves, the reader holds what `floor` says.
    [[nodiscard]] bool try_sit(std::uint64_t floor) noexcept {
        std::uint64_t expected = empty;
        // acquire seat: pairs with leave().
        return word_.compare_exchange_strong(expected, floor | marked_position::set_mark,
            std::memory_order_acquire, std::memory_order_relaxed);  // hint: another one is tried
    }

    // Its reader.

    void move_to(position at) noexcept {
        // release free: pairs with lag().
        word_.store(marked_position::of(at) | marked_position::set_mark, std::memory_order_release);
    }
    void leave() noexcept {
        // release free: pairs with lag(). release seat: pairs with try_sit().
        word_.store(empty, std::memory_order_release);
    }
    void refused_pop() noexcept { refused_.add_one(); }
    [[nodiscard]] sole_caller& consumer() noexcept { return caller_; }

    // Anyone.

    /// How far its reader is behind `tail()`, which is asked after it; 0 where nobody sits.
    template <class Tail>
    [[nodiscard]] std::uint64_t lag(const Tail& tail) const noexcept {
        // acquire free: pairs with move_to() and leave(); the reader has finished with what lies
        // before, and had seen a tail that is no older.
        const std::uint64_t word = word_.load(std::memory_order_acquire);
        return word == empty ? 0 : marked_position::behind(word, tail());
    }
    [[nodiscard]] bool taken() const noexcept {
        return word_.load(std::memory_order_relaxed) != empty;  // hint: it may be left just now
    }
    [[nodiscard]] std::uint64_t refused_pops() const noexcept { return refused_.read(); }

private:
    // Edges (docs/design/memory_model.md):
    //   free  word_ in move_to() and leave() → word_ in lag(): what was read may be written again
    //   seat  word_ in leave() → word_ in try_sit(): who sits down goes on with the seat's count,
    //         and its next move tells of the reader before, too

    static constexpr std::uint64_t empty = 0;

    // Written by its reader, read by the writer when the ring seems full.
    typename Env::template atomic<std::uint64_t> word_{empty};
    lone_counter<Env> refused_;
    [[no_unique_address]] sole_caller caller_;
};

/// All seats of a ring.
template <class Env>
class reader_seats {
public:
    using seat = reader_seat<Env>;

    explicit reader_seats(std::size_t count) : memory_({}, checked(count)) {
        for (std::size_t i = 0; i != count; ++i) std::construct_at(memory_.at(i));
    }
    reader_seats(const reader_seats&) = delete;
    reader_seats& operator=(const reader_seats&) = delete;
    ~reader_seats() { std::ranges::destroy(all()); }

    [[nodiscard]] std::span<seat> all() noexcept { return {memory_.at(0), memory_.capacity()}; }
    [[nodiscard]] std::span<const seat> all() const noexcept {
        return const_cast<reader_seats&>(*this).all();
    }

    /// How far the slowest is behind, within `capacity`; 0 where nobody sits.
    template <class Tail>
    [[nodiscard]] std::size_t slowest_lag(const Tail& tail, std::size_t capacity) const noexcept {
        std::uint64_t most = 0;
        for (const seat& each : all()) most = std::max(most, each.lag(tail));
        // Who is just sitting down may hold more than there is.
        return static_cast<std::size_t>(std::min<std::uint64_t>(most, capacity));
    }

private:
    static std::size_t checked(std::size_t count) {
        if (count == 0 || count > static_cast<std::size_t>(PTRDIFF_MAX) / sizeof(seat))
            refuse_length(
                "lfq::broadcast_ring: there must be a seat for at least one reader, and all seats "
                "must fit into memory");
        return count;
    }

    typename storage::heap::region<seat> memory_;
};

}  // namespace lfq::inline LFQ_ABI
