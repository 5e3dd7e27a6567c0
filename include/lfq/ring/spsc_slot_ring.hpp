// SPDX-License-Identifier: MIT
// lfq/ring/spsc_slot_ring.hpp — a bounded ring from one producer to one consumer, for latency.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/lone_producer.hpp>
#include <lfq/ring/peeked_values.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/ring_verbs.hpp>
#include <lfq/ring/slot_array.hpp>
#include <lfq/ring/spsc_positions.hpp>
#include <lfq/ring/stamped_slot.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Hands values from one thread to one other, first in, first out; built for latency: a stamp lies
/// beside each value, on lines of their own, so that one line moves when a value is handed over.
///
/// Threads   one producer, one consumer, observers anywhere. A side may move to another thread if
///           the hand-over happens-before; calls of one side never overlap (checked builds look).
/// Progress  try_ verbs, claim, peek, consume, drain: wait-free. push and pop wait as Wait says.
/// Order     what the producer wrote before a push is visible to the pop that returns the value.
///           "full" is not answered while a slot whose freeing happens-before the push is unused,
///           nor "empty" while a value whose push happens-before the pop is in the ring.
/// Memory    slots belong to Storage, each a stamp of 8 bytes and a value in whole cache lines;
///           nothing is allocated later. A popped slot is free at once.
/// Failure   full, empty and closed are answers that leave the argument untouched. What building an
///           element throws leaves the ring as it was. Construction may throw length_error,
///           bad_alloc or system_error.
/// Pick      two threads, and a value that somebody waits for: an order, an answer, a wake-up.
/// Avoid     streams of values, which share lines in an spsc_ring; several producers (mpsc_ring).
/// Example   docs/snippets/spsc_slot_ring.cpp
///
/// try_push, try_emplace, try_push_n, push, push_for, try_pop, pop, pop_for and, with a doorbell,
/// fd, arm, disarm and acknowledge come from ring_verbs.hpp, claim and close from
/// lone_producer.hpp: they are the same on every ring with one producer.
/// There are no spans, of a claim or of peek: values do not lie side by side. There is no
/// commit(count): it would publish what was written through spans. storage::mirrored is refused:
/// its elements are bytes with two addresses, and a stamp is an atomic. A batch is published value
/// by value, in order.
///
/// Algorithm: FastForward (Giacomoni, Moseley and Vachharajani, 2008) keeps the state of a slot in
/// the slot. Here the consumer does not empty it: stamps count laps, so the next lap's is told from
/// this one's, and the producer, as in spsc_ring, learns what is free from a position that it reads
/// once a lap.
template <class T, storage_policy Storage = storage::heap, wait_policy Wait = wait::backoff,
    class Env = std_env>
class spsc_slot_ring : public ring_verbs<spsc_slot_ring<T, Storage, Wait, Env>, T, Wait>,
                       public lone_producer<spsc_slot_ring<T, Storage, Wait, Env>> {
    // Nobody else's value or stamp lies on its lines.
    struct alignas(std::max(cache_line_bytes, alignof(stamped_slot<T, Env>))) slot
        : stamped_slot<T, Env> {
        using stamped_slot<T, Env>::stamped_slot;
    };
    static constexpr bool bytewise = false;

public:
    using typename lone_producer<spsc_slot_ring>::claimed;
    using peeked = peeked_values<spsc_slot_ring, T>;

    /// Room for `capacity` values, rounded up to a power of two.
    explicit spsc_slot_ring(std::size_t capacity, const Storage& storage = {},
        const Wait& wait = {}) requires(!fixed_storage<Storage>)
        : slots_(storage, capacity), waiter_(wait) {
        begin_slots();
    }

    /// The capacity is the storage's.
    explicit spsc_slot_ring(const Wait& wait = {}) requires fixed_storage<Storage>
        : slots_({}, Storage::fixed_capacity), waiter_(wait) {
        begin_slots();
    }

    spsc_slot_ring(const spsc_slot_ring&) = delete;
    spsc_slot_ring& operator=(const spsc_slot_ring&) = delete;

    /// Destroys what was not popped. Neither side may be inside a call.
    ~spsc_slot_ring();

    // Consumer side.

    /// Moves as many values out as there are, at most out.size(), and frees their slots at once.
    /// What an assignment throws leaves that value in the ring; those before it are in `out`.
    [[nodiscard]] std::size_t try_pop_n(std::span<T> out) requires std::is_assignable_v<T&, T> {
        return this->take_n(out);
    }

    /// The oldest values, at most n, where they are, as a forward range of T&.
    [[nodiscard]] peeked peek(std::size_t n = SIZE_MAX) noexcept;

    /// Destroys the oldest k values, which must have been peeked at, and frees their slots.
    void consume(std::size_t k) noexcept;

    /// Calls visit(T&) on the oldest values where they are, at most `max` and at most capacity(),
    /// and frees their slots at once. If visit throws, the values it saw are consumed.
    template <class Visit>
    std::size_t drain(Visit&& visit, std::size_t max = SIZE_MAX);

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
    friend typename ring_verbs<spsc_slot_ring, T, Wait>::giving;
    friend typename ring_verbs<spsc_slot_ring, T, Wait>::taking;
    friend waiting_verbs<spsc_slot_ring, Wait>;
    friend lone_producer<spsc_slot_ring>;
    friend claimed;
    friend peeked;

    // The edges are in spsc_positions.hpp and stamped_slot.hpp.

    using position = std::uint64_t;

    static constexpr const char* producer_role = "spsc_slot_ring, producer side";
    static constexpr const char* consumer_role = "spsc_slot_ring, consumer side";

    // Read by both sides, written by neither.
    slot_array<slot, Storage> slots_;
    [[no_unique_address]] typename Wait::template waiter<Env> waiter_;

    spsc_positions<Env> positions_;

    // Slots begin with the stamp that the lap before the first would have left.
    void begin_slots() noexcept {
        for (std::size_t i = 0; i != capacity(); ++i) {
            const position at = Env::first_position + i;
            std::construct_at(slots_.at(at), at - capacity());
        }
    }

    [[nodiscard]] auto& its_waiter() noexcept { return waiter_; }
    [[nodiscard]] position give_position() const noexcept { return positions_.tail(); }
    [[nodiscard]] position take_position() const noexcept { return positions_.head(); }
    [[nodiscard]] bool readable() noexcept {
        const sole_caller::visit inside(positions_.consumer(), consumer_role);
        return built(positions_.head()) || closed();
    }
    void refused_push() noexcept { positions_.refused_push(); }
    void refused_pop() noexcept { positions_.refused_pop(); }

    [[nodiscard]] T* place(position at) noexcept { return slots_.at(at)->place(); }
    void destroy(position from, std::size_t n) noexcept {
        if constexpr (!std::is_trivially_destructible_v<T>) {
            for (std::size_t i = 0; i != n; ++i) std::destroy_at(slots_.at(from + i)->value());
        }
    }

    static void make_way(std::size_t) noexcept {}  // the consumer has ended what was there
    // Instead of lone_producer's: one stamp, without the loop for many.
    template <class... Args>
    [[nodiscard]] wait::turn give(Args&&... args);
    void publish(position tail) noexcept;

    [[nodiscard]] bool built(position at) noexcept {
        return slots_.at(at)->look(at) == slot::state::built;
    }
    template <class Sink>
    [[nodiscard]] wait::turn take(Sink&& sink);
    // Apart, and without the sink: neither that nor what it refers to needs an address in take().
    [[nodiscard, gnu::noinline]] wait::turn look_again() noexcept;
    template <class Sink>
    void hand_over(Sink& sink, slot& oldest, position head) {
        sink(*oldest.value());
        std::destroy_at(oldest.value());
        free(head + 1);
    }
    void free(position head) noexcept {
        positions_.free(head);
        waiter_.freed();
    }
};

template <class T, storage_policy Storage, wait_policy Wait, class Env>
spsc_slot_ring<T, Storage, Wait, Env>::~spsc_slot_ring() {
    const position head = positions_.head();
    destroy(head, static_cast<std::size_t>(positions_.tail() - head));
    if constexpr (!std::is_trivially_destructible_v<slot>) slots_.destroy(0, capacity());
}

// Producer side.

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class... Args>
wait::turn spsc_slot_ring<T, Storage, Wait, Env>::give(Args&&... args) {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    if (positions_.room(1, capacity()) == 0) [[unlikely]] {
        return closed() ? wait::turn::over : wait::turn::refused;
    }
    const position tail = positions_.tail();
    slot* const next = slots_.at(tail);
    std::construct_at(next->place(), std::forward<Args>(args)...);
    // Counted first: who has popped a value must never find fewer pushed than popped.
    positions_.count(tail + 1);
    next->publish(tail);
    waiter_.published();
    return wait::turn::done;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
void spsc_slot_ring<T, Storage, Wait, Env>::publish(position tail) noexcept {
    position at = positions_.tail();
    positions_.count(tail);  // first, as in give()
    for (; at != tail; ++at) slots_.at(at)->publish(at);
    waiter_.published();
}

// Consumer side.

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Sink>
wait::turn spsc_slot_ring<T, Storage, Wait, Env>::take(Sink&& sink) {
    const sole_caller::visit inside(positions_.consumer(), consumer_role);
    const position head = positions_.head();
    slot* const oldest = slots_.at(head);
    if (oldest->look(head) != slot::state::built) [[unlikely]] {
        if (const wait::turn found = look_again(); found != wait::turn::done) return found;
    }
    hand_over(sink, *oldest, head);
    return wait::turn::done;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
wait::turn spsc_slot_ring<T, Storage, Wait, Env>::look_again() noexcept {
    const position head = positions_.head();
    positions_.saw_end(head, capacity());
    if (!closed()) return wait::turn::refused;
    // Who sees the end sees all that was published before it, so one more look decides.
    return built(head) ? wait::turn::done : wait::turn::over;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
auto spsc_slot_ring<T, Storage, Wait, Env>::peek(std::size_t n) noexcept -> peeked {
    const sole_caller::visit inside(positions_.consumer(), consumer_role);
    const position head = positions_.head();
    const peeked found(*this, head, n);
    if (found.size() < n) positions_.saw_end(head + found.size(), capacity());
    return found;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
void spsc_slot_ring<T, Storage, Wait, Env>::consume(std::size_t k) noexcept {
    const sole_caller::visit inside(positions_.consumer(), consumer_role);
    if (k == 0) return;
    const position head = positions_.head();
    LFQ_ASSERT(
        k <= capacity() && built(head + k - 1), "spsc_slot_ring::consume: more than was peeked at");
    destroy(head, k);
    free(head + k);
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Visit>
std::size_t spsc_slot_ring<T, Storage, Wait, Env>::drain(Visit&& visit, std::size_t max) {
    const sole_caller::visit inside(positions_.consumer(), consumer_role);
    struct visited {  // freed at the end, also when visit throws
        spsc_slot_ring& ring;
        std::size_t count = 0;
        ~visited() { ring.consume(count); }
    } done{*this};
    const position head = positions_.head();
    while (done.count != max) {
        const position next = head + done.count;
        if (!built(next)) {  // at the latest a lap further, where this lap's head is
            positions_.saw_end(next, capacity());
            break;
        }
        ++done.count;
        visit(*slots_.at(next)->value());
    }
    return done.count;
}

}  // namespace lfq::inline LFQ_ABI
