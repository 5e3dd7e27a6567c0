// SPDX-License-Identifier: MIT
// lfq/ring/lossy_reader.hpp — one of the readers of a lossy_broadcast_ring.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/join_at.hpp>
#include <lfq/ring/pop_verbs.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

namespace lfq::inline LFQ_ABI {

/// What join() of a lossy_broadcast_ring gives: a position, of which the writer knows nothing. Sees
/// the values from there on in order, but for those that were overwritten before it read them, and
/// these it counts. A copy reads on from the same place. It must not outlive the ring.
///
/// Threads   one; each thread has its own (checked builds name a second one inside).
/// Progress  try_ verbs, drain: lock-free; a copy is made again only if meanwhile the writer gave
///           up another eighth of the ring, and the value with it. The push that does so may be
///           the next one. pop waits as Wait says.
/// Order     what the writer wrote before a push is visible to who reads the value.
/// Memory    none.
/// Failure   empty and closed are answers; missed() says what is lost.
///
/// try_pop, pop and pop_for come from pop_verbs.hpp.
/// There is no peek() and no consume(): the writer may overwrite what is looked at, so a value is
/// had as a copy only. There is no doorbell (fd, arm): a bell wakes one thread, and a value is for
/// every reader. There is no leave(): nobody waits for this one.
template <class Ring, class T, wait_policy Wait>
class lossy_reader : public pop_verbs<lossy_reader<Ring, T, Wait>, const T, Wait> {
public:
    /// Reads nothing: assign it what join() gives.
    lossy_reader() = default;
    [[nodiscard]] explicit operator bool() const noexcept { return ring_ != nullptr; }

    /// Copies as many values out as there are, at most out.size().
    [[nodiscard]] std::size_t try_pop_n(
        std::span<T> out) noexcept requires std::is_assignable_v<T&, const T> {
        return drain([to = out.begin()](const T& value) mutable { *to++ = value; }, out.size());
    }

    /// Calls visit(const T&) on copies of the oldest values, at most `max`, until none is there. If
    /// visit throws, the values it saw are consumed.
    template <class Visit>
    std::size_t drain(Visit&& visit, std::size_t max = SIZE_MAX);

    /// Goes on with the oldest value that is kept, if it was overrun, or with the next one that
    /// comes. What it leaves out counts as missed, and is the answer.
    std::uint64_t skip_to(join_at where) noexcept;

    /// Values that were published from where it joined on and that it did not get, as far as it has
    /// come: exact. With those it got, they are all. Losses are found when it reads or skips.
    [[nodiscard]] std::uint64_t missed() const noexcept { return missed_; }

    /// Published, not read and not lost: exact while nobody pushes, and never above the ring's
    /// capacity.
    [[nodiscard]] std::size_t size_approx() const noexcept;
    /// No more values will come than those it has not read.
    [[nodiscard]] bool closed() const noexcept { return ring().closed(); }
    /// Closed, and it has come to the end.
    [[nodiscard]] bool drained() const noexcept {
        return closed() && ring().positions_.tail_hint() == head_;
    }

private:
    friend Ring;
    friend waiting_verbs<lossy_reader, Wait>;
    friend pop_verbs<lossy_reader, const T, Wait>;

    using position = std::uint64_t;
    static constexpr const char* role = "lossy_broadcast_ring, one reader";

    lossy_reader(Ring& ring, position head) noexcept : ring_(&ring), head_(head), limit_(head) {}

    [[nodiscard]] Ring& ring() const noexcept {
        LFQ_ASSERT(ring_ != nullptr, "lossy_broadcast_ring: this reader has not joined");
        return *ring_;
    }
    [[nodiscard]] auto& its_waiter() noexcept { return ring().waiter_; }
    [[nodiscard]] position take_position() const noexcept { return head_; }
    static void refused_pop() noexcept {}  // nobody knows the reader, so nobody asks

    std::uint64_t go_to(position head) noexcept {
        const std::uint64_t left_out = head - head_;
        missed_ += left_out;
        head_ = head;
        limit_ = head;
        return left_out;
    }
    [[nodiscard]] std::optional<T> next() noexcept;
    template <class Sink>
    [[nodiscard]] wait::turn take(Sink&& sink);

    Ring* ring_ = nullptr;
    position head_ = 0;
    position limit_ = 0;  // for head: the tail it last saw
    std::uint64_t missed_ = 0;
    [[no_unique_address]] sole_caller caller_;
};

// The oldest value that can be had, copied whole.
template <class Ring, class T, wait_policy Wait>
std::optional<T> lossy_reader<Ring, T, Wait>::next() noexcept {
    const auto& positions = ring().positions_;
    for (;;) {
        if (head_ == limit_) {
            limit_ = positions.published();
            if (head_ == limit_) return std::nullopt;
        }
        const auto copied = ring().slots_.at(head_)->read();
        if (positions.still_holds(head_)) [[likely]] {
            ++head_;
            return Ring::slot::value_of(copied);
        }
        go_to(positions.oldest());
    }
}

template <class Ring, class T, wait_policy Wait>
template <class Sink>
wait::turn lossy_reader<Ring, T, Wait>::take(Sink&& sink) {
    const sole_caller::visit inside(caller_, role);
    std::optional<T> value = next();
    if (!value) {
        // Who sees the end sees all that was published before it, so one more look decides.
        if (!closed()) return wait::turn::refused;
        value = next();
        if (!value) return wait::turn::over;
    }
    sink(static_cast<const T&>(*value));
    return wait::turn::done;
}

template <class Ring, class T, wait_policy Wait>
template <class Visit>
std::size_t lossy_reader<Ring, T, Wait>::drain(Visit&& visit, std::size_t max) {
    const sole_caller::visit inside(caller_, role);
    std::size_t count = 0;
    while (count != max) {
        const std::optional<T> value = next();
        if (!value) break;
        ++count;
        visit(*value);
    }
    return count;
}

template <class Ring, class T, wait_policy Wait>
std::uint64_t lossy_reader<Ring, T, Wait>::skip_to(join_at where) noexcept {
    const sole_caller::visit inside(caller_, role);
    const auto& positions = ring().positions_;
    const position oldest = positions.oldest();
    if (where == join_at::newest) return go_to(positions.published());
    return positions.below(head_, oldest) ? go_to(oldest) : 0;
}

template <class Ring, class T, wait_policy Wait>
std::size_t lossy_reader<Ring, T, Wait>::size_approx() const noexcept {
    const auto& positions = ring().positions_;
    const position oldest = positions.oldest();
    const position from = positions.below(head_, oldest) ? oldest : head_;
    return static_cast<std::size_t>(
        std::min<position>(positions.tail_hint() - from, ring().capacity()));
}

}  // namespace lfq::inline LFQ_ABI
