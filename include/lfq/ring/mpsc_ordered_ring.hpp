// SPDX-License-Identifier: MIT
// lfq/ring/mpsc_ordered_ring.hpp — a ring from many producers that publish in the order they claim.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/lone_consumer.hpp>
#include <lfq/ring/ordered_positions.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/ring_verbs.hpp>
#include <lfq/ring/slot_array.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Hands values from any number of threads to one. A producer claims slots, fills them, and then
/// publishes them behind those that were claimed before; so the consumer reads one position, and
/// finds values in a row, with nothing between them.
///
/// Threads   any number of producers, one consumer, observers anywhere; anyone may close. The
///           consumer's side may move to another thread if the hand-over happens-before (checked
///           builds name a second one inside).
/// Progress  every verb of a producer may wait, the try_ verbs and the timed ones too, also beyond
///           their time: not for room, but until each producer that claimed before has published.
///           It pauses, then yields between looks, whatever Wait says. A thread that is preempted
///           between claim and publication holds everybody until it runs again. A refusal waits for
///           nobody. try_pop, peek, consume, drain, close: wait-free.
/// Order     claim order, so also each producer's own. What a producer wrote before a push is
///           visible to the pop that returns the value. "full" is not answered while a slot whose
///           freeing happens-before the push is unused, nor "empty" while a value whose push
///           happens-before the pop is in the ring.
/// Memory    slots belong to Storage, and hold values only; nothing is allocated later. A popped
///           slot is free at once.
/// Failure   full, empty and closed are answers, and the argument stays untouched. A value whose
///           building may throw is built before the claim: what it throws leaves the ring as it
///           was. A thread that dies inside a push stops the ring there, and every push with it.
///           Construction throws std::length_error, std::bad_alloc or std::system_error.
/// Pick      several producers, and a consumer that wants spans of values or sees every push that
///           returned; batches.
/// Avoid     more producers than cores, producers of different real-time priority, pushes in signal
///           handlers, elements whose noexcept constructor waits for anything or pushes, producers
///           that may die inside a push, building in place by claim(): mpsc_ring has it. One
///           producer (spsc_ring).
/// Example   docs/snippets/mpsc_ordered_ring.cpp
///
/// try_push, try_emplace, try_push_n, push, push_for, try_pop, pop, pop_for and, with a doorbell,
/// fd, arm, disarm and acknowledge come from ring_verbs.hpp: they are the same on every ring.
/// try_pop_n, peek, consume and drain come from lone_consumer.hpp. There is no claim(): slots
/// without stamps cannot say that one of them was given up, and who holds it would hold up every
/// producer.
///
/// Algorithm: two positions for the producers, one to claim and one to publish, as in the rings of
/// DPDK (2010).
template <class T, storage_policy Storage = storage::heap, wait_policy Wait = wait::backoff,
    class Env = std_env>
class mpsc_ordered_ring : public ring_verbs<mpsc_ordered_ring<T, Storage, Wait, Env>, T, Wait>,
                          public lone_consumer<mpsc_ordered_ring<T, Storage, Wait, Env>, T> {
    static constexpr bool contiguous = Storage::template region<T>::contiguous;
    static constexpr bool bytewise = slot_array<T, Storage>::bytewise;

public:
    using typename lone_consumer<mpsc_ordered_ring, T>::two_spans;

    /// Room for `capacity` values, rounded up to a power of two.
    explicit mpsc_ordered_ring(std::size_t capacity, const Storage& storage = {},
        const Wait& wait = {}) requires(!fixed_storage<Storage>)
        : slots_(storage, capacity), waiter_(wait) {}

    /// The capacity is the storage's.
    explicit mpsc_ordered_ring(const Wait& wait = {}) requires fixed_storage<Storage>
        : slots_({}, Storage::fixed_capacity), waiter_(wait) {}

    mpsc_ordered_ring(const mpsc_ordered_ring&) = delete;
    mpsc_ordered_ring& operator=(const mpsc_ordered_ring&) = delete;
    /// Destroys what was not popped. No thread may be inside a call.
    ~mpsc_ordered_ring() {
        slots_.destroy(positions_.head(), positions_.look_for_values(capacity()));
    }

    // Producer side, any thread.

    /// No more values will come: what was claimed before is still delivered, what comes later is
    /// refused. Wakes everybody. Who sees it closed sees what the closer did before.
    void close() noexcept {
        positions_.close();
        waiter_.ended();
    }

    // Anyone.

    /// Claimed slots not freed yet: never above capacity(), nor above what was claimed so far.
    [[nodiscard]] std::size_t size_approx() const noexcept { return positions_.size_approx(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }
    [[nodiscard]] bool closed() const noexcept { return positions_.closed(); }

    /// Closed, all claims popped. Who sees it sees what closer and consumer did.
    [[nodiscard]] bool drained() const noexcept { return positions_.drained(); }
    [[nodiscard]] ring_statistics statistics() const noexcept {
        ring_statistics now = positions_.statistics(capacity());
        now.refused_pushes = refused_.load(std::memory_order_relaxed);  // count
        return now;
    }
    [[nodiscard]] const auto& storage() const noexcept { return slots_.storage(); }

private:
    friend typename ring_verbs<mpsc_ordered_ring, T, Wait>::giving;
    friend typename ring_verbs<mpsc_ordered_ring, T, Wait>::taking;
    friend waiting_verbs<mpsc_ordered_ring, Wait>;
    friend lone_consumer<mpsc_ordered_ring, T>;

    // The edges are in ordered_positions.hpp and shared_positions.hpp.

    using env = Env;
    using positions = ordered_positions<Env, typename Wait::clock>;
    using position = typename positions::position;

    static constexpr std::size_t ahead_bytes = 128;
    static constexpr const char* consumer_role = "mpsc_ordered_ring, consumer side";

    // Read by everyone, written by nobody.
    slot_array<T, Storage> slots_;
    [[no_unique_address]] typename Wait::template waiter<Env> waiter_;

    // Each on lines of its own.
    positions positions_{slots_.capacity()};

    // Written by producers that were refused.
    alignas(cache_line_pair_bytes) typename Env::template atomic<std::uint64_t> refused_{0};

    [[nodiscard]] auto& its_waiter() noexcept { return waiter_; }
    [[nodiscard]] auto& its_slots() noexcept { return slots_; }
    [[nodiscard]] sole_caller& its_consumer() noexcept { return positions_.consumer(); }
    [[nodiscard]] position give_position() const noexcept { return positions_.tail_hint(); }
    [[nodiscard]] position take_position() const noexcept { return positions_.head(); }
    void refused_push() noexcept {
        refused_.fetch_add(1, std::memory_order_relaxed);  // count
    }
    void refused_pop() noexcept { positions_.refused_pop(); }

    template <class... Args>
    [[nodiscard]] wait::turn give(Args&&... args);
    template <class Source>
    [[nodiscard]] std::size_t give_n(std::span<Source> values);
    void publish(position at, std::size_t n) noexcept {
        positions_.publish(at, n);
        waiter_.published();
    }
    [[nodiscard]] bool may_be_over() const noexcept { return positions_.ended(); }
    void end_values(position head, std::size_t k) noexcept { slots_.destroy(head, k); }
    void free(position head) noexcept {
        positions_.free(head);
        waiter_.freed();
    }
};

// Producer side.

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class... Args>
wait::turn mpsc_ordered_ring<T, Storage, Wait, Env>::give(Args&&... args) {
    if constexpr (std::is_nothrow_constructible_v<T, Args...>) {
        const typename positions::ticket mine = positions_.claim(1);
        if (mine.count == 0) [[unlikely]]
            return mine.answer;
        slots_.template fetch_ahead<ahead_bytes>(mine.at);
        std::construct_at(slots_.at(mine.at), std::forward<Args>(args)...);
        publish(mine.at, 1);
        return wait::turn::done;
    } else {
        static_assert(((std::is_lvalue_reference_v<Args> ||
                          std::is_trivially_copyable_v<std::remove_reference_t<Args>>)&&...) &&
                (!(std::is_pointer_v<std::remove_cvref_t<Args>> &&
                    !std::is_const_v<std::remove_pointer_t<std::remove_cvref_t<Args>>>)&&...),
            "mpsc_ordered_ring: what may throw is built before there is a slot for it, and would "
            "use up what is moved into it: build the element, and push that");
        // Who is refused now builds nothing; one who is refused below built a value for nobody.
        if (const wait::turn answer = positions_.room(); answer != wait::turn::done) return answer;
        T built(std::as_const(args)...);  // const, so that it can only copy from them
        return give(std::move(built));
    }
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Source>
std::size_t mpsc_ordered_ring<T, Storage, Wait, Env>::give_n(std::span<Source> values) {
    static_assert(!std::is_const_v<Source> || std::is_nothrow_copy_constructible_v<T>,
        "mpsc_ordered_ring: a batch is copied behind its claim, where a copy must not throw: push "
        "such elements one by one");
    if (values.empty()) return 0;
    const typename positions::ticket mine = positions_.claim(values.size());
    if (mine.count == 0) {
        refused_push();
        return 0;
    }
    values = values.first(mine.count);
    if constexpr (bytewise) {
        slots_.template copy_in<Env>(mine.at, values);
    } else {
        slots_.build(mine.at, values);
    }
    publish(mine.at, mine.count);
    return mine.count;
}

}  // namespace lfq::inline LFQ_ABI
