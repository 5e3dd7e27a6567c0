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

namespace bench {

/// A ring under test, and the number of the next value: numbers never repeat, so a stale slot
/// shows.
template <class Ring>
struct ring_under_test {
    Ring ring{};
    std::uint64_t next = 1;
};

/// Builds the ring and puts a value through every slot, twice round.
template <class Ring>
[[nodiscard]] std::shared_ptr<ring_under_test<Ring>> pre_faulted() {
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

/// A pass of `count` values, in values per second.
template <class Way, class Ring>
[[nodiscard]] pass stream_through(team& pinned, std::shared_ptr<ring_under_test<Ring>> tested) {
    return [&pinned, tested](std::uint64_t count) {
        const std::uint64_t first = tested->next;
        tested->next += count;
        std::uint64_t wrong = 1;
        const double seconds =
            pinned.seconds_together([&] { Way::produce(tested->ring, first, count); },
                [&] { wrong = Way::consume(tested->ring, first, count); });
        typename Ring::value_type surplus{};
        const bool clean = !tested->ring.try_pop(surplus);
        return outcome{seconds, static_cast<double>(count) / seconds / 1e6, wrong == 0 && clean};
    };
}

}  // namespace bench
