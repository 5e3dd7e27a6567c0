// SPDX-License-Identifier: MIT
// lfq/ring/spsc_positions.hpp — where the sides of a ring with one producer are.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/lone_counter.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/ring/reading_side.hpp>
#include <lfq/ring/ring_statistics.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// The published position, the freed position, and the end of a ring with one producer. They count
/// whatever the ring hands over, slots or bytes, and never come back.
///
/// Threads   one producer, one consumer; the observers: anyone.
/// Progress  wait-free.
/// Order     publish → values, free → room, close → closed: what came before the first is visible
///           after the second.
///
/// Tally is what each side counts besides, on lines of its own.
template <class Env, class Tally = no_tally>
class spsc_positions {
public:
    using position = std::uint64_t;

    // Producer.

    [[nodiscard]] position tail() const noexcept { return producer_.tail; }

    /// How much may be written: n at least, if there is that much, and else all there is; nothing
    /// once it is closed. Looks at the consumer only if what it saw there last is not enough.
    [[nodiscard]] std::size_t room(std::size_t n, std::size_t capacity) noexcept {
        const auto known = static_cast<std::size_t>(producer_.limit - producer_.tail);
        return known >= n ? known : look_for_room(capacity);
    }

    void publish(position tail) noexcept {
        producer_.tail = tail;
        // release publish: pairs with look_for_values().
        tail_.store(tail, std::memory_order_release);
    }

    void close() noexcept {
        producer_.limit = producer_.tail;
        // release end: pairs with closed().
        closed_.store(true, std::memory_order_release);
    }

    /// Consumer, once it is drained: as if it had never been closed. What the next producer does
    /// must come after it.
    void reopen() noexcept {
        // own: the consumer has seen the end, and hands the ring on to the next producer itself.
        closed_.store(false, std::memory_order_relaxed);
    }

    void refused_push() noexcept { producer_.refused.add_one(); }
    [[nodiscard]] Tally& pushed() noexcept { return producer_.tally; }
    [[nodiscard]] const Tally& pushed() const noexcept { return producer_.tally; }
    [[nodiscard]] sole_caller& producer() noexcept { return producer_.caller; }

    // Consumer.

    [[nodiscard]] position head() const noexcept { return consumer_.head(); }

    /// How much may be read: n at least, if there is that much, and else all there is.
    [[nodiscard]] std::size_t values(std::size_t n, std::size_t capacity) noexcept {
        const std::size_t known = known_values();
        return known >= n ? known : look_for_values(capacity);
    }

    /// All that is published now, as far as one look tells.
    [[nodiscard]] std::size_t look_for_values(std::size_t capacity) noexcept;

    /// Found so far, without a look.
    [[nodiscard]] std::size_t known_values() const noexcept { return consumer_.known_values(); }

    void free(position head) noexcept {
        consumer_.move_to(head);
        // release free: pairs with look_for_room(). release watch: pairs with the observers.
        head_.store(head, std::memory_order_release);
    }

    void refused_pop() noexcept { consumer_.refused_pop(); }
    [[nodiscard]] Tally& popped() noexcept { return consumer_.tally(); }
    [[nodiscard]] const Tally& popped() const noexcept { return consumer_.tally(); }
    [[nodiscard]] sole_caller& consumer() noexcept { return consumer_.caller(); }

    // Anyone.

    [[nodiscard]] bool closed() const noexcept {
        // acquire end: pairs with close().
        return closed_.load(std::memory_order_acquire);
    }

    /// For the consumer: it may be drained.
    [[nodiscard]] bool ended() const noexcept { return closed(); }
    /// Closed, and everything was freed.
    [[nodiscard]] bool drained() const noexcept;

    /// Of two positions read one after the other: may exceed every true size, never the capacity.
    [[nodiscard]] std::size_t size_approx(std::size_t capacity) const noexcept;
    [[nodiscard]] ring_statistics statistics(std::size_t capacity) const noexcept;

private:
    // Edges (docs/design/memory_model.md):
    //   publish  tail_ in publish() → tail_ in look_for_values(): what was written reaches the
    //            consumer
    //   free     head_ in free() → head_ in look_for_room(): what was read may be written again
    //   end      closed_ in close() → closed_ in closed(): the end comes with all that was before
    //   watch    head_ in free() → head_ in the observers: their tail is no older than their head

    template <class U>
    using atomic = typename Env::template atomic<U>;
    template <class U>
    using plain = typename Env::template plain<U>;

    [[nodiscard]] std::size_t look_for_room(std::size_t capacity) noexcept;

    // Written by the producer, read by the consumer. Nothing else lies on its pair of lines.
    alignas(cache_line_pair_bytes) atomic<position> tail_{Env::first_position};

    // The producer's own; observers read the counts.
    struct alignas(cache_line_pair_bytes) producer_side {
        plain<position> tail{Env::first_position};
        plain<position> limit{Env::first_position};  // for tail: the head it last saw + capacity
        lone_counter<Env> refused;
        [[no_unique_address]] Tally tally;
        [[no_unique_address]] sole_caller caller;
    } producer_;

    // Written by the consumer, read by the producer. Nothing else lies on its pair of lines.
    alignas(cache_line_pair_bytes) atomic<position> head_{Env::first_position};

    reading_side<Env, Tally> consumer_{Env::first_position};

    // Read by both sides. Written once, by close().
    alignas(cache_line_pair_bytes) atomic<bool> closed_{false};
};

template <class Env, class Tally>
std::size_t spsc_positions<Env, Tally>::look_for_room(std::size_t capacity) noexcept {
    // own: only the producer closes.
    if (closed_.load(std::memory_order_relaxed)) return 0;
    // acquire free: pairs with free(); the consumer has finished with what lies before this head.
    producer_.limit = head_.load(std::memory_order_acquire) + capacity;
    return static_cast<std::size_t>(producer_.limit - producer_.tail);
}

template <class Env, class Tally>
std::size_t spsc_positions<Env, Tally>::look_for_values(std::size_t capacity) noexcept {
    // acquire publish: pairs with publish(); what lies before this position is written.
    return consumer_.found(tail_.load(std::memory_order_acquire), capacity);
}

template <class Env, class Tally>
bool spsc_positions<Env, Tally>::drained() const noexcept {
    if (!closed()) return false;
    // own: the end edge has made the last publication visible.
    const position tail = tail_.load(std::memory_order_relaxed);
    // acquire watch: pairs with free(); who sees the ring drained sees what the consumer did.
    return head_.load(std::memory_order_acquire) == tail;
}

template <class Env, class Tally>
std::size_t spsc_positions<Env, Tally>::size_approx(std::size_t capacity) const noexcept {
    // acquire watch: pairs with free(). The consumer saw a tail no older than this head, so the
    // next load does too and the difference cannot be negative.
    const position head = head_.load(std::memory_order_acquire);
    const position tail = tail_.load(std::memory_order_relaxed);  // hint: both have moved since
    return static_cast<std::size_t>(std::min<position>(tail - head, capacity));
}

template <class Env, class Tally>
ring_statistics spsc_positions<Env, Tally>::statistics(std::size_t capacity) const noexcept {
    ring_statistics now;
    const position looked_at = consumer_.looked_at();
    // acquire watch: as in size_approx().
    const position head = head_.load(std::memory_order_acquire);
    const position tail = tail_.load(std::memory_order_relaxed);  // hint: both have moved since
    now.published = tail - Env::first_position;
    now.consumed = head - Env::first_position;
    now.refused_pushes = producer_.refused.read();
    now.refused_pops = consumer_.refused();
    now.high_water = consumer_.high_water(looked_at, tail, capacity);
    return now;
}

}  // namespace lfq::inline LFQ_ABI
