// SPDX-License-Identifier: MIT
// lfq/ring/adding_positions.hpp — where the sides of a ring are whose producers claim by adding.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/policy/wait.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// The claim position, the freed position, and the exact close of a ring with a known number of
/// producers, none of which claims more than a known amount at once.
///
/// Each producer keeps the position behind its own last claim and the freed position that it saw
/// last. A claim checks these two against what is usable, and then adds, whatever the others have
/// added meanwhile. That may go beyond what is usable, but never beyond the ring, if usable is
/// smaller than the ring by producers × largest claim. For take any claim, and go back over those
/// before it to one whose producer P claimed again since: at most one claim of each producer lies
/// between. P's later check began behind its earlier claim and found that it ends within
/// `usable` of a freed position, so the claim we took ends at most one largest claim of each other
/// producer beyond that. The add behind P's check hands on what P knew of the consumer, so whoever
/// claims later may write where the consumer has read.
///
/// Threads   claim: each `known` belongs to one producer at a time; free: the consumer; close and
///           the observers: anyone.
/// Progress  wait-free: a claim is one add, and a load where what it knows is not enough.
/// Order     free → claim, also by way of other producers.
template <class Env>
class adding_positions {
    template <class U>
    using plain = typename Env::template plain<U>;

public:
    /// Counts modulo 2^63: the claim position shares its word with the closed mark.
    using position = std::uint64_t;

    static constexpr position first = Env::first_position >> 1;

    /// What one producer remembers.
    struct known {
        plain<position> tail{first};  // behind its own last claim
        plain<position> head{first};  // freed, when it last looked
    };

    struct ticket {
        position at;
        wait::turn answer;  // refused: full, over: closed
    };

    explicit adding_positions(std::size_t usable) noexcept : usable_(usable) {}

    /// n units in a row, all or none.
    [[nodiscard]] ticket claim(known& mine, std::size_t n) noexcept;

    /// The consumer has finished with everything before `head`.
    void free(position head) noexcept {
        // release free: pairs with claim(). release watch: pairs with drained().
        head_.store(head, std::memory_order_release);
    }

    /// Every claim made before is kept, every later one refused. False: it was closed before, by a
    /// thread that may not have said yet where the claims end: until it has, drained() is false.
    bool close() noexcept;

    [[nodiscard]] bool closed() const noexcept {
        // acquire end: pairs with close().
        return (tail_.load(std::memory_order_acquire) & closed_mark) != 0;
    }

    /// Whether all that was claimed before the close lies before `head`.
    [[nodiscard]] bool ended_at(position head) const noexcept {
        // acquire end: pairs with close().
        return end_.load(std::memory_order_acquire) == head;
    }

    /// Closed, and everything claimed before was freed.
    [[nodiscard]] bool drained() const noexcept {
        // acquire watch: pairs with free(); who sees the ring drained sees what the consumer did.
        return ended_at(head_.load(std::memory_order_acquire));
    }

    /// Units claimed and not freed; at most usable().
    [[nodiscard]] std::size_t size_approx() const noexcept {
        // hint: the claims read next may be older, which is none.
        const position head = head_.load(std::memory_order_relaxed);
        return between(head, claimed_hint());
    }
    [[nodiscard]] std::size_t usable() const noexcept { return usable_; }

    /// The claim position, for a hint.
    [[nodiscard]] position tail_hint() const noexcept {
        return tail_.load(std::memory_order_relaxed) >> 1;  // hint
    }

    /// Where the claims end that count, for a hint: no older than what the caller saw published.
    [[nodiscard]] position claimed_hint() const noexcept;

    /// Units from one position to another; none if it is before it, at most usable().
    [[nodiscard]] std::size_t between(position from, position to) const noexcept {
        const std::int64_t size = std::max<std::int64_t>(distance(from, to), 0);
        return std::min(usable_, static_cast<std::size_t>(size));
    }

    /// How far `to` lies behind `from`, which may be negative.
    [[nodiscard]] static std::int64_t distance(position from, position to) noexcept {
        return static_cast<std::int64_t>((to - from) << 1) >> 1;
    }
    [[nodiscard]] static position behind(position at, std::size_t n) noexcept {
        return (at + n) & (~position{0} >> 1);
    }

private:
    // Edges (docs/design/memory_model.md):
    //   free     head_ in free() → head_ in claim(): what was read may be written again
    //   relay    tail_ in claim() → tail_ in claim(): the free edge, handed from producer to
    //            producer
    //   end      tail_, end_ in close() → tail_ in closed(), end_ in ended_at(): who sees the end
    //            sees what the closer did before
    //   watch    head_ in free() → head_ in drained(): who sees the end sees what the consumer did

    template <class U>
    using atomic = typename Env::template atomic<U>;

    static constexpr position closed_mark = 1;  // the position stands above it
    static constexpr position no_end = ~position{0};  // no position: they are shorter by a bit

    // Read by everyone. Written by nobody, but for the end that close() sets once.
    std::size_t usable_;
    atomic<position> end_{no_end};

    // Written by producers.
    alignas(cache_line_pair_bytes) atomic<position> tail_{first << 1};

    // Written by the consumer, read by producers that run out of room.
    alignas(cache_line_pair_bytes) atomic<position> head_{first};
};

template <class Env>
auto adding_positions<Env>::claim(known& mine, std::size_t n) noexcept -> ticket {
    const position would_end = behind(mine.tail, n);
    const auto usable = static_cast<std::int64_t>(usable_);
    if (distance(mine.head, would_end) > usable) [[unlikely]] {
        // acquire free: pairs with free().
        mine.head = head_.load(std::memory_order_acquire);
        // hint: the add below decides; here it only tells full from closed.
        const bool marked = (tail_.load(std::memory_order_relaxed) & closed_mark) != 0;
        if (marked) return {mine.tail, wait::turn::over};
        if (distance(mine.head, would_end) > usable) return {mine.tail, wait::turn::refused};
    }
    // acquire relay: pairs with the adds before it. release relay: pairs with those behind it.
    const position before = tail_.fetch_add(position{n} << 1, std::memory_order_acq_rel);
    const position at = before >> 1;
    mine.tail = behind(at, n);
    // Behind the end nothing is written and nothing read.
    return {at, (before & closed_mark) == 0 ? wait::turn::done : wait::turn::over};
}

template <class Env>
bool adding_positions<Env>::close() noexcept {
    // release end: pairs with closed(). Whatever is added from here on sees the mark.
    const position before = tail_.fetch_or(closed_mark, std::memory_order_release);
    if ((before & closed_mark) != 0) return false;
    // release end: pairs with ended_at().
    end_.store(before >> 1, std::memory_order_release);
    return true;
}

template <class Env>
auto adding_positions<Env>::claimed_hint() const noexcept -> position {
    const position tail = tail_.load(std::memory_order_relaxed);  // hint: it has moved since
    if ((tail & closed_mark) == 0) return tail >> 1;
    const position end = end_.load(std::memory_order_relaxed);  // hint: behind it nothing counts
    return end == no_end ? tail >> 1 : end;
}

}  // namespace lfq::inline LFQ_ABI
