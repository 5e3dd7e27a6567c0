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

/// Positions of shared rings count modulo 2^63, because the top bit of one says something else:
/// closed, or abandoned.
inline constexpr std::uint64_t position_top_bit = std::uint64_t{1} << 63;

[[nodiscard]] constexpr std::uint64_t wrapped_position(std::uint64_t at) noexcept {
    return at & ~position_top_bit;
}

/// The claim position, the freed position, and the exact close of a ring with many producers.
///
/// Threads   claim: any number; free: the consumer; close and the observers: anyone.
/// Progress  claim is lock-free: it retries only when another claim, or the close, went through.
///           The others are wait-free.
/// Order     a claim orders nothing itself: slots come with the free edge.
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

    explicit shared_positions(std::size_t capacity) noexcept : capacity_(capacity) {}

    /// Whether one slot could be claimed now: an answer that may be outdated at once.
    [[nodiscard]] wait::turn room() const noexcept;

    /// Up to n slots in a row, as many as are free, at least one unless full or closed; n is at
    /// least 1.
    [[nodiscard]] ticket claim(std::size_t n) noexcept;

    /// The consumer has finished with everything before `head`.
    void free(position head) noexcept {
        // release free: pairs with claim(). release watch: pairs with the observers.
        head_.store(head, std::memory_order_release);
    }

    /// Every claim made before is kept, every later one refused.
    void close() noexcept;

    /// A look for the waiting consumer, which leaves the producers' line alone. True at some time
    /// after close(); it orders nothing: ask drained() then, which may lag behind.
    [[nodiscard]] bool ended() const noexcept {
        return ended_.load(std::memory_order_relaxed);  // hint: drained() decides
    }
    /// Who sees it closed sees what the closer did before.
    [[nodiscard]] bool closed() const noexcept {
        // acquire end: pairs with close().
        return (tail_.load(std::memory_order_acquire) & position_top_bit) != 0;
    }

    /// Closed, and everything claimed before was freed. Who sees it drained sees what the closer
    /// and the consumer did before.
    [[nodiscard]] bool drained() const noexcept;

    struct snapshot {
        position head;
        position tail;
    };
    /// Two positions with head <= tail, at most one of them of now.
    [[nodiscard]] snapshot look() const noexcept;

    /// Claimed slots not freed yet: never above the capacity, nor above what was claimed so far.
    [[nodiscard]] std::size_t size_approx() const noexcept {
        const auto [head, tail] = look();
        return static_cast<std::size_t>(
            std::min<position>(wrapped_position(tail - head), capacity_));
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
        return tail_.load(std::memory_order_relaxed);  // hint
    }

private:
    // Edges (docs/design/memory_model.md):
    //   free     head_ in free() → head_ in claim(): emptied slots may be filled again
    //   relay    seen_ in claim() → seen_ in claim(): the free edge, handed from producer to
    //            producer
    //   end      tail_ in close() → tail_ in closed() and drained(): who sees the end sees what the
    //            closer did before
    //   watch    head_ in free() → head_ in look() and drained(): an observer's tail is no older
    //            than its head

    template <class U>
    using atomic = typename Env::template atomic<U>;

    // Read by everyone. Written by nobody, but for the flag that close() sets once.
    std::size_t capacity_;
    atomic<bool> ended_{false};

    // Written by producers: the next slot to claim; the top bit means closed.
    alignas(cache_line_pair_bytes) atomic<position> tail_{first};

    // Written by producers: the newest head one of them has seen, so that most claims leave the
    // consumer's line alone. It may step back, which only makes it older.
    alignas(cache_line_pair_bytes) atomic<position> seen_{first};

    // Written by the consumer, read by producers that ran out of room.
    alignas(cache_line_pair_bytes) atomic<position> head_{first};
};

template <class Env>
wait::turn shared_positions<Env>::room() const noexcept {
    const position tail = tail_.load(std::memory_order_relaxed);  // hint: the claim decides
    if ((tail & position_top_bit) != 0) return wait::turn::over;
    // hint: the claim decides, and brings the edge.
    const position seen = seen_.load(std::memory_order_relaxed);
    if (wrapped_position(tail - seen) < capacity_) return wait::turn::done;
    const position head = head_.load(std::memory_order_relaxed);  // hint: as above
    // A tail that is older than this head leaves a difference beyond the capacity.
    return wrapped_position(tail - head) == capacity_ ? wait::turn::refused : wait::turn::done;
}

template <class Env>
auto shared_positions<Env>::claim(std::size_t n) noexcept -> ticket {
    const std::size_t wanted = n == 1 ? 1 : std::min(n, capacity_);  // 1 is a constant then
    position tail =
        tail_.load(std::memory_order_relaxed);  // hint: the compare-exchange below decides
    for (;;) {
        // acquire relay: pairs with the release below; the slots before this head are free.
        const position seen = seen_.load(std::memory_order_acquire);
        position used = wrapped_position(tail - seen);
        // The mark is asked for itself: across the wrap it would vanish in the difference.
        const bool marked = (tail & position_top_bit) != 0;
        if (used > capacity_ - wanted || marked) [[unlikely]] {
            if (marked) return {tail, 0, wait::turn::over};
            // acquire free: pairs with free().
            const position head = head_.load(std::memory_order_acquire);
            used = wrapped_position(tail - head);
            if (used >= capacity_) {  // full, or this tail is older than that head
                const position newer = tail_.load(
                    std::memory_order_relaxed);  // hint: no older than the head just read
                if (newer == tail) return {tail, 0, wait::turn::refused};
                tail = newer;
                continue;
            }
            // release relay: pairs with the acquire above.
            seen_.store(head, std::memory_order_release);
        }
        const std::size_t count =
            wanted == 1 ? 1 : std::min(wanted, capacity_ - static_cast<std::size_t>(used));
        // own: a claim orders nothing; the slots came with the free edge and leave with the publish
        // edge.
        if (tail_.compare_exchange_weak(tail, wrapped_position(tail + count),
                std::memory_order_relaxed, std::memory_order_relaxed)) {
            return {tail, count, wait::turn::done};
        }
    }
}

template <class Env>
void shared_positions<Env>::close() noexcept {
    // release end: pairs with closed(). Every compare-exchange from an open tail fails from here
    // on.
    tail_.fetch_or(position_top_bit, std::memory_order_release);
    // hint: ended() says when to ask drained(). A consumer that does not see the mark yet looks
    // again; one that sleeps is woken by a handshake whose fences stand behind both.
    ended_.store(true, std::memory_order_relaxed);
}

template <class Env>
bool shared_positions<Env>::drained() const noexcept {
    // acquire end: pairs with close(). A closed tail never moves again.
    const position tail = tail_.load(std::memory_order_acquire);
    if ((tail & position_top_bit) == 0) return false;
    // acquire watch: pairs with free(); who sees the ring drained sees what the consumer did
    // before.
    return head_.load(std::memory_order_acquire) == wrapped_position(tail);
}

template <class Env>
auto shared_positions<Env>::look() const noexcept -> snapshot {
    // acquire watch: pairs with free(). The freed slots were claimed before, so the tail read next
    // is no older than this head and their difference cannot be negative.
    const position head = head_.load(std::memory_order_acquire);
    return {head,
        wrapped_position(tail_.load(std::memory_order_relaxed))};  // hint: both have moved since
}

}  // namespace lfq::inline LFQ_ABI
