// SPDX-License-Identifier: MIT
// Goal: in any sequence of verbs, readers that join and leave included, a broadcast_ring answers
//       what a row of numbers with a place for each reader answers.
// Method: random sequences on one thread, up to four seats, tiny capacities, every storage, from
//         zero and across the wrap; after every verb all observers are compared. LFQ_SEED repeats a
//         run.
// Cannot show: anything between threads.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/broadcast_ring.hpp>

#include "property/ring/broadcast_twins.hpp"
#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/tracked.hpp"

#include <cstddef>
#include <cstdint>
#include <tuple>

namespace {

using support::dice;
using support::tracked;

using near_wrap = support::env_near_wrap;
using heap = lfq::storage::heap;

using every_ring = std::tuple<lfq::broadcast_ring<std::uint64_t>, lfq::broadcast_ring<tracked>,
    lfq::broadcast_ring<tracked, heap, lfq::wait::park, near_wrap>,
    lfq::broadcast_ring<std::uint64_t, lfq::storage::huge, lfq::wait::spin, near_wrap>,
    lfq::broadcast_ring<support::wide_tracked, lfq::storage::inplace<2>, lfq::wait::slip>>;

template <class Ring>
void play(Ring ring, std::size_t capacity, dice& random) {
    broadcast_twins::twins<Ring> pair(ring, capacity, random);
    const std::size_t steps = random.from_to(1, 200);
    for (std::size_t i = 0; i < steps; ++i) pair.step();
    if (!random.one_in(3)) pair.end();  // else it is destroyed with what is in it
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "any_sequence_of_verbs_is_answered_as_a_row_with_a_place_for_each_reader_answers", "",
    every_ring) {
    const std::uint64_t games = support::affordable(5'000);
    for (std::uint64_t game = 0; game < games; ++game) {
        dice random(game);
        const std::size_t seats = random.from_to(1, 4);
        if constexpr (requires { TestType(1); }) {
            const std::size_t capacity = std::size_t{1} << random.from_to(0, 4);
            play(TestType(capacity, {}, {}, seats), capacity, random);
        } else {
            play(TestType({}, seats), 2, random);
        }
        if (!support::lifetimes::balanced())
            FAIL("lifetimes differ; LFQ_SEED=" << support::run_seed());
    }
    SUCCEED(games << " games");
}
