// SPDX-License-Identifier: MIT
// Goal: in any sequence of verbs, a ring answers what a simple model of it answers, and its
//         lifetimes balance.
// Method: random sequences on one thread, tiny capacities, from zero and across the wrap, several
//         open claims at once on a shared ring, elements that throw; after every verb all observers
//         are compared. LFQ_SEED repeats a run.
// Cannot show: anything between threads.
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "property/ring/ring_twins.hpp"
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/setups.hpp"
#include "support/tracked.hpp"

#include <cstddef>
#include <cstdint>

namespace {

using support::dice;
using support::tracked;

template <class Setup, class T, std::size_t capacity>
void play(std::uint64_t stream) {
    dice random(stream);
    {
        auto ring = Setup::template make<T, capacity>();
        ring_twins::twins<typename Setup::template ring<T, capacity>, Setup::skips> pair(
            ring, random);
        const std::size_t steps = random.from_to(1, 200);
        for (std::size_t i = 0; i < steps; ++i) pair.step();
        if (!random.one_in(3)) pair.end();  // else the ring is destroyed with what is in it
    }
    if (!support::lifetimes::balanced()) FAIL("lifetimes differ; LFQ_SEED=" << support::run_seed());
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "any_sequence_of_verbs_is_answered_as_the_model_answers", "", support::every_algorithm) {
    const std::uint64_t games = support::affordable(1'500);
    for (std::uint64_t game = 0; game < games; ++game) {
        play<TestType, std::uint64_t, 1>(game * 8);
        play<TestType, std::uint64_t, 2>(game * 8 + 1);
        play<TestType, std::uint64_t, 4>(game * 8 + 2);
        play<TestType, tracked, 1>(game * 8 + 3);
        play<TestType, tracked, 2>(game * 8 + 4);
        play<TestType, tracked, 4>(game * 8 + 5);
        play<TestType, support::wide_tracked, 2>(game * 8 + 6);
    }
    SUCCEED(games << " games");
}

TEST_CASE("any_sequence_of_verbs_on_mirrored_memory_is_answered_as_the_model_answers") {
    using mirrored = support::setup<support::spsc, support::in_mirrored, support::backoff>;
    using near_wrap = support::setup<support::spsc, support::in_mirrored, support::backoff,
        support::env_near_wrap>;
    const std::uint64_t games = support::affordable(500);
    for (std::uint64_t game = 0; game < games; ++game) {
        play<mirrored, support::part_of_a_page<1>, 1>(game * 4);
        play<mirrored, support::part_of_a_page<2>, 2>(game * 4 + 1);
        play<near_wrap, support::part_of_a_page<2>, 2>(game * 4 + 2);
        play<near_wrap, support::part_of_a_page<4>, 4>(game * 4 + 3);
    }
    SUCCEED(games << " games");
}
