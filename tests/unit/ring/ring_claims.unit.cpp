// SPDX-License-Identifier: MIT
// Goal: claims build in place, deliver exactly what was built and committed, and are otherwise as
//         if they had not been.
// Method: one thread, elements that count their lifetimes, every fill level and index of small
//         rings.
// Cannot show: claims of several threads at once (stress).
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/setups.hpp"
#include "support/tracked.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using support::lifetimes;
using support::tracked;
using numbers = std::vector<std::uint64_t>;

template <class Ring>
numbers drained_numbers(Ring& ring) {
    numbers seen;
    ring.drain([&](auto& value) { seen.push_back(support::number(value)); });
    return seen;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "a_claim_grants_what_is_free_and_nothing_more", "", support::every_claiming_algorithm) {
    for (std::uint64_t inside = 0; inside <= 4; ++inside) {
        for (std::size_t wanted = 0; wanted <= 6; ++wanted) {
            auto ring = TestType::template make<tracked, 4>();
            for (std::uint64_t i = 0; i < inside; ++i) REQUIRE(ring.try_emplace(i));
            CAPTURE(inside, wanted);
            auto claimed = ring.claim(wanted);
            const std::size_t expected = std::min<std::size_t>(wanted, 4 - inside);
            REQUIRE(claimed.size() == expected);
            REQUIRE(static_cast<bool>(claimed) == (expected != 0));
        }
    }
    auto ring = TestType::template make<tracked, 2>();
    REQUIRE(ring.claim(SIZE_MAX).size() == 2);
    ring.close();
    REQUIRE(ring.claim(SIZE_MAX).size() == 0);
}

TEMPLATE_LIST_TEST_CASE(
    "what_was_built_is_delivered_by_commit_and_not_before", "", support::every_claiming_setup) {
    {
        auto ring = TestType::template make<tracked, 4>();
        for (std::uint64_t lap = 0; lap < 7; ++lap) {
            auto claimed = ring.claim(3);
            REQUIRE(claimed.emplace(3 * lap).value() == 3 * lap);
            claimed.emplace(3 * lap + 1);
            claimed.emplace(3 * lap + 2);
            REQUIRE_FALSE(ring.try_pop());
            REQUIRE(support::peeked_numbers(ring).empty());
            claimed.commit();
            REQUIRE(claimed.size() == 0);
            claimed.commit();  // again: nothing
            REQUIRE(drained_numbers(ring) == numbers{3 * lap, 3 * lap + 1, 3 * lap + 2});
        }
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "a_claim_built_in_part_delivers_the_part", "", support::every_claiming_setup) {
    {
        auto ring = TestType::template make<tracked, 4>();
        for (std::uint64_t lap = 0; lap < 9; ++lap) {
            for (std::uint64_t built = 0; built <= 3; ++built) {
                auto claimed = ring.claim(3);
                REQUIRE(claimed.size() == 3);
                for (std::uint64_t i = 0; i < built; ++i) claimed.emplace(i);
                claimed.commit();
                REQUIRE(ring.try_emplace(9u));
                numbers expected;
                for (std::uint64_t i = 0; i < built; ++i) expected.push_back(i);
                expected.push_back(9);
                REQUIRE(support::peeked_numbers(ring) == expected);
                REQUIRE(drained_numbers(ring) == expected);
                REQUIRE(ring.empty_approx());
            }
        }
        REQUIRE(ring.statistics().skipped == (TestType::skips ? 9 * (3 + 2 + 1) : 0));
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "a_claim_destroyed_uncommitted_delivers_nothing", "", support::every_claiming_setup) {
    {
        auto ring = TestType::template make<tracked, 4>();
        for (std::uint64_t built = 0; built <= 4; ++built) {
            {
                auto claimed = ring.claim(4);
                for (std::uint64_t i = 0; i < built; ++i) claimed.emplace(i);
                REQUIRE(lifetimes::open == static_cast<std::int64_t>(built));
            }
            REQUIRE(lifetimes::open == 0);
            REQUIRE_FALSE(ring.try_pop());
            REQUIRE(ring.try_emplace(7u));
            REQUIRE(ring.try_pop()->value() == 7);
        }
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "a_moved_claim_keeps_its_promise_once", "", support::every_claiming_algorithm) {
    {
        auto ring = TestType::template make<tracked, 4>();
        {
            auto first = ring.claim(2);
            first.emplace(1u);
            auto second = std::move(first);
            REQUIRE(second.size() == 2);
            REQUIRE(first.size() == 0);
            REQUIRE_FALSE(first);
            first.commit();
            REQUIRE_FALSE(ring.try_pop());
            second.emplace(2u);
            second.commit();
        }
        REQUIRE(drained_numbers(ring) == numbers{1, 2});
        {
            auto first = ring.claim(2);
            first.emplace(3u);
            const auto second = std::move(first);
        }
        REQUIRE_FALSE(ring.try_pop());
        static_assert(!std::is_copy_constructible_v<decltype(ring.claim(1))>);
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "an_element_that_throws_leaves_the_claim_as_it_was", "", support::every_claiming_algorithm) {
    {
        auto ring = TestType::template make<tracked, 4>();
        for (std::uint64_t lap = 0; lap < 5; ++lap) {
            auto claimed = ring.claim(3);
            claimed.emplace(1u);
            tracked::builds_until_throw = 1;
            REQUIRE_THROWS_AS(claimed.emplace(2u), support::build_failure);
            claimed.emplace(3u);
            claimed.commit();
            REQUIRE(drained_numbers(ring) == numbers{1, 3});
        }
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE("spans_of_a_claim_meet_the_wrap_and_deliver_what_was_counted", "",
    support::every_claiming_algorithm) {
    if constexpr (!TestType::skips) {
        auto ring = TestType::template make<std::uint64_t, 4>();
        std::uint64_t expected = 0;
        for (std::uint64_t at = 0; at < 12; ++at) {
            for (std::size_t count = 0; count <= 3; ++count) {
                auto claimed = ring.claim(3);
                const std::array<std::span<std::uint64_t>, 2> parts = claimed.spans();
                REQUIRE(parts[0].size() + parts[1].size() == 3);
                std::uint64_t next = expected;
                for (const auto part : parts) {
                    for (std::uint64_t& slot : part) slot = next++;
                }
                claimed.commit(count);
                REQUIRE(ring.size_approx() == count);
                for (std::size_t i = 0; i < count; ++i) REQUIRE(ring.try_pop() == expected++);
            }
            REQUIRE(ring.try_push(expected));  // an odd step through the indices
            REQUIRE(ring.try_pop() == expected++);
        }
        auto none = ring.claim(0);
        REQUIRE(none.spans()[0].empty());
        none.commit(0);
    }
}

TEMPLATE_LIST_TEST_CASE(
    "values_behind_an_open_claim_wait_for_it", "", support::every_claiming_algorithm) {
    if constexpr (TestType::skips) {
        {
            auto ring = TestType::template make<tracked, 4>();
            for (int lap = 0; lap < 5; ++lap) {
                auto first = ring.claim(1);
                auto second = ring.claim(1);
                second.emplace(2u);
                second.commit();
                REQUIRE(ring.try_emplace(3u));
                REQUIRE_FALSE(ring.try_pop());
                REQUIRE(support::peeked_numbers(ring).empty());
                REQUIRE(drained_numbers(ring).empty());
                REQUIRE(ring.size_approx() == 3);
                first.emplace(1u);
                first.commit();
                REQUIRE(drained_numbers(ring) == numbers{1, 2, 3});
            }
        }
        CHECK(lifetimes::balanced());
    }
}

TEMPLATE_LIST_TEST_CASE(
    "a_claim_open_at_close_is_still_delivered", "", support::every_claiming_algorithm) {
    if constexpr (TestType::skips) {
        for (std::uint64_t lag = 0; lag < 6; ++lag) {
            auto ring = TestType::template make<std::uint64_t, 4>();
            for (std::uint64_t i = 0; i < lag; ++i) {
                REQUIRE(ring.try_push(i));
                REQUIRE(ring.try_pop() == i);
            }
            CAPTURE(lag);
            auto kept = ring.claim(2);
            auto abandoned = std::optional(ring.claim(1));
            ring.close();
            REQUIRE(ring.closed());
            REQUIRE_FALSE(ring.claim(1));
            REQUIRE_FALSE(ring.try_push(9));
            REQUIRE_FALSE(ring.try_pop());
            REQUIRE_FALSE(ring.drained());
            kept.emplace(1u);
            kept.emplace(2u);
            kept.commit();
            REQUIRE(ring.try_pop() == 1u);
            REQUIRE(ring.try_pop() == 2u);
            REQUIRE_FALSE(ring.drained());
            abandoned.reset();
            REQUIRE_FALSE(ring.drained());  // the consumer has not stepped over it yet
            std::uint64_t out = 0;
            REQUIRE_FALSE(ring.pop(out));
            REQUIRE(ring.drained());
            REQUIRE(ring.statistics().skipped == 1);
        }
    }
}

TEMPLATE_LIST_TEST_CASE("abandoned_slots_are_stepped_over_by_every_consuming_verb", "",
    support::every_claiming_algorithm) {
    if constexpr (TestType::skips) {
        const auto with_everything_abandoned = [](auto consume) {
            auto ring = TestType::template make<std::uint64_t, 4>();
            for (int lap = 0; lap < 4; ++lap) {
                static_cast<void>(ring.claim(4));
                REQUIRE_FALSE(ring.try_push(9));
                consume(ring);
                REQUIRE(ring.try_push(1));
                REQUIRE(ring.try_pop() == 1u);
            }
            REQUIRE(ring.statistics().skipped == 16);
            static_cast<void>(ring.claim(4));
            ring.close();
            consume(ring);
            REQUIRE(ring.drained());
        };
        std::uint64_t out = 0;
        SECTION("try_pop") {
            with_everything_abandoned([&](auto& ring) { REQUIRE_FALSE(ring.try_pop(out)); });
        }
        SECTION("pop_for") {
            with_everything_abandoned(
                [&](auto& ring) { REQUIRE_FALSE(ring.pop_for(out, std::chrono::nanoseconds(0))); });
        }
        SECTION("try_pop_n") {
            with_everything_abandoned(
                [&](auto& ring) { REQUIRE(ring.try_pop_n(std::span(&out, 1)) == 0); });
        }
        SECTION("drain") {
            with_everything_abandoned([](auto& ring) { REQUIRE(drained_numbers(ring).empty()); });
        }
        SECTION("peek") {
            with_everything_abandoned([](auto& ring) { REQUIRE(ring.peek().empty()); });
        }
    }
}
