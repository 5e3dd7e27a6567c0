// SPDX-License-Identifier: MIT
// bench/harness/hand_over.hpp — one producer, one consumer: a stream of numbered values through one
// ring.
#pragma once

#include "harness/keep.hpp"
#include "harness/question.hpp"
#include "harness/team.hpp"
#include "harness/values.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace bench {

/// The number of the next value: numbers never repeat, so a stale slot shows.
struct next_number {
    std::uint64_t next = 1;
};

template <class Ring>
struct ring_under_test : next_number {
    Ring ring{};
};

/// Builds the ring and puts a value through every slot, twice round.
template <class Ring>
[[nodiscard, gnu::noinline, gnu::cold]] std::shared_ptr<ring_under_test<Ring>> pre_faulted() {
    auto made = std::make_shared<ring_under_test<Ring>>();
    typename Ring::value_type value{};
    for (int lap = 0; lap < 2; ++lap) {
        set_number(value, 1);
        for (std::size_t i = 0; i < Ring::capacity && made->ring.try_push(value); ++i) {
        }
        for (std::size_t i = 0; i < Ring::capacity && made->ring.try_pop(value); ++i) {
        }
    }
    return made;
}

/// One value at a time. Both loops are the same for every contestant and every rule.
template <class Looking>
struct one_at_a_time {
    template <class Ring>
    [[gnu::noinline]] static void produce(Ring& ring, std::uint64_t first, std::uint64_t count) {
        typename Ring::value_type value{};
        for (std::uint64_t number = first; number != first + count; ++number) {
            set_number(value, number);
            changed(value);
            while (!ring.try_push(value)) Looking::after_refusal();
        }
    }

    /// Zero if every value came, once, whole and in order.
    template <class Ring>
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        Ring& ring, std::uint64_t first, std::uint64_t count) {
        typename Ring::value_type value{};
        std::uint64_t wrong = 0;
        for (std::uint64_t number = first; number != first + count; ++number) {
            while (!ring.try_pop(value)) Looking::after_refusal();
            read_whole(value);
            wrong |= differs(value, number);
        }
        return wrong;
    }
};

/// The ring's own waiting verbs: how it looks again is its wait policy's business.
struct by_waiting_verbs {
    template <class Ring>
    [[gnu::noinline]] static void produce(Ring& ring, std::uint64_t first, std::uint64_t count) {
        typename Ring::value_type value{};
        for (std::uint64_t number = first; number != first + count; ++number) {
            set_number(value, number);
            changed(value);
            if (!ring.push(value)) return;
        }
    }

    template <class Ring>
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        Ring& ring, std::uint64_t first, std::uint64_t count) {
        typename Ring::value_type value{};
        std::uint64_t wrong = 0;
        for (std::uint64_t number = first; number != first + count; ++number) {
            if (!ring.pop(value)) return 1;
            read_whole(value);
            wrong |= differs(value, number);
        }
        return wrong;
    }
};

/// Batches: the producer offers `Size` values at once until all are taken; how the consumer takes
/// them is `Taking`.
template <class Looking, std::size_t Size, class Taking>
struct in_batches {
    template <class Ring>
    [[gnu::noinline]] static void produce(Ring& ring, std::uint64_t first, std::uint64_t count) {
        using value_type = typename Ring::value_type;
        std::array<value_type, Size> batch{};
        const std::uint64_t end = first + count;
        for (std::uint64_t number = first; number != end;) {
            const std::size_t size =
                end - number < Size ? static_cast<std::size_t>(end - number) : Size;
            for (std::size_t i = 0; i < size; ++i) set_number(batch[i], number + i);
            changed(batch);
            for (std::size_t sent = 0; sent < size;) {
                const std::size_t took =
                    ring.try_push_n(std::span<const value_type>(&batch[sent], size - sent));
                if (took == 0) Looking::after_refusal();
                sent += took;
            }
            number += size;
        }
    }

    template <class Ring>
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        Ring& ring, std::uint64_t first, std::uint64_t count) {
        typename Taking::template buffer<typename Ring::value_type> taking;
        std::uint64_t wrong = 0;
        for (std::uint64_t number = first; number != first + count;) {
            const std::size_t took = taking.take(ring, number, wrong);
            if (took == 0) Looking::after_refusal();
            number += took;
        }
        return wrong;
    }
};

/// Takes up to `Size` values into an array, then looks at them.
template <std::size_t Size>
struct by_pop_n {
    template <class T>
    class buffer {
    public:
        template <class Ring>
        std::size_t take(Ring& ring, std::uint64_t number, std::uint64_t& wrong) {
            const std::size_t took = ring.try_pop_n(std::span<T>(values_));
            read_whole(values_);
            for (std::size_t i = 0; i < took; ++i) wrong |= differs(values_[i], number + i);
            return took;
        }

    private:
        std::array<T, Size> values_{};
    };
};

/// Visits in place whatever is there.
struct by_drain {
    template <class T>
    class buffer {
    public:
        template <class Ring>
        std::size_t take(Ring& ring, std::uint64_t number, std::uint64_t& wrong) {
            std::uint64_t difference = 0;
            const std::size_t took =
                ring.drain([&](const T& value) { difference |= differs(value, number++); });
            wrong |= difference;
            return took;
        }
    };
};

/// What a pass does with a ring whose type it does not know: all that surrounds the loops is
/// compiled once, not once a row.
struct stream_sides {
    void (*produce)(void* ring, std::uint64_t first, std::uint64_t count);
    std::uint64_t (*consume)(void* ring, std::uint64_t first, std::uint64_t count);
    bool (*is_empty)(void* ring);
};

template <class Ring>
[[nodiscard, gnu::noinline, gnu::cold]] bool has_nothing(Ring& ring) {
    typename Ring::value_type surplus{};
    return !ring.try_pop(surplus);
}

/// For one ring and one way to go through it.
template <class Way, class Ring>
struct sides_of {
    static void produce(void* ring, std::uint64_t first, std::uint64_t count) {
        Way::produce(*static_cast<Ring*>(ring), first, count);
    }
    static std::uint64_t consume(void* ring, std::uint64_t first, std::uint64_t count) {
        return Way::consume(*static_cast<Ring*>(ring), first, count);
    }
    static bool is_empty(void* ring) { return has_nothing(*static_cast<Ring*>(ring)); }
};

/// A pass of `count` values, in values per second; `numbers` is kept alive, and the ring with it.
[[nodiscard]] inline pass stream_between(
    team& pinned, std::shared_ptr<next_number> numbers, void* ring, const stream_sides& sides) {
    return [&pinned, numbers = std::move(numbers), ring, sides](std::uint64_t count) {
        const std::uint64_t first = numbers->next;
        numbers->next += count;
        std::uint64_t wrong = 1;
        const double seconds = pinned.seconds_together([&] { sides.produce(ring, first, count); },
            [&] { wrong = sides.consume(ring, first, count); });
        const bool right = wrong == 0 && sides.is_empty(ring);
        return outcome{seconds, static_cast<double>(count) / seconds / 1e6, right};
    };
}

template <class Way, class Ring>
[[nodiscard]] pass stream_through(team& pinned, std::shared_ptr<ring_under_test<Ring>> tested) {
    void* ring = &tested->ring;
    using of = sides_of<Way, Ring>;
    return stream_between(
        pinned, std::move(tested), ring, {&of::produce, &of::consume, &of::is_empty});
}

}  // namespace bench
