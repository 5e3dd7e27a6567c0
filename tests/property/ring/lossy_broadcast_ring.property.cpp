// SPDX-License-Identifier: MIT
// Goal: in any sequence of verbs, readers that join, skip and leave included, a
//       lossy_broadcast_ring answers what a row of numbers answers that gives up its oldest by the
//       eighth; every count is exact.
// Method: random sequences on one thread, four readers, capacities from one to beyond an eighth of
//         many, every storage, values of less than a word to several, with padding too, from zero
//         and across the wrap; after every verb all observers are compared. LFQ_SEED repeats a run.
// Cannot show: anything between threads.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>

#include "property/ring/lossy_twins.hpp"
#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>

namespace {

using support::dice;

using near_wrap = support::env_near_wrap;
using heap = lfq::storage::heap;

// Bytes that all depend on the number.
template <std::size_t Size>
struct sized {
    explicit sized(std::uint64_t number) noexcept {
        for (unsigned char& each : bytes) {
            number = number * 6364136223846793005u + 1442695040888963407u;
            each = static_cast<unsigned char>(number >> 56);
        }
    }
    [[nodiscard]] bool operator==(const sized&) const = default;

    std::array<unsigned char, Size> bytes;
};

// With bytes between and behind its members that mean nothing.
struct padded {
    explicit padded(std::uint64_t number) noexcept
        : low(static_cast<std::uint8_t>(number)), all(number), top(~low) {}
    [[nodiscard]] bool operator==(const padded&) const = default;

    std::uint8_t low;
    std::uint64_t all;
    std::uint8_t top;
};

using every_ring = std::tuple<lfq::lossy_broadcast_ring<std::uint64_t>,
    lfq::lossy_broadcast_ring<sized<1>, heap, lfq::wait::spin, near_wrap>,
    lfq::lossy_broadcast_ring<sized<11>, heap, lfq::wait::park>,
    lfq::lossy_broadcast_ring<padded, lfq::storage::huge, lfq::wait::slip, near_wrap>,
    lfq::lossy_broadcast_ring<sized<100>, lfq::storage::inplace<32>, lfq::wait::park, near_wrap>>;

template <class Ring>
void play(Ring ring, std::size_t capacity, dice& random) {
    lossy_twins::twins<Ring> pair(ring, capacity, random);
    const std::size_t steps = random.from_to(1, 200);
    for (std::size_t i = 0; i < steps; ++i) pair.step();
    if (!random.one_in(3)) pair.end();
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "any_sequence_of_verbs_is_answered_as_a_row_that_loses_its_oldest_by_the_eighth_answers", "",
    every_ring) {
    const std::uint64_t games = support::affordable(5'000);
    for (std::uint64_t game = 0; game < games; ++game) {
        dice random(game);
        if constexpr (requires { TestType(1); }) {
            const std::size_t capacity = std::size_t{1} << random.from_to(0, 6);
            play(TestType(capacity), capacity, random);
        } else {
            play(TestType(), 32, random);
        }
    }
    SUCCEED(games << " games");
}
