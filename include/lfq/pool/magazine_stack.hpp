// SPDX-License-Identifier: MIT
// lfq/pool/magazine_stack.hpp — magazines, and the stack that caches exchange them through.
// Room: pool (floor 3). Reads: base.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// As many objects as half a cache holds: a row of them, or a chain. Everything but `next` belongs
/// to whoever has it, and goes from owner to owner by the stack.
template <class Slot, class Env>
struct alignas(cache_line_bytes) magazine {
    using entry = typename Env::template plain<Slot*>;

    explicit magazine(entry* its_row) noexcept : row(its_row) {}

    // The index of the one below, plus one. Read by who wants this one, also when it is gone.
    typename Env::template atomic<std::uint32_t> next{0};
    entry* row;
    typename Env::template plain<std::uint32_t> chain_first = 0;
    typename Env::template plain<std::uint32_t> chain_count = 0;  // 0: what it has is in its row
};

/// A lock-free stack of magazines (Treiber's), told apart by index.
///
/// Threads   any number.
/// Progress  lock-free: retries only when another push or pop went through.
/// Order     what was done with a magazine before its push is visible to who pops it.
template <class Magazine, class Env>
class magazine_stack {
public:
    /// `all` is where index 0 stands.
    explicit magazine_stack(Magazine* all) noexcept : all_(all) {}

    void push(Magazine& one) noexcept;

    /// Null: there is none.
    [[nodiscard]] Magazine* pop() noexcept;

private:
    // Edges (docs/design/memory_model.md):
    //   exchange   head_ in push() → head_ in pop(): a magazine comes with what lies in it

    static constexpr std::uint64_t one_pop = std::uint64_t{1} << 32;
    static constexpr std::uint64_t tag_mask = ~(one_pop - 1);

    Magazine* all_;

    // Everyone's: low, the index of the top one plus one; high, how often one was popped. Who looks
    // at a magazine that is popped, and pushed again, meanwhile finds another tag: its
    // compare-exchange fails, unless it was stopped for 2^32 pops.
    alignas(cache_line_pair_bytes)
        typename Env::template atomic<std::uint64_t> head_{Env::first_position << 32};
};

template <class Magazine, class Env>
void magazine_stack<Magazine, Env>::push(Magazine& one) noexcept {
    const auto index = static_cast<std::uint64_t>(&one - all_) + 1;
    std::uint64_t head =
        head_.load(std::memory_order_relaxed);  // hint: the compare-exchange decides
    do {
        // own: whoever pops this one comes by the exchange edge.
        one.next.store(static_cast<std::uint32_t>(head), std::memory_order_relaxed);
        // release exchange: pairs with pop().
    } while (!head_.compare_exchange_weak(
        head, (head & tag_mask) | index, std::memory_order_release, std::memory_order_relaxed));
}

template <class Magazine, class Env>
Magazine* magazine_stack<Magazine, Env>::pop() noexcept {
    for (;;) {
        // acquire exchange: pairs with push(); the magazine, and which one is below it.
        std::uint64_t head = head_.load(std::memory_order_acquire);
        if (static_cast<std::uint32_t>(head) == 0) return nullptr;
        Magazine& top = all_[static_cast<std::uint32_t>(head) - 1];
        // hint: if it is not the top one any more, this may be anything, and is not used.
        const std::uint32_t below = top.next.load(std::memory_order_relaxed);
        const std::uint64_t popped = ((head & tag_mask) + one_pop) | below;
        // own: what it changes is what the load above read; the tag says so.
        if (head_.compare_exchange_weak(
                head, popped, std::memory_order_relaxed, std::memory_order_relaxed)) {
            return &top;
        }
    }
}

}  // namespace lfq::inline LFQ_ABI
