// SPDX-License-Identifier: MIT
// lfq/ring/broadcast_reader.hpp — one of the readers of a broadcast_ring.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/lone_consumer.hpp>
#include <lfq/ring/pop_verbs.hpp>
#include <lfq/ring/reader_seats.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Where a reader is, and how far it has looked.
template <class Env, class Published>
class reader_positions {
public:
    using position = std::uint64_t;

    reader_positions() = default;
    reader_positions(const Published& published, reader_seat<Env>* seat, position head) noexcept
        : published_(&published), seat_(seat), head_(head), limit_(head) {}

    [[nodiscard]] position head() const noexcept { return head_; }
    [[nodiscard]] std::size_t known_values() const noexcept {
        return static_cast<std::size_t>(limit_ - head_);
    }
    [[nodiscard]] std::size_t look_for_values(std::size_t) noexcept {
        limit_ = published_->published();
        return known_values();
    }
    [[nodiscard]] std::size_t values(std::size_t n, std::size_t capacity) noexcept {
        return known_values() >= n ? known_values() : look_for_values(capacity);
    }
    void free(position head) noexcept {
        head_ = head;
        seat_->move_to(head);
    }
    [[nodiscard]] reader_seat<Env>* seat() const noexcept { return seat_; }

private:
    template <class U>
    using plain = typename Env::template plain<U>;

    const Published* published_ = nullptr;
    reader_seat<Env>* seat_ = nullptr;
    plain<position> head_{};
    plain<position> limit_{};  // for head: the tail it last saw
};

/// What join() of a broadcast_ring gives: sees every value from there on, in order and in place.
/// False where all seats were taken, and after leave(). Holds back the writer, so read or leave;
/// leave before the ring ends.
///
/// Threads   one, which may change if the hand-over happens-before (checked builds look).
/// Progress  try_ verbs, peek, consume, drain, leave: wait-free. pop waits as Wait says.
/// Order     what the writer wrote before a push is visible to who reads the value. What the reader
///           did before it consumes a value is visible to what the writer builds in its slot.
/// Memory    none.
/// Failure   empty and closed are answers. A reader that dies without leaving stops the writer when
///           the ring is full.
///
/// try_pop, pop and pop_for come from pop_verbs.hpp; try_pop_n, peek, consume and drain from
/// lone_consumer.hpp. They copy, or show const T: other readers see the same values.
template <class Ring, class T, wait_policy Wait>
class broadcast_reader : public pop_verbs<broadcast_reader<Ring, T, Wait>, const T, Wait>,
                         public lone_consumer<broadcast_reader<Ring, T, Wait>, const T> {
public:
    /// Sits nowhere.
    broadcast_reader() = default;
    broadcast_reader(broadcast_reader&& other) noexcept
        : ring_(std::exchange(other.ring_, nullptr)), positions_(other.positions_) {}
    broadcast_reader& operator=(broadcast_reader&& other) noexcept;
    ~broadcast_reader() { leave(); }

    [[nodiscard]] explicit operator bool() const noexcept { return ring_ != nullptr; }

    /// Reads no more: the writer does not wait for it any longer. Does nothing the second time.
    void leave() noexcept;

    /// Published and not read yet.
    [[nodiscard]] std::size_t size_approx() const noexcept {
        return static_cast<std::size_t>(its_ring().positions_.tail_hint() - positions_.head());
    }
    /// No more values will come than those it has not read.
    [[nodiscard]] bool closed() const noexcept { return its_ring().closed(); }
    /// Closed, and all was read.
    [[nodiscard]] bool drained() const noexcept { return closed() && size_approx() == 0; }

private:
    friend Ring;
    friend waiting_verbs<broadcast_reader, Wait>;
    friend pop_verbs<broadcast_reader, const T, Wait>;
    friend lone_consumer<broadcast_reader, const T>;

    using env = typename Ring::env;
    using position = std::uint64_t;
    using places = reader_positions<env, typename Ring::positions>;

    static constexpr bool contiguous = Ring::contiguous;
    static constexpr bool bytewise = Ring::bytewise;
    static constexpr const char* consumer_role = "broadcast_ring, one reader";

    broadcast_reader(Ring& ring, const places& where) noexcept : ring_(&ring), positions_(where) {}

    [[nodiscard]] Ring& its_ring() const noexcept {
        LFQ_ASSERT(ring_ != nullptr, "broadcast_ring: this reader has not joined, or has left");
        return *ring_;
    }
    [[nodiscard]] auto& its_waiter() noexcept { return its_ring().waiter_; }
    [[nodiscard]] auto& its_slots() noexcept { return its_ring().slots_; }
    [[nodiscard]] sole_caller& its_consumer() noexcept {
        return static_cast<void>(its_ring()), positions_.seat()->consumer();
    }
    [[nodiscard]] position take_position() const noexcept { return positions_.head(); }
    void refused_pop() noexcept { positions_.seat()->refused_pop(); }
    [[nodiscard]] bool may_be_over() const noexcept { return closed(); }
    // The writer does, when it needs their slots.
    static void end_values(position, std::size_t) noexcept {}
    void free(position head) noexcept {
        positions_.free(head);
        its_waiter().freed();
    }

    Ring* ring_ = nullptr;
    places positions_;
};

template <class Ring, class T, wait_policy Wait>
auto broadcast_reader<Ring, T, Wait>::operator=(broadcast_reader&& other) noexcept
    -> broadcast_reader& {
    if (this == &other) return *this;
    leave();
    ring_ = std::exchange(other.ring_, nullptr);
    positions_ = other.positions_;
    return *this;
}

template <class Ring, class T, wait_policy Wait>
void broadcast_reader<Ring, T, Wait>::leave() noexcept {
    if (ring_ == nullptr) return;
    positions_.seat()->leave();
    its_waiter().freed();
    ring_ = nullptr;
}

}  // namespace lfq::inline LFQ_ABI
