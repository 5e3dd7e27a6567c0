// SPDX-License-Identifier: MIT
// lfq/ring/published_positions.hpp — how far the one producer of a ring has come, and its end.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/lone_counter.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/ring/reading_side.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// Base of the positions of rings with one producer: the producer's half, whoever reads. Positions
/// count whatever the ring hands over, slots or bytes, and never come back.
///
/// Threads   one producer; whoever reads: any number.
/// Progress  wait-free.
/// Order     publish → published, close → closed: what came before the first is visible after the
///           second.
///
/// Tally is what the producer counts besides.
template <class Env, class Tally = no_tally>
class published_positions {
public:
    using position = std::uint64_t;

    // Producer.

    [[nodiscard]] position tail() const noexcept { return producer_.tail; }

    void publish(position tail) noexcept {
        producer_.tail = tail;
        // release publish: pairs with published().
        tail_.store(tail, std::memory_order_release);
    }

    /// The same where each value carries a stamp that publishes it: call this before the stamp is
    /// written, so that who has seen the value finds it counted.
    void count(position tail) noexcept {
        producer_.tail = tail;
        tail_.store(tail, std::memory_order_relaxed);  // own: goes along with the stamp's edge
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

    // Whoever reads.

    /// What lies before it may be read.
    [[nodiscard]] position published() const noexcept {
        // acquire publish: pairs with publish(); what lies before this position is written.
        return tail_.load(std::memory_order_acquire);
    }

    // Anyone.

    [[nodiscard]] bool closed() const noexcept {
        // acquire end: pairs with close().
        return closed_.load(std::memory_order_acquire);
    }

    /// Not older than what the caller knows already; behind the end, the last there is.
    [[nodiscard]] position tail_hint() const noexcept {
        return tail_.load(std::memory_order_relaxed);  // hint: the producer has moved since
    }
    [[nodiscard]] std::uint64_t refused_pushes() const noexcept { return producer_.refused.read(); }

protected:
    published_positions() = default;

    // Producer: what may be written without a look.
    [[nodiscard]] std::size_t known_room() const noexcept {
        return static_cast<std::size_t>(producer_.limit - producer_.tail);
    }
    std::size_t limit_room_to(position limit) noexcept {
        producer_.limit = limit;
        return known_room();
    }
    [[nodiscard]] bool ended() const noexcept {
        // own: only the producer closes.
        return closed_.load(std::memory_order_relaxed);
    }

private:
    // Edges (docs/design/memory_model.md):
    //   publish  tail_ in publish() → tail_ in published(): what was written reaches the readers
    //   end      closed_ in close() → closed_ in closed(): the end comes with all that was before

    template <class U>
    using atomic = typename Env::template atomic<U>;
    template <class U>
    using plain = typename Env::template plain<U>;

    // Written by the producer, read by everyone. Nothing else lies on its pair of lines.
    alignas(cache_line_pair_bytes) atomic<position> tail_{Env::first_position};

    // The producer's own; observers read the counts.
    struct alignas(cache_line_pair_bytes) producer_side {
        plain<position> tail{Env::first_position};
        plain<position> limit{Env::first_position};  // for tail, as far as the last look told
        lone_counter<Env> refused;
        [[no_unique_address]] Tally tally;
        [[no_unique_address]] sole_caller caller;
    } producer_;

    // Read by everyone. Written once, by close().
    alignas(cache_line_pair_bytes) atomic<bool> closed_{false};
};

}  // namespace lfq::inline LFQ_ABI
