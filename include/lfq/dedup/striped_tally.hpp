// SPDX-License-Identifier: MIT
// lfq/dedup/striped_tally.hpp — counts that threads make apart and somebody adds up.
// Room: dedup (floor 3). Reads: base.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/thread_number.hpp>
#include <lfq/dedup/answers.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

namespace dedup {

/// Answers, counted in a stripe for each thread, or for a few where there are more threads than
/// stripes. Fresh keys are also announced to everyone, a chunk at a time.
///
/// Threads   any number. Progress wait-free. Order none: these are counts.
template <class Env, std::size_t Stripes = 16>
class striped_tally {
public:
    static constexpr std::uint64_t stripes = Stripes;
    /// No chunk is ever complete.
    static constexpr std::uint64_t never = std::uint64_t{1} << 63;

    /// `chunk` is a power of two. All that is not announced is less than Stripes chunks.
    explicit striped_tally(std::uint64_t chunk) noexcept : chunk_(chunk) {}

    struct counted {
        std::uint64_t announced = 0;  // fresh keys of all threads; 0: no more than before
        bool sixteenth = false;  // the stripe's fresh keys went past a multiple of 16
    };
    counted add(const tally& more) noexcept;

    [[nodiscard]] tally sum() const noexcept;

private:
    template <class U>
    using atomic = typename Env::template atomic<U>;

    struct alignas(cache_line_pair_bytes) stripe {
        atomic<std::uint64_t> fresh{0};
        atomic<std::uint64_t> seen{0};
        atomic<std::uint64_t> full{0};
    };

    std::uint64_t chunk_;
    std::array<stripe, Stripes> stripes_;
    alignas(cache_line_pair_bytes) atomic<std::uint64_t> announced_{0};
};

template <class Env, std::size_t Stripes>
auto striped_tally<Env, Stripes>::add(const tally& more) noexcept -> counted {
    stripe& mine = stripes_[this_thread_number() % Stripes];
    if (more.seen != 0) mine.seen.fetch_add(more.seen, std::memory_order_relaxed);  // count
    if (more.full != 0) mine.full.fetch_add(more.full, std::memory_order_relaxed);  // count
    if (more.fresh == 0) return {};
    // count
    const std::uint64_t before = mine.fresh.fetch_add(more.fresh, std::memory_order_relaxed);
    const std::uint64_t after = before + more.fresh;
    const std::uint64_t whole = (after & ~(chunk_ - 1)) - (before & ~(chunk_ - 1));
    const bool sixteenth = before / 16 != after / 16;
    if (whole == 0) return {0, sixteenth};
    // Read again, and later than exact: of fetch_add(whole) + whole, g++ (12.2, 14.2; x86-64) makes
    // twice the answer here (docs/design/dead_ends.md).
    announced_.fetch_add(whole, std::memory_order_relaxed);  // count
    return {announced_.load(std::memory_order_relaxed), sixteenth};  // count
}

template <class Env, std::size_t Stripes>
tally striped_tally<Env, Stripes>::sum() const noexcept {
    tally all;
    for (const stripe& each : stripes_) {
        all.fresh += each.fresh.load(std::memory_order_relaxed);  // count
        all.seen += each.seen.load(std::memory_order_relaxed);  // count
        all.full += each.full.load(std::memory_order_relaxed);  // count
    }
    return all;
}

}  // namespace dedup

}  // namespace lfq::inline LFQ_ABI
