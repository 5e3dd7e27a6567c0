// SPDX-License-Identifier: MIT
// lfq/ring/ordered_positions.hpp — where the sides of a ring are that publishes in claim order.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/ring/reading_side.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/shared_positions.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// The positions of many producers that claim in any order and publish in the order of their
/// claims, by one published position; and those of their consumer, who reads that one.
///
/// Threads   claim, publish: any number; the consumer's side: one; the observers: anyone.
/// Progress  publish waits until every earlier claim was published. claim is lock-free, the others
///           are wait-free.
/// Order     publish → look_for_values, also what earlier producers published; free → claim.
///
/// Clock gives up a turn: what is waited for is a thread that may need this core.
template <class Env, class Clock>
class ordered_positions : private shared_positions<Env> {
    using claims = shared_positions<Env>;

public:
    using typename claims::position;
    using typename claims::ticket;

    using claims::claims;

    // Producers.

    using claims::claim;
    using claims::close;
    using claims::room;
    using claims::tail_hint;

    /// The n slots of a claim from `at` on are written. Waits for the claims before it.
    void publish(position at, std::size_t n) noexcept {
        while (!publish_in_turn(at, wrapped_position(at + n))) [[unlikely]] wait_for_turn(at);
    }

    // Consumer.

    [[nodiscard]] position head() const noexcept { return consumer_.head(); }
    [[nodiscard]] std::size_t known_values() const noexcept { return consumer_.known_values(); }

    /// How much may be read: n at least, if there is that much, and else all there is.
    [[nodiscard]] std::size_t values(std::size_t n, std::size_t capacity) noexcept {
        const std::size_t known = known_values();
        return known >= n ? known : look_for_values(capacity);
    }

    /// All that is published now, as far as one look tells.
    [[nodiscard]] std::size_t look_for_values(std::size_t capacity) noexcept {
        // acquire publish: pairs with publish(); what lies before this position is written.
        return consumer_.found(published_.load(std::memory_order_acquire), capacity);
    }

    void free(position head) noexcept {
        consumer_.move_to(wrapped_position(head));
        claims::free(wrapped_position(head));
    }
    void refused_pop() noexcept { consumer_.refused_pop(); }
    [[nodiscard]] sole_caller& consumer() noexcept { return consumer_.caller(); }
    using claims::ended;

    // Anyone.

    using claims::closed;
    using claims::drained;
    using claims::size_approx;
    [[nodiscard]] ring_statistics statistics(std::size_t capacity) const noexcept {
        const position looked_at = consumer_.looked_at();
        ring_statistics now = claims::statistics();
        now.refused_pops = consumer_.refused();
        now.high_water = consumer_.high_water(looked_at, claims::first + now.published, capacity);
        return now;
    }

private:
    // Edges (docs/design/memory_model.md), beside those of shared_positions:
    //   publish  published_ in publish_in_turn() → published_ in look_for_values(): what was
    //            written reaches the consumer, also by way of the publications behind it

    // Who is running publishes within a microsecond; who is not needs a core.
    static constexpr int patience_pauses = 64;

    // By one instruction that takes the line for writing. A look and then a store take it twice: to
    // read, and then to write.
    [[nodiscard]] bool publish_in_turn(position at, position behind) noexcept {
        // release publish: pairs with look_for_values(). A read-modify-write, so it hands on what
        // was published before.
        return published_.compare_exchange_strong(
            at, behind, std::memory_order_release, std::memory_order_relaxed);
    }

    // Apart, so that the common case stays small.
    [[gnu::noinline]] void wait_for_turn(position at) const noexcept {
        int pauses = 0;
        do {
            Env::pause();
            if (pauses == patience_pauses) {
                Clock::yield();
            } else {
                ++pauses;
            }
        } while (published_.load(std::memory_order_relaxed) != at);  // hint: publishing decides
    }

    // Written by each producer in its turn, read by those that wait for theirs and by the consumer.
    alignas(cache_line_pair_bytes)
        typename Env::template atomic<position> published_{claims::first};

    reading_side<Env, no_tally, position_top_bit - 1> consumer_{claims::first};
};

}  // namespace lfq::inline LFQ_ABI
