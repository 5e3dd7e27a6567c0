// SPDX-License-Identifier: MIT
// lfq/ring/spsc_ring.hpp — a bounded ring from one producer to one consumer.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/lone_counter.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/ring_verbs.hpp>
#include <lfq/ring/slot_array.hpp>
#include <lfq/ring/spsc_claimed.hpp>

#include <algorithm>
#include <array>
#include <concepts>
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
/// fd, arm and acknowledge are in ring_verbs.hpp: they are the same on every ring.
///
/// Algorithm: Lamport's ring (1983) with each side's memory of the other's position (Lee, Bu and
/// Chandranmenon, 2010), and with lines fetched for writing ahead of the producer.
template <class T, storage_policy Storage = storage::heap, wait_policy Wait = wait::backoff,
    class Env = std_env>
class spsc_ring : public ring_verbs<spsc_ring<T, Storage, Wait, Env>, T, Wait> {
    // Values may be copied as bytes, and written where they are before they are published.
    static constexpr bool bytewise =
        std::is_trivially_copyable_v<T> && Storage::template region<T>::contiguous;

public:
    using two_spans = std::array<std::span<T>, 2>;
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
        slots_.destroy(consumer_.head, static_cast<std::size_t>(producer_.tail - consumer_.head));
    }

    // Producer side.

    /// Room for up to n values, to be built in place; less if there is less, none if full or
    /// closed.
    [[nodiscard]] claimed claim(std::size_t n) noexcept;

    /// No more values will come. Wakes both sides.
    void close() noexcept {
        const sole_caller::visit inside(producer_.caller, producer_role);
        producer_.limit = producer_.tail;
        // release end: pairs with closed().
        closed_.store(true, std::memory_order_release);
        waiter_.ended();
    }

    // Consumer side.

    /// Moves as many values out as there are, at most out.size(), and frees their slots at once.
    /// What an assignment throws leaves that value in the ring; those before it are in `out`.
    [[nodiscard]] std::size_t try_pop_n(std::span<T> out);

    /// The oldest values, at most n, where they are: two spans, the second empty unless they wrap.
    [[nodiscard]] two_spans peek(std::size_t n = SIZE_MAX) noexcept
        requires(Storage::template region<T>::contiguous) {
        const sole_caller::visit inside(consumer_.caller, consumer_role);
        const two_spans parts = slots_.spans(consumer_.head, values_for(n));
        for (const std::span<T> part : parts) Env::touch_read(part.data(), part.size_bytes());
        return parts;
    }

    /// Destroys the oldest k values, which must have been peeked at, and frees their slots.
    void consume(std::size_t k) noexcept;

    /// Calls visit(T&) on the oldest values where they are, at most `max` of those that are there
    /// now, and frees their slots at once. If visit throws, the values it saw are consumed.
    template <class Visit>
    std::size_t drain(Visit&& visit, std::size_t max = SIZE_MAX);

    // Anyone.

    /// Of two positions read one after the other: may exceed every true size, never capacity().
    [[nodiscard]] std::size_t size_approx() const noexcept;
    [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }
    [[nodiscard]] bool closed() const noexcept {
        // acquire end: pairs with close().
        return closed_.load(std::memory_order_acquire);
    }

    /// Closed, and every value was popped.
    [[nodiscard]] bool drained() const noexcept;
    [[nodiscard]] ring_statistics statistics() const noexcept;
    [[nodiscard]] const auto& storage() const noexcept { return slots_.storage(); }

private:
    friend ring_verbs<spsc_ring, T, Wait>;
    friend claimed;
    template <class, storage_policy, wait_policy, class>
    friend class fan_out;

    // Edges (docs/design/memory_model.md):
    //   publish  tail_ in publish() → tail_ in look_for_values(): built values reach the consumer
    //   free     head_ in free() → head_ in look_for_room(): emptied slots may be filled again
    //   end      closed_ in close() → closed_ in closed(): the end comes with all that was before
    //   watch    head_ in free() → head_ in the observers: their tail is no older than their head

    using env = Env;
    using position = std::uint64_t;
    template <class U>
    using atomic = typename Env::template atomic<U>;
    template <class U>
    using plain = typename Env::template plain<U>;

    static constexpr std::size_t ahead_bytes = 512;  // 256 to 1,024 measured alike
    static constexpr const char* producer_role = "spsc_ring, producer side";
    static constexpr const char* consumer_role = "spsc_ring, consumer side";

    // Read by both sides. Written by nobody, but for the flag that close() sets once.
    slot_array<T, Storage> slots_;
    atomic<bool> closed_{false};
    [[no_unique_address]] typename Wait::template waiter<Env> waiter_;

    // Written by the producer, read by the consumer. Nothing else lies on its pair of lines.
    alignas(cache_line_pair_bytes) atomic<position> tail_{Env::first_position};

    // The producer's own; observers read the count.
    struct alignas(cache_line_pair_bytes) producer_side {
        plain<position> tail{Env::first_position};
        plain<position> limit{Env::first_position};  // for tail: the head it last saw + capacity
        lone_counter<Env> refused;
        [[no_unique_address]] sole_caller caller;
    } producer_;

    // Written by the consumer, read by the producer. Nothing else lies on its pair of lines.
    alignas(cache_line_pair_bytes) atomic<position> head_{Env::first_position};

    // The consumer's own; observers read the counts.
    struct alignas(cache_line_pair_bytes) consumer_side {
        plain<position> head{Env::first_position};
        plain<position> limit{Env::first_position};  // for head: the tail it last saw
        lone_counter<Env> looked_at{Env::first_position};  // head when it last looked
        lone_counter<Env> refused;
        lone_counter<Env> high_water;
        [[no_unique_address]] sole_caller caller;
    } consumer_;

    [[nodiscard]] position give_position() const noexcept { return producer_.tail; }
    [[nodiscard]] position take_position() const noexcept { return consumer_.head; }
    [[nodiscard]] bool readable() noexcept {
        const sole_caller::visit inside(consumer_.caller, consumer_role);
        return values_for(1) != 0 || closed();
    }
    void refused_push() noexcept { producer_.refused.add_one(); }
    void refused_pop() noexcept { consumer_.refused.add_one(); }

    [[nodiscard]] std::size_t look_for_room() noexcept;
    [[nodiscard]] std::size_t room_for(std::size_t n) noexcept {
        const auto known = static_cast<std::size_t>(producer_.limit - producer_.tail);
        return std::min(n, known >= n ? known : look_for_room());
    }
    template <class... Args>
    [[nodiscard]] wait::turn give(Args&&... args);
    template <class Source>
    [[nodiscard]] std::size_t give_n(std::span<Source> values);
    void publish(position tail) noexcept {
        producer_.tail = tail;
        // release publish: pairs with look_for_values().
        tail_.store(tail, std::memory_order_release);
        waiter_.published();
    }

    [[nodiscard]] std::size_t look_for_values() noexcept;
    [[nodiscard]] std::size_t values_for(std::size_t n) noexcept {
        const auto known = static_cast<std::size_t>(consumer_.limit - consumer_.head);
        return std::min(n, known >= n ? known : look_for_values());
    }
    template <class Sink>
    [[nodiscard]] wait::turn take(Sink&& sink);
    template <class Sink>
    [[nodiscard, gnu::noinline]] wait::turn look_and_take(Sink& sink);
    template <class Sink>
    void hand_over(Sink&& sink) {
        T* const oldest = slots_.at(consumer_.head);
        sink(*oldest);
        std::destroy_at(oldest);
        free(consumer_.head + 1);
    }
    void free(position head) noexcept {
        consumer_.head = head;
        // release free: pairs with look_for_room(). release watch: pairs with the observers.
        head_.store(head, std::memory_order_release);
        waiter_.freed();
    }
};

// Producer side.

template <class T, storage_policy Storage, wait_policy Wait, class Env>
std::size_t spsc_ring<T, Storage, Wait, Env>::look_for_room() noexcept {
    // own: only the producer closes.
    if (closed_.load(std::memory_order_relaxed)) return 0;
    // acquire free: pairs with free(); the consumer has finished with the slots before this head.
    producer_.limit = head_.load(std::memory_order_acquire) + capacity();
    return static_cast<std::size_t>(producer_.limit - producer_.tail);
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class... Args>
wait::turn spsc_ring<T, Storage, Wait, Env>::give(Args&&... args) {
    const sole_caller::visit inside(producer_.caller, producer_role);
    const position tail = producer_.tail;
    if (tail == producer_.limit && look_for_room() == 0) [[unlikely]] {
        return closed() ? wait::turn::over : wait::turn::refused;
    }
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
        for (const std::span<T> part : room.spans()) {
            if (!part.empty()) Env::copy_in(part.data(), values.data(), part.size_bytes());
            values = values.subspan(part.size());
        }
        room.commit(n);
    } else {
        this->build_all(room, values.first(n));
        room.commit();
    }
    return n;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
auto spsc_ring<T, Storage, Wait, Env>::claim(std::size_t n) noexcept -> claimed {
    const sole_caller::visit inside(producer_.caller, producer_role);
    const std::size_t granted = room_for(n);
    if (granted == 0 && n != 0) refused_push();
    return claimed(*this, granted);
}

// Consumer side.

template <class T, storage_policy Storage, wait_policy Wait, class Env>
std::size_t spsc_ring<T, Storage, Wait, Env>::look_for_values() noexcept {
    // acquire publish: pairs with publish(); the values before this position are built.
    consumer_.limit = tail_.load(std::memory_order_acquire);
    // No more was in use at once since the last look: head was not before, tail is not behind.
    consumer_.high_water.raise_to(
        std::min<std::uint64_t>(consumer_.limit - consumer_.looked_at.read(), capacity()));
    consumer_.looked_at.set(consumer_.head);
    return static_cast<std::size_t>(consumer_.limit - consumer_.head);
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Sink>
wait::turn spsc_ring<T, Storage, Wait, Env>::take(Sink&& sink) {
    const sole_caller::visit inside(consumer_.caller, consumer_role);
    if (consumer_.head == consumer_.limit) [[unlikely]]
        return look_and_take(sink);  // apart, so that the common case saves no registers
    hand_over(sink);
    return wait::turn::done;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Sink>
wait::turn spsc_ring<T, Storage, Wait, Env>::look_and_take(Sink& sink) {
    if (look_for_values() == 0) {
        // Who sees the end sees all that was published before it, so one more look decides.
        if (!closed()) return wait::turn::refused;
        if (look_for_values() == 0) return wait::turn::over;
    }
    hand_over(sink);
    return wait::turn::done;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
std::size_t spsc_ring<T, Storage, Wait, Env>::try_pop_n(std::span<T> out) {
    const sole_caller::visit inside(consumer_.caller, consumer_role);
    const std::size_t n = values_for(out.size());
    if (n == 0 && !out.empty()) refused_pop();
    if constexpr (bytewise) {
        for (const std::span<T> part : slots_.spans(consumer_.head, n)) {
            if (!part.empty()) Env::copy_out(out.data(), part.data(), part.size_bytes());
            out = out.subspan(part.size());
        }
        consume(n);
    } else if constexpr (std::is_nothrow_move_assignable_v<T>) {
        drain([next = out.begin()](T& value) mutable { *next++ = std::move(value); }, n);
    } else {
        for (T& each : out.first(n)) hand_over([&each](T& value) { each = std::move(value); });
    }
    return n;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
void spsc_ring<T, Storage, Wait, Env>::consume(std::size_t k) noexcept {
    const sole_caller::visit inside(consumer_.caller, consumer_role);
    LFQ_ASSERT(
        k <= consumer_.limit - consumer_.head, "spsc_ring::consume: more than was peeked at");
    if (k == 0) return;
    slots_.destroy(consumer_.head, k);
    free(consumer_.head + k);
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Visit>
std::size_t spsc_ring<T, Storage, Wait, Env>::drain(Visit&& visit, std::size_t max) {
    const sole_caller::visit inside(consumer_.caller, consumer_role);
    struct visited {  // freed at the end, also when visit throws
        spsc_ring& ring;
        std::size_t count = 0;
        ~visited() { ring.consume(count); }
    } done{*this};
    const std::size_t n = values_for(max);
    const position head = consumer_.head;
    while (done.count < n) visit(*slots_.at(head + done.count++));
    return n;
}

// Anyone.

template <class T, storage_policy Storage, wait_policy Wait, class Env>
bool spsc_ring<T, Storage, Wait, Env>::drained() const noexcept {
    if (!closed()) return false;
    // own: the end edge has made the last publication visible.
    const position tail = tail_.load(std::memory_order_relaxed);
    // acquire watch: pairs with free(); who sees the ring drained sees what the consumer did.
    return head_.load(std::memory_order_acquire) == tail;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
std::size_t spsc_ring<T, Storage, Wait, Env>::size_approx() const noexcept {
    // acquire watch: pairs with free(). The consumer saw a tail no older than this head, so the
    // next load does too and the difference cannot be negative.
    const position head = head_.load(std::memory_order_acquire);
    const position tail = tail_.load(std::memory_order_relaxed);  // hint: both have moved since
    return static_cast<std::size_t>(std::min<position>(tail - head, capacity()));
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
ring_statistics spsc_ring<T, Storage, Wait, Env>::statistics() const noexcept {
    ring_statistics now;
    const position looked_at = consumer_.looked_at.read();
    // acquire watch: as in size_approx().
    const position head = head_.load(std::memory_order_acquire);
    const position tail = tail_.load(std::memory_order_relaxed);  // hint: both have moved since
    now.published = tail - Env::first_position;
    now.consumed = head - Env::first_position;
    now.refused_pushes = producer_.refused.read();
    now.refused_pops = consumer_.refused.read();
    now.high_water = std::max(
        consumer_.high_water.read(), std::min<std::uint64_t>(tail - looked_at, capacity()));
    return now;
}

}  // namespace lfq::inline LFQ_ABI
