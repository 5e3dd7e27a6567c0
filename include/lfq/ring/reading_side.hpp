// SPDX-License-Identifier: MIT
// lfq/ring/reading_side.hpp — what the one consumer of a ring keeps for itself.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/lone_counter.hpp>
#include <lfq/base/sole_caller.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// For rings that count nothing but positions.
struct no_tally {};

/// How far the consumer came, and how far it has seen that it may go; on lines of its own.
///
/// Positions count modulo Mask + 1. Tally is what the consumer counts besides: it begins with
/// nothing, and observers read it.
///
/// Threads   the consumer; the observers: anyone.
/// Progress  wait-free.
/// Order     none: the positions come from elsewhere, with their edges.
template <class Env, class Tally = no_tally, std::uint64_t Mask = ~std::uint64_t{0}>
class alignas(cache_line_pair_bytes) reading_side {
public:
    using position = std::uint64_t;

    explicit reading_side(position first) noexcept
        : head_(first), limit_(first), looked_at_(first) {}

    // Consumer.

    [[nodiscard]] position head() const noexcept { return head_; }
    void move_to(position head) noexcept { head_ = head; }

    /// Found so far.
    [[nodiscard]] std::size_t known_values() const noexcept {
        return static_cast<std::size_t>(distance(head_, limit_));
    }

    /// A look found that all before `tail` may be read; what is known now.
    std::size_t found(position tail, std::size_t capacity) noexcept {
        limit_ = tail;
        saw_end(tail, capacity);
        return known_values();
    }
    /// A look found all up to `end`, and nothing behind.
    void saw_end(position end, std::size_t capacity) noexcept {
        // No more was in use at once since the last look: head was not before, tail is not behind.
        const std::uint64_t since = distance(looked_at_.read(), end);
        if (since == 0) return;  // nothing came, so nothing went
        high_water_.raise_to(std::min<std::uint64_t>(since, capacity));
        looked_at_.set(head_);
    }

    void refused_pop() noexcept { refused_.add_one(); }
    [[nodiscard]] Tally& tally() noexcept { return tally_; }
    [[nodiscard]] sole_caller& caller() noexcept { return caller_; }

    // Anyone.

    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.read(); }
    [[nodiscard]] const Tally& tally() const noexcept { return tally_; }

    /// Where the head was when it last looked.
    [[nodiscard]] position looked_at() const noexcept { return looked_at_.read(); }
    /// The mark, if `tail` was read after that `looked_at`; a tail that is older tells nothing.
    [[nodiscard]] std::uint64_t high_water(
        position looked_at, position tail, std::size_t capacity) const noexcept {
        const std::uint64_t since = distance(looked_at, tail);
        if (since > Mask / 2) return high_water_.read();
        return std::max(high_water_.read(), std::min<std::uint64_t>(since, capacity));
    }

private:
    template <class U>
    using plain = typename Env::template plain<U>;

    [[nodiscard]] static std::uint64_t distance(position from, position to) noexcept {
        return (to - from) & Mask;
    }

    // The consumer's own; observers read the counts.
    plain<position> head_;
    plain<position> limit_;  // for head: the tail it last saw
    lone_counter<Env> looked_at_;  // head when it last looked
    lone_counter<Env> refused_;
    lone_counter<Env> high_water_;
    [[no_unique_address]] Tally tally_;
    [[no_unique_address]] sole_caller caller_;
};

}  // namespace lfq::inline LFQ_ABI
