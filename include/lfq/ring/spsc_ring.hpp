// SPDX-License-Identifier: MIT
// lfq/ring/spsc_ring.hpp — a bounded ring from one producer to one consumer.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/lone_consumer.hpp>
#include <lfq/ring/lone_producer.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/ring_verbs.hpp>
#include <lfq/ring/slot_array.hpp>
#include <lfq/ring/spsc_positions.hpp>

#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// Hands values from one thread to one other, first in, first out; built for throughput.
///
/// Threads   one producer, one consumer, observers anywhere. A side may move to another thread if
///           the hand-over happens-before; calls of one side never overlap (checked builds look).
/// Progress  try_ verbs, claim, peek, consume, drain: wait-free. push and pop wait as Wait says.
/// Order     what the producer wrote before a push is visible to the pop that returns the value.
///           "full" is not answered while a slot whose freeing happens-before the push is unused,
///           nor "empty" while a value whose push happens-before the pop is in the ring.
/// Memory    slots belong to Storage; nothing is allocated later. A popped slot is free at once.
/// Failure   full, empty and closed are answers that leave the argument untouched. What building an
///           element throws leaves the ring as it was. Construction may throw length_error,
///           bad_alloc or system_error.
/// Pick      two threads and many values.
/// Avoid     several producers (mpsc_ring); several consumers (fan_out).
/// Example   docs/snippets/spsc_ring.cpp
///
/// try_push, try_emplace, try_push_n, push, push_for, try_pop, pop, pop_for and, with a doorbell,
/// fd, arm, disarm and acknowledge come from push_verbs.hpp, pop_verbs.hpp and waiting_verbs.hpp:
/// they are the same on every ring. claim and close come from lone_producer.hpp, peek, consume,
/// try_pop_n and drain from lone_consumer.hpp.
///
/// Algorithm: Lamport's ring (1983) with each side's memory of the other's position (Lee, Bu and
/// Chandranmenon, 2010), and with lines fetched for writing ahead of the producer.
template <class T, storage_policy Storage = storage::heap, wait_policy Wait = wait::backoff,
    class Env = std_env>
class spsc_ring : public ring_verbs<spsc_ring<T, Storage, Wait, Env>, T, Wait>,
                  public lone_producer<spsc_ring<T, Storage, Wait, Env>>,
                  public lone_consumer<spsc_ring<T, Storage, Wait, Env>, T> {
    static constexpr bool contiguous = Storage::template region<T>::contiguous;
    static constexpr bool bytewise = slot_array<T, Storage>::bytewise;

public:
    using typename lone_producer<spsc_ring>::claimed;
    using typename lone_consumer<spsc_ring, T>::two_spans;

    /// Room for `capacity` values, rounded up to a power of two.
    explicit spsc_ring(std::size_t capacity, const Storage& storage = {},
        const Wait& wait = {}) requires(!fixed_storage<Storage>)
        : slots_(storage, capacity), waiter_(wait) {}

    /// The capacity is the storage's.
    explicit spsc_ring(const Wait& wait = {}) requires fixed_storage<Storage>
        : slots_({}, Storage::fixed_capacity), waiter_(wait) {}

    spsc_ring(const spsc_ring&) = delete;
    spsc_ring& operator=(const spsc_ring&) = delete;
    /// Destroys what was not popped. Neither side may be inside a call.
    ~spsc_ring() {
        const position head = positions_.head();
        slots_.destroy(head, static_cast<std::size_t>(positions_.tail() - head));
    }

    // Anyone.

    /// Of two positions read one after the other: may exceed every true size, but never capacity(),
    /// nor what was pushed so far.
    [[nodiscard]] std::size_t size_approx() const noexcept {
        return positions_.size_approx(capacity());
    }
    [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }
    [[nodiscard]] bool closed() const noexcept { return positions_.closed(); }

    /// Closed, and every value was popped. Who sees it drained sees what both sides did before.
    [[nodiscard]] bool drained() const noexcept { return positions_.drained(); }
    [[nodiscard]] ring_statistics statistics() const noexcept {
        return positions_.statistics(capacity());
    }
    [[nodiscard]] const auto& storage() const noexcept { return slots_.storage(); }

private:
    friend typename ring_verbs<spsc_ring, T, Wait>::giving;
    friend typename ring_verbs<spsc_ring, T, Wait>::taking;
    friend waiting_verbs<spsc_ring, Wait>;
    friend lone_producer<spsc_ring>;
    friend lone_consumer<spsc_ring, T>;
    friend claimed;
    template <class, storage_policy, wait_policy, class>
    friend class fan_out;

    using env = Env;
    using position = std::uint64_t;

    static constexpr const char* producer_role = "spsc_ring, producer side";
    static constexpr const char* consumer_role = "spsc_ring, consumer side";

    // Read by both sides, written by neither.
    slot_array<T, Storage> slots_;
    [[no_unique_address]] typename Wait::template waiter<Env> waiter_;

    spsc_positions<Env> positions_;

    [[nodiscard]] auto& its_waiter() noexcept { return waiter_; }
    [[nodiscard]] auto& its_slots() noexcept { return slots_; }
    [[nodiscard]] sole_caller& its_consumer() noexcept { return positions_.consumer(); }
    [[nodiscard]] position give_position() const noexcept { return positions_.tail(); }
    [[nodiscard]] position take_position() const noexcept { return positions_.head(); }
    void refused_push() noexcept { positions_.refused_push(); }
    void refused_pop() noexcept { positions_.refused_pop(); }

    [[nodiscard]] T* place(position at) noexcept { return slots_.at(at); }
    void destroy(position from, std::size_t n) noexcept { slots_.destroy(from, n); }
    [[nodiscard]] bool may_be_over() const noexcept { return closed(); }
    static void make_way(std::size_t) noexcept {}  // the consumer has ended what was there
    void publish(position tail) noexcept {
        positions_.publish(tail);
        waiter_.published();
    }
    void end_values(position head, std::size_t k) noexcept { destroy(head, k); }
    void free(position head) noexcept {
        positions_.free(head);
        waiter_.freed();
    }
};

}  // namespace lfq::inline LFQ_ABI
