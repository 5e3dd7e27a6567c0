// SPDX-License-Identifier: MIT
// lfq/ring/shared_positions.hpp — where the sides of a shared ring are.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/ring_statistics.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// Positions of shared rings count modulo 2^63, because a word of one says something else too:
/// closed, or abandoned.
inline constexpr std::uint64_t position_top_bit = std::uint64_t{1} << 63;

[[nodiscard]] constexpr std::uint64_t wrapped_position(std::uint64_t at) noexcept {
    return at & ~position_top_bit;
}

/// The claim position, the freed position, and the exact close of a ring with many producers.
///
/// Threads   claim, add: any number; free: the consumer; close and the observers: anyone.
/// Progress  claim is lock-free: it retries only when another claim, or the close, went through.
///           The others are wait-free.
/// Order     a claim orders nothing for its claimer: slots come with the free edge.
///
/// A claim by compare-exchange is of slots that are free. An add cannot fail, so a producer that
/// others overtake between its look and its add may get a slot that the consumer has not freed yet.
/// It adds only while more than an eighth of the ring is free, so it must be overtaken by as much.
/// Then it waits for the slot; of those that wait the close keeps none.
template <class Env>
class shared_positions {
public:
    using position = std::uint64_t;

    /// Where the first claim lands.
    static constexpr position first = wrapped_position(Env::first_position);

    struct ticket {
        position at;
        std::size_t count;
        wait::turn answer;  // refused: full, over: closed
    };

    explicit shared_positions(std::size_t capacity) noexcept
        : whole_(to_words(capacity)),
          usable_by_adds_(to_words(capacity - std::max<std::size_t>(1, capacity / 8))) {}

    /// Whether one slot could be claimed now: an answer that may be outdated at once.
    [[nodiscard]] wait::turn room() const noexcept;

    /// Up to n slots in a row, as many as are free, at least one unless full or closed; n is at
    /// least 1.
    [[nodiscard]] ticket claim(std::size_t n) noexcept;

    /// One slot, by an add. Count 0: nothing is claimed, because it is closed, or because there is
    /// little room; claim() says whether there is any. Count 1 and refused: ask settle().
    [[nodiscard]] ticket add() noexcept;

    /// What becomes of a slot that add() claimed too early. done: it is free now, fill it; over: it
    /// was not free when the ring was closed, and the claim is none; refused: ask again.
    [[nodiscard]] wait::turn settle(position at) noexcept;

    /// The consumer has finished with everything before `head`.
    void free(position head) noexcept {
        // release free: pairs with claim(), add() and settle(). release watch: pairs with the
        // observers.
        head_.store(doubled(head), std::memory_order_release);
    }

    /// Every claim of a free slot made before is kept, every other one refused. Where several
    /// threads close, the first one says where the claims end: until it has, drained() is false.
    void close() noexcept;

    /// A look for the waiting consumer, which leaves the producers' line alone. True at some time
    /// after close(); it orders nothing: ask drained() then, which may lag behind.
    [[nodiscard]] bool ended() const noexcept {
        return end_.load(std::memory_order_relaxed) != no_end;  // hint: drained() decides
    }
    /// Who sees it closed sees what the closer did before.
    [[nodiscard]] bool closed() const noexcept {
        // acquire end: pairs with close().
        return (tail_.load(std::memory_order_acquire) & closed_mark) != 0;
    }

    /// Closed, and everything claimed before was freed; for good. Who sees it drained sees what the
    /// closer and the consumer did before.
    [[nodiscard]] bool drained() const noexcept {
        // acquire end: pairs with close().
        const word end = end_.load(std::memory_order_acquire);
        // acquire watch: pairs with free(); who sees the ring drained sees what the consumer did.
        return head_.load(std::memory_order_acquire) == end;
    }

    struct snapshot {
        position head;
        position tail;
    };
    /// Two positions with head <= tail, at most one of them of now.
    [[nodiscard]] snapshot look() const noexcept;

    /// Claimed slots not freed yet: never above the capacity. A claim by add that is being refused
    /// may count for a moment.
    [[nodiscard]] std::size_t size_approx() const noexcept {
        const auto [head, tail] = look();
        return static_cast<std::size_t>(
            std::min<position>(wrapped_position(tail - head), capacity()));
    }
    /// What positions can tell.
    [[nodiscard]] ring_statistics statistics() const noexcept {
        const auto [head, tail] = look();
        ring_statistics now;
        now.published = wrapped_position(tail - first);
        now.consumed = wrapped_position(head - first);
        return now;
    }

    /// The claim position, for a hint.
    [[nodiscard]] position tail_hint() const noexcept {
        return tail_.load(std::memory_order_relaxed) >> 1;  // hint
    }

private:
    // Edges (docs/design/memory_model.md):
    //   free     head_ in free() → head_ in claim(), add() and settle(): emptied slots may be
    //            filled again
    //   relay    seen_ in claim() and add() → seen_ in both: the free edge, handed from producer to
    //            producer
    //   bound    tail_ in claim(), add() and settle() → tail_ in close(): the closer's head is no
    //            older than one that a claim it keeps was compared with
    //   end      tail_, end_ in close() → tail_ in closed(), end_ in drained(): who sees the end
    //            sees what the closer did before
    //   watch    head_ in free() → head_ in look() and drained(): an observer's tail is no older
    //            than its head

    template <class U>
    using atomic = typename Env::template atomic<U>;

    // Every word is twice its position, so that differences wrap by themselves and the lowest bit
    // of tail_ is free for the closed mark.
    using word = std::uint64_t;
    static constexpr word closed_mark = 1;
    static constexpr word no_end = 1;  // no word of a position

    [[nodiscard]] static constexpr word doubled(position at) noexcept { return at << 1; }
    [[nodiscard]] static constexpr std::int64_t to_words(std::size_t slots) noexcept {
        return static_cast<std::int64_t>(slots) * 2;
    }
    [[nodiscard]] std::size_t capacity() const noexcept {
        return static_cast<std::size_t>(whole_) / 2;
    }
    // Negative where this tail is older than that head.
    [[nodiscard]] static std::int64_t used(word head, word tail) noexcept {
        return static_cast<std::int64_t>(tail - head);
    }

    // Read by everyone. Written by nobody, but for the end that close() sets once.
    std::int64_t whole_;  // the capacity, in words
    std::int64_t usable_by_adds_;
    atomic<word> end_{no_end};

    // Written by producers: the next slot to claim, and the mark.
    alignas(cache_line_pair_bytes) atomic<word> tail_{doubled(first)};

    // Written by producers: the newest head one of them has seen, so that most claims leave the
    // consumer's line alone. It may step back, which only makes it older.
    alignas(cache_line_pair_bytes) atomic<word> seen_{doubled(first)};

    // Written by the consumer, read by producers that ran out of room.
    alignas(cache_line_pair_bytes) atomic<word> head_{doubled(first)};
};

template <class Env>
wait::turn shared_positions<Env>::room() const noexcept {
    const word tail = tail_.load(std::memory_order_relaxed);  // hint: the claim decides
    if ((tail & closed_mark) != 0) return wait::turn::over;
    // hint: the claim decides, and brings the edge.
    if (used(seen_.load(std::memory_order_relaxed), tail) < whole_) return wait::turn::done;
    // hint: as above
    return used(head_.load(std::memory_order_relaxed), tail) < whole_ ? wait::turn::done
                                                                      : wait::turn::refused;
}

template <class Env>
auto shared_positions<Env>::claim(std::size_t n) noexcept -> ticket {
    // 1 is a constant then.
    const std::int64_t wanted = n == 1 ? 2 : to_words(std::min(n, capacity()));
    word tail = tail_.load(std::memory_order_relaxed);  // hint: the compare-exchange below decides
    for (;;) {
        // acquire relay: pairs with the releases here and in add(); the slots before this head are
        // free.
        std::int64_t free = whole_ - used(seen_.load(std::memory_order_acquire), tail);
        const bool closed = (tail & closed_mark) != 0;
        if (free < wanted || closed) [[unlikely]] {
            if (closed) return {tail >> 1, 0, wait::turn::over};
            // acquire free: pairs with free().
            const word head = head_.load(std::memory_order_acquire);
            free = whole_ - used(head, tail);
            if (free <= 0) return {tail >> 1, 0, wait::turn::refused};
            // release relay: pairs with the acquires here and in add().
            seen_.store(head, std::memory_order_release);
        }
        // An old tail seems to leave more than there is; its compare-exchange fails.
        const std::int64_t taken = wanted == 2 ? 2 : std::min(wanted, free);
        // release bound: pairs with close(). Else a claim orders nothing; the slots came with the
        // free edge and leave with the publish edge.
        if (tail_.compare_exchange_weak(tail, tail + static_cast<word>(taken),
                std::memory_order_release, std::memory_order_relaxed)) {
            return {tail >> 1, static_cast<std::size_t>(taken) / 2, wait::turn::done};
        }
    }
}

template <class Env>
auto shared_positions<Env>::add() noexcept -> ticket {
    // hint: whether to add at all; that of an old tail is yes.
    const word tail = tail_.load(std::memory_order_relaxed);
    if ((tail & closed_mark) != 0) return {tail >> 1, 0, wait::turn::over};
    // acquire relay: pairs with the releases here and in claim(); the slots before this head are
    // free.
    word head = seen_.load(std::memory_order_acquire);
    if (used(head, tail) >= usable_by_adds_) [[unlikely]] {
        // acquire free: pairs with free().
        head = head_.load(std::memory_order_acquire);
        if (used(head, tail) >= usable_by_adds_) return {tail >> 1, 0, wait::turn::refused};
        // release relay: pairs with the acquires here and in claim().
        seen_.store(head, std::memory_order_release);
    }
    // release bound: pairs with close().
    const word before = tail_.fetch_add(2, std::memory_order_release);
    // Behind the end nothing is written and nothing read.
    if ((before & closed_mark) != 0) return {before >> 1, 0, wait::turn::over};
    return {before >> 1, 1, used(head, before) < whole_ ? wait::turn::done : wait::turn::refused};
}

template <class Env>
wait::turn shared_positions<Env>::settle(position at) noexcept {
    // acquire free: pairs with free().
    const bool free = used(head_.load(std::memory_order_acquire), doubled(at)) < whole_;
    if (free) {
        // release bound: pairs with close(), which keeps a claim whose slot was free by then. It
        // adds nothing, but as a read-modify-write it is before the close, or sees it.
        if ((tail_.fetch_add(0, std::memory_order_release) & closed_mark) == 0)
            return wait::turn::done;
    } else if ((tail_.load(std::memory_order_relaxed) & closed_mark) == 0) {  // hint: asks again
        return wait::turn::refused;
    }
    const word end = end_.load(std::memory_order_relaxed);  // hint: nothing is read on its word
    if (end == no_end) return wait::turn::refused;  // the closer is about to say
    if (used(doubled(at), end) <= 0) return wait::turn::over;
    return free ? wait::turn::done : wait::turn::refused;
}

template <class Env>
void shared_positions<Env>::close() noexcept {
    // release end: pairs with closed(). acquire bound: pairs with claim(), add() and settle(). From
    // here on every compare-exchange from an open tail fails, and what is added sees the mark.
    const word before = tail_.fetch_or(closed_mark, std::memory_order_acq_rel);
    if ((before & closed_mark) != 0) return;
    // own: the bound edge makes it no older than those heads. Who added too early and would have to
    // wait for more is refused.
    const word head = head_.load(std::memory_order_relaxed);
    const word end = used(head, before) > whole_ ? head + static_cast<word>(whole_) : before;
    // release end: pairs with drained(). A consumer that does not see it yet looks
    // again; one that sleeps is woken by a handshake whose fences stand behind both.
    end_.store(end, std::memory_order_release);
}

template <class Env>
auto shared_positions<Env>::look() const noexcept -> snapshot {
    // acquire watch: pairs with free(). The freed slots were claimed before, so the tail read next
    // is no older than this head and their difference cannot be negative.
    const position head = head_.load(std::memory_order_acquire) >> 1;
    const word tail = tail_.load(std::memory_order_relaxed);  // hint: both have moved since
    if ((tail & closed_mark) == 0) return {head, tail >> 1};
    const word end = end_.load(std::memory_order_relaxed);  // hint: behind it nothing counts
    return {head, (end == no_end ? tail : end) >> 1};
}

}  // namespace lfq::inline LFQ_ABI
