// SPDX-License-Identifier: MIT
// Goal: statistics and racy observers tell the truth about what one thread did.
// Method: known sequences of verbs, positions from zero and across the wrap.
// Cannot show: what observers see while others work (stress/ring).
#include <lfq/ring/fan_out.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/setups.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <span>

TEMPLATE_LIST_TEST_CASE("a_new_ring_has_done_nothing", "", support::every_setup) {
    const auto ring = TestType::template make<std::uint64_t, 4>();
    const lfq::ring_statistics seen = ring.statistics();
    CHECK(seen.published == 0);
    CHECK(seen.consumed == 0);
    CHECK(seen.refused_pushes == 0);
    CHECK(seen.refused_pops == 0);
    CHECK(seen.skipped == 0);
    CHECK(seen.high_water == 0);
    CHECK(ring.size_approx() == 0);
    CHECK(ring.empty_approx());
    CHECK_FALSE(ring.closed());
    CHECK_FALSE(ring.drained());
}

TEMPLATE_LIST_TEST_CASE(
    "published_and_consumed_count_values_of_every_verb", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 4>();
    const std::array<std::uint64_t, 2> in{1, 2};
    std::array<std::uint64_t, 2> out{};
    for (std::uint64_t lap = 1; lap <= 5; ++lap) {
        REQUIRE(ring.try_push(0));
        REQUIRE(ring.try_push_n(std::span(in)) == 2);
        if constexpr (support::claims<decltype(ring)>) {
            auto claimed = ring.claim(1);
            claimed.emplace(3u);
            claimed.commit();
        } else {
            REQUIRE(ring.try_emplace(3u));
        }
        REQUIRE(ring.statistics().published == 8 * lap - 4);
        REQUIRE(ring.try_pop() == 0u);
        REQUIRE(ring.try_pop_n(out) == 2);
        REQUIRE(ring.statistics().consumed == 8 * lap - 5);
        ring.consume(ring.peek().empty() ? 0 : 1);
        for (std::uint64_t i = 0; i < 4; ++i) REQUIRE(ring.push(i));
        REQUIRE(ring.drain([](std::uint64_t&) {}) == 4);
        REQUIRE(ring.statistics().published == 8 * lap);
        REQUIRE(ring.statistics().consumed == 8 * lap);
    }
    CHECK(ring.statistics().high_water == 4);
}

TEMPLATE_LIST_TEST_CASE("refusals_are_counted_once_per_answer", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 1>();
    std::uint64_t one = 1;
    REQUIRE_FALSE(ring.try_pop());
    REQUIRE_FALSE(ring.try_pop(one));
    REQUIRE(ring.try_pop_n(std::span(&one, 1)) == 0);
    REQUIRE_FALSE(ring.pop_for(one, std::chrono::microseconds(10)));
    REQUIRE(ring.try_pop_n({}) == 0);  // nothing was wanted
    CHECK(ring.statistics().refused_pops == 4);
    REQUIRE(ring.try_push(one));
    REQUIRE_FALSE(ring.try_push(one));
    REQUIRE_FALSE(ring.try_emplace(2u));
    REQUIRE(ring.try_push_n(std::span<const std::uint64_t>(&one, 1)) == 0);
    REQUIRE_FALSE(ring.try_emplace(3u));
    REQUIRE_FALSE(ring.push_for(one, std::chrono::microseconds(10)));
    REQUIRE(ring.try_push_n({}) == 0);
    CHECK(ring.statistics().refused_pushes == 5);
    if constexpr (support::claims<decltype(ring)>) {
        REQUIRE_FALSE(ring.claim(1));
        REQUIRE_FALSE(ring.claim(0));
        CHECK(ring.statistics().refused_pushes == 6);
    }
    CHECK(ring.statistics().refused_pops == 4);
}

TEMPLATE_LIST_TEST_CASE("high_water_is_what_could_be_taken_at_once", "", support::every_setup) {
    const auto rises = [](bool exact, auto take_all) {
        auto ring = TestType::template make<std::uint64_t, 4>();
        for (std::uint64_t most = 1; most <= 4; ++most) {
            for (std::uint64_t lap = 0; lap < 3; ++lap) {
                for (std::uint64_t i = 0; i < most; ++i) REQUIRE(ring.try_push(i));
                CHECK(ring.statistics().high_water >= most);
                take_all(ring);
            }
            // An upper bound: what came between two looks, so at most two of these batches.
            CHECK(ring.statistics().high_water <= (exact ? most : 2 * most));
        }
    };
    rises(true, [](auto& ring) {
        while (ring.try_pop()) {
        }
    });
    rises(TestType::skips, [](auto& ring) { REQUIRE(ring.drain([](std::uint64_t&) {}) != 0); });
    rises(TestType::skips, [](auto& ring) {
        std::array<std::uint64_t, 5> out{};
        REQUIRE(ring.try_pop_n(out) != 0);
    });
    rises(TestType::skips, [](auto& ring) {
        ring.consume(support::peeked_numbers(ring).size());
        REQUIRE(support::peeked_numbers(ring).empty());
    });
}

TEMPLATE_LIST_TEST_CASE(
    "skipped_counts_abandoned_slots_of_shared_rings", "", support::every_claiming_setup) {
    auto ring = TestType::template make<std::uint64_t, 4>();
    {
        auto claimed = ring.claim(3);
        claimed.emplace(1u);
        claimed.commit();
    }
    static_cast<void>(ring.claim(1));
    REQUIRE(ring.try_pop() == 1u);
    REQUIRE_FALSE(ring.try_pop());
    CHECK(ring.statistics().skipped == (TestType::skips ? 3 : 0));
    CHECK(ring.statistics().consumed == (TestType::skips ? 4 : 1));
    CHECK(ring.statistics().published == (TestType::skips ? 4 : 1));
    CHECK(ring.size_approx() == 0);
}
