// SPDX-License-Identifier: MIT
// Goal: what every ring promises of single values, batches, draining and the end, whatever its
//         storage and wait.
// Method: one thread, tiny capacities, positions from zero and across the wrap.
// Cannot show: anything between threads; what elements may do (ring_elements.unit.cpp); waiting
//         (ring_waiting.unit.cpp).
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/setups.hpp"
#include "support/tracked.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace {

using support::lifetimes;
using support::tracked;
using support::unique_tracked;
using numbers = std::vector<std::uint64_t>;

// After `lag` values went through one by one, and with `left` of them still inside, exactly
// capacity - left more fit.
template <class Ring>
void holds_its_capacity(Ring& ring, std::uint64_t lag, std::uint64_t left) {
    CAPTURE(ring.capacity(), lag, left);
    std::uint64_t next = 0;
    std::uint64_t oldest = 0;
    for (; next < lag; ++next) {
        REQUIRE(ring.try_push(next));
        if (next - oldest == left) {
            REQUIRE(ring.try_pop() == oldest++);
        }
    }
    while (next - oldest < ring.capacity()) REQUIRE(ring.try_push(next++));
    REQUIRE_FALSE(ring.try_push(99));
    REQUIRE(ring.size_approx() == ring.capacity());
    while (oldest < next) REQUIRE(ring.try_pop() == oldest++);
    REQUIRE(ring.try_pop() == std::nullopt);
    REQUIRE(ring.empty_approx());
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "capacities_are_rounded_up_to_a_power_of_two_and_told", "", support::every_algorithm) {
    CHECK(TestType::template make<int, 1>().capacity() == 1);
    CHECK(TestType::template make<int, 2>().capacity() == 2);
    CHECK(TestType::template make<int, 4>().capacity() == 4);
    CHECK(lfq::spsc_ring<int>(3).capacity() == 4);
    CHECK(lfq::mpsc_ring<int>(3).capacity() == 4);
    CHECK(lfq::mpsc_ordered_ring<int>(3).capacity() == 4);
    CHECK(lfq::spsc_ring<int>(65'537).capacity() == 131'072);
    CHECK(lfq::mpsc_ring<int>(65'537).capacity() == 131'072);
}

TEMPLATE_LIST_TEST_CASE("values_come_out_in_the_order_they_went_in", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 4>();
    std::uint64_t next = 0;
    std::uint64_t expected = 0;
    for (int lap = 0; lap < 9; ++lap) {
        REQUIRE(ring.try_push(next++));
        const std::uint64_t named = next++;
        REQUIRE(ring.try_push(named));
        REQUIRE(ring.try_emplace(next++));
        std::uint64_t out = 0;
        REQUIRE(ring.try_pop(out));
        REQUIRE(out == expected++);
        REQUIRE(ring.try_pop() == expected++);
        REQUIRE(ring.pop(out));
        REQUIRE(out == expected++);
        REQUIRE_FALSE(ring.try_pop(out));
        REQUIRE(out == expected - 1);
    }
}

TEMPLATE_LIST_TEST_CASE(
    "a_ring_of_capacity_n_holds_n_after_any_partial_drain", "", support::every_setup) {
    for (std::uint64_t lag = 0; lag < 12; ++lag) {
        auto one = TestType::template make<std::uint64_t, 1>();
        holds_its_capacity(one, lag, 0);
        for (std::uint64_t left = 0; left < 4; ++left) {
            auto two = TestType::template make<std::uint64_t, 2>();
            if (left < 2) holds_its_capacity(two, lag, left);
            auto four = TestType::template make<std::uint64_t, 4>();
            holds_its_capacity(four, lag, left);
        }
    }
}

TEMPLATE_LIST_TEST_CASE("a_popped_slot_is_free_at_once", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 2>();
    REQUIRE(ring.try_push(0));
    for (std::uint64_t next = 1; next < 20; ++next) {
        REQUIRE(ring.try_push(next));
        REQUIRE_FALSE(ring.try_push(99));
        REQUIRE(ring.try_pop() == next - 1);
    }
}

TEMPLATE_LIST_TEST_CASE(
    "try_push_leaves_value_untouched_when_full_or_closed", "", support::every_setup) {
    {
        auto ring = TestType::template make<unique_tracked, 1>();
        REQUIRE(ring.try_push(unique_tracked(1)));
        unique_tracked mine(2);
        REQUIRE_FALSE(ring.try_push(std::move(mine)));
        REQUIRE_FALSE(ring.try_emplace(std::move(mine)));
        REQUIRE_FALSE(ring.push_for(std::move(mine), std::chrono::nanoseconds(1)));
        REQUIRE(mine.value() == 2);
        ring.close();
        REQUIRE(ring.try_pop()->value() == 1);
        REQUIRE_FALSE(ring.try_push(std::move(mine)));
        REQUIRE_FALSE(ring.push_for(std::move(mine), std::chrono::hours(1)));
        REQUIRE(mine.value() == 2);
        REQUIRE_FALSE(ring.push(std::move(mine)));
        REQUIRE(mine.value() == 2);
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "a_batch_takes_what_fits_and_gives_what_is_there", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 4>();
    std::array<std::uint64_t, 6> in{};
    std::array<std::uint64_t, 6> out{};
    std::uint64_t next = 0;
    std::uint64_t expected = 0;
    for (std::size_t size = 0; size <= in.size(); ++size) {
        for (std::size_t wanted = 0; wanted <= out.size(); ++wanted) {
            CAPTURE(size, wanted);
            std::iota(in.begin(), in.end(), next);
            const std::size_t room = 4 - ring.size_approx();
            const std::size_t taken =
                ring.try_push_n(std::span<const std::uint64_t>(in).first(size));
            REQUIRE(taken == std::min(size, room));
            next += taken;
            const std::size_t inside = ring.size_approx();
            const std::size_t given = ring.try_pop_n(std::span(out).first(wanted));
            REQUIRE(given == std::min(wanted, inside));
            for (std::size_t i = 0; i < given; ++i) REQUIRE(out[i] == expected++);
        }
    }
    REQUIRE(expected + ring.size_approx() == next);
}

TEMPLATE_LIST_TEST_CASE("a_batch_of_what_cannot_be_copied_is_moved", "", support::every_setup) {
    {
        auto ring = TestType::template make<unique_tracked, 2>();
        std::vector<unique_tracked> in;
        for (std::uint64_t i = 0; i < 3; ++i) in.emplace_back(i);
        REQUIRE(ring.try_push_n(std::span<unique_tracked>(in)) == 2);
        REQUIRE(in[0].is_moved_from());
        REQUIRE(in[1].is_moved_from());
        REQUIRE(in[2].value() == 2);
        std::vector<unique_tracked> out;
        for (std::uint64_t i = 0; i < 3; ++i) out.emplace_back(100 + i);
        REQUIRE(ring.try_pop_n(out) == 2);
        REQUIRE(out[0].value() == 0);
        REQUIRE(out[1].value() == 1);
        REQUIRE(out[2].value() == 102);
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "drain_visits_in_place_up_to_its_limit_and_frees", "", support::every_setup) {
    {
        auto ring = TestType::template make<tracked, 4>();
        for (std::uint64_t lap = 0; lap < 5; ++lap) {
            for (std::uint64_t i = 0; i < 4; ++i) REQUIRE(ring.try_emplace(i));
            numbers seen;
            const auto note = [&seen](tracked& value) { seen.push_back(value.value()); };
            REQUIRE(ring.drain(note, 0) == 0);
            REQUIRE(ring.drain(note, 1) == 1);
            REQUIRE(ring.try_emplace(4u));
            REQUIRE(ring.drain(note, 2) == 2);
            REQUIRE(ring.size_approx() == 2);
            REQUIRE(ring.drain(note) == 2);
            REQUIRE(ring.drain(note) == 0);
            REQUIRE(seen == numbers{0, 1, 2, 3, 4});
            REQUIRE(ring.empty_approx());
        }
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "peek_shows_the_oldest_and_consume_destroys_them", "", support::every_setup) {
    {
        auto ring = TestType::template make<tracked, 4>();
        std::uint64_t next = 0;
        for (std::uint64_t lap = 0; lap < 5;
             ++lap) {  // an odd step, so that every index meets the wrap
            REQUIRE(support::peeked_numbers(ring).empty());
            for (int i = 0; i < 3; ++i) REQUIRE(ring.try_emplace(next++));
            REQUIRE(support::peeked_numbers(ring) == numbers{next - 3, next - 2, next - 1});
            REQUIRE(support::peeked_numbers(ring, 0).empty());
            REQUIRE(support::peeked_numbers(ring, 2) == numbers{next - 3, next - 2});
            ring.consume(0);
            REQUIRE(ring.size_approx() == 3);
            ring.consume(2);
            REQUIRE(ring.size_approx() == 1);
            REQUIRE(support::peeked_numbers(ring) == numbers{next - 1});
            ring.consume(1);
        }
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE("peeked_spans_are_two_only_at_the_wrap", "", support::every_algorithm) {
    if constexpr (!TestType::skips) {
        auto ring = TestType::template make<std::uint64_t, 4>();
        std::uint64_t position = TestType::env::first_position;
        for (std::uint64_t lap = 0; lap < 12; ++lap) {
            for (std::uint64_t i = 0; i < 3; ++i) REQUIRE(ring.try_push(i));
            const auto parts = ring.peek();
            const std::size_t before_the_wrap = std::min<std::size_t>(3, 4 - position % 4);
            REQUIRE(parts[0].size() == before_the_wrap);
            REQUIRE(parts[1].size() == 3 - before_the_wrap);
            ring.consume(3);
            position += 3;
        }
    }
}

TEMPLATE_LIST_TEST_CASE(
    "a_closed_ring_refuses_pushes_and_gives_what_it_has", "", support::every_setup) {
    for (std::uint64_t lag = 0; lag < 5; ++lag) {  // the end may come anywhere around the wrap
        auto ring = TestType::template make<std::uint64_t, 4>();
        std::uint64_t out = 0;
        for (std::uint64_t i = 0; i < lag; ++i) {
            REQUIRE(ring.try_push(i));
            REQUIRE(ring.try_pop(out));
        }
        CAPTURE(lag);
        REQUIRE_FALSE(ring.closed());
        REQUIRE_FALSE(ring.drained());
        for (std::uint64_t i = 0; i < 3; ++i) REQUIRE(ring.try_push(i));
        ring.close();
        ring.close();
        REQUIRE(ring.closed());
        REQUIRE_FALSE(ring.drained());
        REQUIRE_FALSE(ring.try_push(9));
        REQUIRE_FALSE(ring.push(9));
        REQUIRE_FALSE(ring.push_for(9u, std::chrono::hours::max()));
        const std::uint64_t nine = 9;
        REQUIRE(ring.try_push_n(std::span<const std::uint64_t>(&nine, 1)) == 0);
        if constexpr (support::claims<decltype(ring)>) REQUIRE_FALSE(ring.claim(1));
        REQUIRE(ring.closed());
        REQUIRE(ring.pop(out));
        REQUIRE(out == 0);
        REQUIRE(ring.try_pop() == 1u);
        REQUIRE(ring.try_pop() == 2u);
        REQUIRE_FALSE(ring.try_pop());
        REQUIRE(ring.drained());
        REQUIRE_FALSE(ring.pop(out));
        REQUIRE_FALSE(ring.pop_for(out, std::chrono::hours::max()));
        REQUIRE_FALSE(ring.try_pop(out));
        REQUIRE(out == 0);
        REQUIRE(ring.closed());
        REQUIRE(ring.drained());
    }
}

TEMPLATE_LIST_TEST_CASE("a_ring_closed_empty_is_drained", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 1>();
    ring.close();
    CHECK(ring.drained());
    std::uint64_t out = 7;
    CHECK_FALSE(ring.pop(out));
    CHECK(out == 7);
}

TEMPLATE_LIST_TEST_CASE(
    "a_ring_closed_full_refuses_although_there_is_room_later", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 2>();
    REQUIRE(ring.try_push(0));
    REQUIRE(ring.try_push(1));
    ring.close();
    REQUIRE(ring.try_pop() == 0u);
    CHECK_FALSE(ring.try_push(2));
    CHECK(ring.try_pop() == 1u);
    CHECK_FALSE(ring.try_push(3));
    CHECK(ring.drained());
}
