// SPDX-License-Identifier: MIT
// tests/model/ring/ledger.hpp — what went into a ring and came out, and which answers were allowed.
#pragma once

#include "checker/execution.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace model {

/// Kept by the threads of a scenario beside the ring; the checker sees none of it, so it orders
/// nothing. Values name their producer and their turn: value(1, 3) is the third of producer 1.
class ledger {
public:
    [[nodiscard]] static constexpr int value(int producer, int turn) {
        return producer * 100 + turn;
    }

    // Producers.

    /// try_push under watch: "full" only if no slot is unused whose freeing happened before.
    template <class Ring>
    bool try_push(Ring& ring, int producer) {
        begin(producer);
        const std::size_t free = ring.capacity() + known(freed_);
        if (ring.try_push(next_of(ring, producer))) return pushed(producer), true;
        --begun_;
        check(free <= begun_ || ring.closed(), "full only where no freed slot is unused");
        return false;
    }
    /// push under watch. False: closed.
    template <class Ring>
    bool push(Ring& ring, int producer) {
        begin(producer);
        if (ring.push(next_of(ring, producer))) return pushed(producer), true;
        --begun_;
        return false;
    }
    /// What was pushed by other verbs, after it was published.
    void pushed_by_other_means(int producer, std::size_t values) {
        for (; values != 0; --values) {
            begin(producer);
            pushed(producer);
        }
    }

    // The consumer.

    /// try_pop under watch: "empty" only if no value is left whose push happened before. Where
    /// there are several producers, an earlier claim may hold it back that did not happen before.
    template <class Ring, class T>
    bool try_pop(Ring& ring, T& out) {
        const std::size_t there = known(pushes_);
        const bool nothing_before_it = producers_ == 1 || there == begun_;
        if (ring.try_pop(out)) return popped(out), true;
        check(there <= freed_.count || !nothing_before_it, "empty only where no value is left");
        return false;
    }
    template <class Ring, class T>
    bool pop(Ring& ring, T& out) {
        return ring.pop(out) && (popped(out), true);
    }
    /// After the pop: the next value of its producer, and no other.
    template <class T>
    void popped(const T& out) {
        const int value = out.get();
        check(value > 100 && value < 600, "a value that was pushed");
        check(value % 100 == ++of_[index(value / 100)].popped, "each producer's next value");
        freed_.add(execution::here().now());
    }

    // At the end.

    [[nodiscard]] int pushed_of(int producer) const { return of_[index(producer)].pushed; }
    [[nodiscard]] int popped_of(int producer) const { return of_[index(producer)].popped; }
    [[nodiscard]] std::size_t pushed() const { return pushes_.count; }
    [[nodiscard]] std::size_t popped() const { return freed_.count; }
    void check_all_arrived() const {
        for (const sums& each : of_)
            check(each.pushed == each.popped, "every value that went in came out");
    }

private:
    struct sums {
        int begun = 0;
        int pushed = 0;
        int popped = 0;
    };
    struct moments {
        std::array<execution::moment, 32> at{};
        std::size_t count = 0;
        void add(execution::moment one) { at[count++] = one; }
    };
    static constexpr std::size_t index(int producer) { return static_cast<std::size_t>(producer); }

    template <class Ring>
    [[nodiscard]] typename Ring::value_type next_of(const Ring&, int producer) const {
        return typename Ring::value_type(value(producer, pushed_of(producer) + 1));
    }
    void begin(int producer) {
        ++begun_;
        if (of_[index(producer)].begun++ == 0) ++producers_;
    }
    void pushed(int producer) {
        pushes_.add(execution::here().now());
        ++of_[index(producer)].pushed;
    }

    /// How many of these happened before what the caller does now.
    [[nodiscard]] static std::size_t known(const moments& those) {
        std::size_t count = 0;
        for (const execution::moment& each : std::span(those.at).first(those.count))
            count += execution::here().comes_after(each) ? 1U : 0U;
        return count;
    }

    std::array<sums, 6> of_{};
    moments pushes_;  // those that have returned
    moments freed_;
    std::size_t begun_ = 0;  // pushes that have a slot, or may have one
    int producers_ = 0;
};

}  // namespace model
