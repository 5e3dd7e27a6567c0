// SPDX-License-Identifier: MIT
// lfq/ring/spsc_positions.hpp — where the sides of a ring with one producer are.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/ring/published_positions.hpp>
#include <lfq/ring/reading_side.hpp>
#include <lfq/ring/ring_statistics.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// The published position, the end, and the freed position of a ring with one producer and one
/// consumer.
///
/// Threads   one producer, one consumer; the observers: anyone.
/// Progress  wait-free.
/// Order     publish → values, free → room, close → closed: what came before the first is visible
///           after the second.
///
/// Tally is what each side counts besides, on lines of its own.
template <class Env, class Tally = no_tally>
class spsc_positions : public published_positions<Env, Tally> {
    using published_half = published_positions<Env, Tally>;

public:
    using typename published_half::position;

    // Producer.

    /// How much may be written: n at least, if there is that much, and else all there is; nothing
    /// once it is closed. Looks at the consumer only if what it saw there last is not enough.
    [[nodiscard]] std::size_t room(std::size_t n, std::size_t capacity) noexcept {
        const std::size_t known = this->known_room();
        return known >= n ? known : look_for_room(capacity);
    }

    // Consumer.

    [[nodiscard]] position head() const noexcept { return consumer_.head(); }

    /// How much may be read: n at least, if there is that much, and else all there is.
    [[nodiscard]] std::size_t values(std::size_t n, std::size_t capacity) noexcept {
        const std::size_t known = known_values();
        return known >= n ? known : look_for_values(capacity);
    }

    /// All that is published now, as far as one look tells.
    [[nodiscard]] std::size_t look_for_values(std::size_t capacity) noexcept {
        return consumer_.found(this->published(), capacity);
    }

    /// The consumer has seen all up to `end`, and nothing behind. For those who look at stamps.
    void saw_end(position end, std::size_t capacity) noexcept { consumer_.saw_end(end, capacity); }

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

    /// Closed, and everything was freed.
    [[nodiscard]] bool drained() const noexcept;

    /// Of two positions read one after the other: may exceed every true size, never the capacity.
    [[nodiscard]] std::size_t size_approx(std::size_t capacity) const noexcept;
    [[nodiscard]] ring_statistics statistics(std::size_t capacity) const noexcept;

private:
    // Edges (docs/design/memory_model.md):
    //   free     head_ in free() → head_ in look_for_room(): what was read may be written again
    //   watch    head_ in free() → head_ in the observers: their tail is no older than their head

    template <class U>
    using atomic = typename Env::template atomic<U>;

    [[nodiscard]] std::size_t look_for_room(std::size_t capacity) noexcept;

    // Written by the consumer, read by the producer. Nothing else lies on its pair of lines.
    alignas(cache_line_pair_bytes) atomic<position> head_{Env::first_position};

    reading_side<Env, Tally> consumer_{Env::first_position};
};

template <class Env, class Tally>
std::size_t spsc_positions<Env, Tally>::look_for_room(std::size_t capacity) noexcept {
    if (this->ended()) return 0;
    // acquire free: pairs with free(); the consumer has finished with what lies before this head.
    return this->limit_room_to(head_.load(std::memory_order_acquire) + capacity);
}

template <class Env, class Tally>
bool spsc_positions<Env, Tally>::drained() const noexcept {
    if (!this->closed()) return false;
    const position tail = this->tail_hint();
    // acquire watch: pairs with free(); who sees the ring drained sees what the consumer did.
    return head_.load(std::memory_order_acquire) == tail;
}

template <class Env, class Tally>
std::size_t spsc_positions<Env, Tally>::size_approx(std::size_t capacity) const noexcept {
    // acquire watch: pairs with free(). The consumer saw a tail no older than this head, so the
    // next load does too and the difference cannot be negative.
    const position head = head_.load(std::memory_order_acquire);
    const position tail = this->tail_hint();
    return static_cast<std::size_t>(std::min<position>(tail - head, capacity));
}

template <class Env, class Tally>
ring_statistics spsc_positions<Env, Tally>::statistics(std::size_t capacity) const noexcept {
    ring_statistics now;
    const position looked_at = consumer_.looked_at();
    // acquire watch: as in size_approx().
    const position head = head_.load(std::memory_order_acquire);
    const position tail = this->tail_hint();
    now.published = tail - Env::first_position;
    now.consumed = head - Env::first_position;
    now.refused_pushes = this->refused_pushes();
    now.refused_pops = consumer_.refused();
    now.high_water = consumer_.high_water(looked_at, tail, capacity);
    return now;
}

}  // namespace lfq::inline LFQ_ABI
