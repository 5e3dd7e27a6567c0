// SPDX-License-Identifier: MIT
// lfq/ring/spsc_ring.hpp — a bounded ring from one producer to one consumer.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/slot_array.hpp>
#include <lfq/ring/span_verbs.hpp>
#include <lfq/ring/spsc_claimed.hpp>
#include <lfq/ring/spsc_positions.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

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
/// fd, arm, disarm and acknowledge come from ring_verbs.hpp: they are the same on every ring.
/// try_pop_n, peek, consume and drain come from span_verbs.hpp.
///
/// Algorithm: Lamport's ring (1983) with each side's memory of the other's position (Lee, Bu and
/// Chandranmenon, 2010), and with lines fetched for writing ahead of the producer.
template <class T, storage_policy Storage = storage::heap, wait_policy Wait = wait::backoff,
    class Env = std_env>
class spsc_ring : public span_verbs<spsc_ring<T, Storage, Wait, Env>, T, Storage, Wait, Env> {
    static constexpr bool bytewise = slot_array<T, Storage>::bytewise;

public:
    using claimed = spsc_claimed<spsc_ring>;

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

    // Producer side.

    /// Room for up to n values, to be built in place; less if there is less, none if full or
    /// closed.
    [[nodiscard]] claimed claim(std::size_t n) noexcept;

    /// No more values will come. Wakes both sides. Who sees it closed sees all that was before.
    void close() noexcept {
        const sole_caller::visit inside(positions_.producer(), producer_role);
        positions_.close();
        waiter_.ended();
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
    friend ring_verbs<spsc_ring, T, Wait>;
    friend span_verbs<spsc_ring, T, Storage, Wait, Env>;
    friend waiting_verbs<spsc_ring, Wait>;
    friend claimed;
    template <class, storage_policy, wait_policy, class>
    friend class fan_out;

    using env = Env;
    using position = std::uint64_t;

    static constexpr std::size_t ahead_bytes = 512;  // 256 to 1,024 measured alike
    static constexpr const char* producer_role = "spsc_ring, producer side";
    static constexpr const char* consumer_role = "spsc_ring, consumer side";

    // Read by both sides, written by neither.
    slot_array<T, Storage> slots_;
    [[no_unique_address]] typename Wait::template waiter<Env> waiter_;

    spsc_positions<Env> positions_;

    [[nodiscard]] position give_position() const noexcept { return positions_.tail(); }
    void refused_push() noexcept { positions_.refused_push(); }

    template <class... Args>
    [[nodiscard]] wait::turn give(Args&&... args);
    template <class Source>
    [[nodiscard]] std::size_t give_n(std::span<Source> values);
    void publish(position tail) noexcept {
        positions_.publish(tail);
        waiter_.published();
    }
};

// Producer side.

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class... Args>
wait::turn spsc_ring<T, Storage, Wait, Env>::give(Args&&... args) {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    if (positions_.room(1, capacity()) == 0) [[unlikely]] {
        return closed() ? wait::turn::over : wait::turn::refused;
    }
    const position tail = positions_.tail();
    slots_.template fetch_ahead<ahead_bytes>(tail);
    std::construct_at(slots_.at(tail), std::forward<Args>(args)...);
    publish(tail + 1);
    return wait::turn::done;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Source>
std::size_t spsc_ring<T, Storage, Wait, Env>::give_n(std::span<Source> values) {
    claimed room = claim(values.size());
    const std::size_t n = room.size();
    if constexpr (bytewise) {
        slots_.template copy_in<Env>(positions_.tail(), values.first(n));
        room.commit(n);
    } else {
        this->build_all(room, values.first(n));
        room.commit();
    }
    return n;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
auto spsc_ring<T, Storage, Wait, Env>::claim(std::size_t n) noexcept -> claimed {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    const std::size_t granted = std::min(n, positions_.room(n, capacity()));
    if (granted == 0 && n != 0) refused_push();
    return claimed(*this, granted);
}

}  // namespace lfq::inline LFQ_ABI
