// SPDX-License-Identifier: MIT
// Goal: in any sequence of verbs, a fan_out answers what a deque for each worker answers: each
//       value lies where it was told, in order, and equal keys never part.
// Method: random sequences on one thread, up to five workers, tiny capacities, every storage, from
//         zero and across the wrap, single workers closed before the others; after every verb all
//         observers are compared. LFQ_SEED repeats a run.
// Cannot show: anything between threads.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/fan_out.hpp>

#include "property/ring/fan_out_twins.hpp"
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

using every_fan_out = std::tuple<lfq::fan_out<std::uint64_t>, lfq::fan_out<tracked>,
    lfq::fan_out<tracked, heap, lfq::wait::park, near_wrap>,
    lfq::fan_out<std::uint64_t, lfq::storage::huge, lfq::wait::spin, near_wrap>,
    lfq::fan_out<support::wide_tracked, lfq::storage::inplace<2>, lfq::wait::slip>>;

template <class Spread>
void play(Spread spread, std::size_t workers, std::size_t capacity_each, dice& random) {
    fan_out_twins::twins<Spread> pair(spread, workers, capacity_each, random);
    const std::size_t steps = random.from_to(1, 200);
    for (std::size_t i = 0; i < steps; ++i) pair.step();
    if (!random.one_in(3)) pair.end();  // else it is destroyed with what is in it
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "any_sequence_of_verbs_is_answered_as_a_deque_for_each_worker_answers", "", every_fan_out) {
    const std::uint64_t games = support::affordable(5'000);
    for (std::uint64_t game = 0; game < games; ++game) {
        dice random(game);
        const std::size_t workers = random.from_to(1, 5);
        if constexpr (requires { TestType(workers, 1); }) {
            const std::size_t capacity_each = std::size_t{1} << random.from_to(0, 2);
            play(TestType(workers, capacity_each), workers, capacity_each, random);
        } else {
            play(TestType(workers), workers, 2, random);
        }
        if (!support::lifetimes::balanced())
            FAIL("lifetimes differ; LFQ_SEED=" << support::run_seed());
    }
    SUCCEED(games << " games");
}
