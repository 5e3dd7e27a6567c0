// SPDX-License-Identifier: MIT
// bench/harness/occupancy.hpp — one side works on every value, so the ring stays near empty or near
// full.
#pragma once

#include "harness/hand_over.hpp"
#include "harness/keep.hpp"
#include "harness/question.hpp"
#include "harness/values.hpp"

#include <chrono>
#include <cstdint>

namespace bench {

/// About 50 to 100 ns of work: a chain of multiplications, each of which waits for the one before.
inline void work_on_a_value() {
    std::uint64_t link = 3;
    for (int i = 0; i < 64; ++i) {
        link *= 0x9e37'79b9'7f4a'7c15;
        changed(link);
    }
}

/// Before each push: the consumer is there first, and the ring near empty.
template <class Looking>
struct producer_works : one_at_a_time<Looking> {
    template <class Ring>
    [[gnu::noinline]] static void produce(Ring& ring, std::uint64_t first, std::uint64_t count) {
        typename Ring::value_type value{};
        for (std::uint64_t number = first; number != first + count; ++number) {
            work_on_a_value();
            set_number(value, number);
            changed(value);
            while (!ring.try_push(value)) Looking::after_refusal();
        }
    }
};

/// After each pop: the producer is there first, and the ring near full.
template <class Looking>
struct consumer_works : one_at_a_time<Looking> {
    template <class Ring>
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        Ring& ring, std::uint64_t first, std::uint64_t count) {
        typename Ring::value_type value{};
        std::uint64_t wrong = 0;
        for (std::uint64_t number = first; number != first + count; ++number) {
            while (!ring.try_pop(value)) Looking::after_refusal();
            read_whole(value);
            wrong |= differs(value, number);
            work_on_a_value();
        }
        return wrong;
    }
};

/// The work alone, with no ring around it: what the working side could do at most.
[[nodiscard]] inline pass work_alone() {
    return [](std::uint64_t count) {
        const auto began = steady::now();
        for (std::uint64_t i = 0; i < count; ++i) work_on_a_value();
        const double seconds = std::chrono::duration<double>(steady::now() - began).count();
        return outcome{seconds, static_cast<double>(count) / seconds / 1e6, true};
    };
}

}  // namespace bench
