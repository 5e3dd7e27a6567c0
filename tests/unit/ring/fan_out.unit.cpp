// SPDX-License-Identifier: MIT
// Goal: a fan_out puts each value where it was told: to a worker, by key, or in turn past full
//         workers.
// Method: one thread that is producer and every worker; small rings, every storage, positions near
//         the wrap.
// Cannot show: workers that run beside the producer (stress/ring).
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/fan_out.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/env_near_wrap.hpp"
#include "support/tracked.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using near_wrap = support::env_near_wrap;
using heap = lfq::storage::heap;

template <class Spread>
Spread make(std::size_t workers) {
    if constexpr (requires { Spread(workers, 2); }) {
        return Spread(workers, 2);
    } else {
        return Spread(workers);
    }
}

using every_fan_out = std::tuple<lfq::fan_out<std::uint64_t>,
    lfq::fan_out<std::uint64_t, heap, lfq::wait::spin, near_wrap>,
    lfq::fan_out<std::uint64_t, lfq::storage::inplace<2>, lfq::wait::park>,
    lfq::fan_out<std::uint64_t, lfq::storage::huge, lfq::wait::slip, near_wrap>,
    lfq::fan_out<std::uint64_t, heap, lfq::wait::doorbell>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("a_value_goes_to_the_worker_that_was_named", "", every_fan_out) {
    auto spread = make<TestType>(3);
    REQUIRE(spread.workers() == 3);
    for (std::uint64_t lap = 0; lap < 5; ++lap) {
        REQUIRE(spread.try_push_to(0, 10 + lap));
        REQUIRE(spread.push_to(2, 20 + lap));
        REQUIRE(spread.size_approx() == 2);
        REQUIRE_FALSE(spread.worker(1).try_pop());
        REQUIRE(spread.worker(0).try_pop() == 10 + lap);
        REQUIRE(spread.worker(2).try_pop() == 20 + lap);
        REQUIRE(spread.empty_approx());
    }
    REQUIRE(spread.try_push_to(1, 0u));
    REQUIRE(spread.try_push_to(1, 1u));
    CHECK_FALSE(spread.try_push_to(1, 2u));
    CHECK(spread.try_push_to(0, 2u));
}

TEMPLATE_LIST_TEST_CASE("its_capacity_is_that_of_all_workers", "", every_fan_out) {
    auto spread = make<TestType>(3);
    CHECK(spread.worker(1).capacity() == 2);
    CHECK(spread.capacity() == 6);
    for (std::uint64_t i = 0; i < 6; ++i) REQUIRE(spread.try_push(i));
    CHECK_FALSE(spread.try_push(6u));
    CHECK(spread.size_approx() == spread.capacity());
}

TEMPLATE_LIST_TEST_CASE("values_in_turn_go_round_and_pass_by_a_full_worker", "", every_fan_out) {
    auto spread = make<TestType>(3);
    REQUIRE(spread.try_push_to(1, 90u));
    REQUIRE(spread.try_push_to(1, 91u));
    for (std::uint64_t i = 0; i < 4; ++i) REQUIRE(spread.try_push(i));
    CHECK_FALSE(spread.try_push(4u));
    CHECK(spread.worker(0).try_pop() == 0u);
    CHECK(spread.worker(2).try_pop() == 1u);
    CHECK(spread.worker(0).try_pop() == 2u);
    CHECK(spread.worker(2).try_pop() == 3u);
    CHECK(spread.worker(1).try_pop() == 90u);
    CHECK(spread.worker(1).try_pop() == 91u);
    for (std::uint64_t i = 0; i < 6; ++i) REQUIRE(spread.try_push(i));
    for (std::size_t worker = 0; worker < 3; ++worker)
        CHECK(spread.worker(worker).size_approx() == 2);
}

TEMPLATE_LIST_TEST_CASE("equal_keys_meet_at_one_worker_in_order", "", every_fan_out) {
    auto spread = make<TestType>(4);
    for (std::uint64_t key = 0; key < 100; ++key) {
        const std::size_t worker = spread.worker_of(key);
        REQUIRE(worker < 4);
        REQUIRE(spread.try_push_by(key, key));
        REQUIRE(spread.push_by(key, key + 1));
        REQUIRE(spread.worker_of(key) == worker);
        REQUIRE_FALSE(spread.try_push_by(key, 0u));
        REQUIRE(spread.worker(worker).try_pop() == key);
        REQUIRE(spread.worker(worker).try_pop() == key + 1);
    }
}

TEST_CASE("keys_spread_evenly_whichever_bits_differ") {
    for (const std::size_t workers : {1u, 2u, 3u, 7u, 8u, 13u}) {
        lfq::fan_out<int> spread(workers, 1);
        for (const int shift : {0, 3, 8, 16, 32, 48}) {
            std::vector<std::uint64_t> counts(workers);
            for (std::uint64_t key = 0; key < 8192; ++key) ++counts[spread.worker_of(key << shift)];
            const auto [least, most] = std::ranges::minmax(counts);
            CAPTURE(workers, shift, least, most);
            CHECK(least * 2 > 8192 / workers);
            CHECK(most < 2 * (8192 / workers + 1));
        }
    }
}

TEMPLATE_LIST_TEST_CASE("closing_ends_every_worker", "", every_fan_out) {
    auto spread = make<TestType>(3);
    REQUIRE(spread.try_push(1u));
    CHECK_FALSE(spread.closed());
    spread.close();
    CHECK_FALSE(spread.try_push(2u));
    CHECK_FALSE(spread.try_push_to(1, 2u));
    CHECK_FALSE(spread.push_to(1, 2u));
    CHECK_FALSE(spread.try_push_by(7, 2u));
    CHECK_FALSE(spread.push_by(7, 2u));
    CHECK(spread.closed());
    CHECK_FALSE(spread.drained());
    std::uint64_t out = 0;
    CHECK(spread.worker(0).pop(out));
    CHECK(out == 1);
    for (std::size_t worker = 0; worker < 3; ++worker) {
        CHECK_FALSE(spread.worker(worker).pop(out));
        CHECK(spread.worker(worker).drained());
    }
    CHECK(spread.drained());
}

TEST_CASE("statistics_are_sums_and_the_highest_of_one_worker") {
    lfq::fan_out<int> spread(3, 4);
    for (int i = 0; i < 3; ++i) REQUIRE(spread.try_push_to(1, i));
    REQUIRE(spread.try_push_to(2, 9));
    REQUIRE(spread.worker(1).try_pop() == 0);
    REQUIRE_FALSE(spread.worker(0).try_pop());
    const lfq::ring_statistics seen = spread.statistics();
    CHECK(seen.published == 4);
    CHECK(seen.consumed == 1);
    CHECK(seen.refused_pops == 1);
    CHECK(seen.refused_pushes == 0);
    CHECK(seen.skipped == 0);
    CHECK(seen.high_water == 3);
}

TEST_CASE("a_value_in_turn_that_nobody_took_is_one_refusal") {
    lfq::fan_out<int> spread(3, 1);
    REQUIRE(spread.try_push_to(0, 0));
    REQUIRE(spread.try_push(1));  // past the first worker, which is full
    REQUIRE(spread.try_push(2));
    CHECK(spread.statistics().refused_pushes == 0);
    CHECK_FALSE(spread.try_push(3));
    CHECK(spread.statistics().refused_pushes == 1);
    CHECK_FALSE(spread.try_push_to(2, 3));
    CHECK(spread.statistics().refused_pushes == 2);
}

TEST_CASE("a_refused_value_is_untouched_however_many_workers_were_asked") {
    {
        lfq::fan_out<support::unique_tracked> spread(3, 1);
        for (std::uint64_t i = 0; i < 3; ++i) REQUIRE(spread.try_push(support::unique_tracked(i)));
        support::unique_tracked mine(7);
        REQUIRE_FALSE(spread.try_push(std::move(mine)));
        REQUIRE_FALSE(spread.try_push_to(1, std::move(mine)));
        REQUIRE_FALSE(spread.try_push_by(1, std::move(mine)));
        CHECK(mine.value() == 7);
        REQUIRE(spread.worker(1).try_pop()->value() == 1);
        REQUIRE(spread.try_push(std::move(mine)));
        CHECK(spread.worker(1).try_pop()->value() == 7);
    }
    CHECK(support::lifetimes::balanced());
}

TEST_CASE("a_worker_that_does_not_exist_is_misuse_that_is_named") {
#if LFQ_CHECKED
    const support::ending seen = support::ending_of([] {
        lfq::fan_out<int> spread(2, 2);
        static_cast<void>(spread.try_push_to(2, 1));
    });
    CHECK(seen.aborted);
    CHECK(seen.said.find("fan_out: there is no such worker") != std::string::npos);
#else
    SKIP("only checked builds look");
#endif
}
