// SPDX-License-Identifier: MIT
// Goal: rings take any element: move-only, over-aligned, not default-constructible, throwing while
//         built or assigned.
// Method: elements that count their lifetimes and throw at a chosen construction; afterwards the
//         ring must go on.
// Cannot show: elements whose move constructor throws; those are refused by the compiler
//         (tests/compile).
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/setups.hpp"
#include "support/tracked.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using support::build_failure;
using support::lifetimes;
using support::tracked;
using support::unique_tracked;
using support::wide_tracked;
using numbers = std::vector<std::uint64_t>;

static_assert(!std::is_default_constructible_v<tracked>);
static_assert(!std::is_copy_constructible_v<unique_tracked>);
static_assert(alignof(wide_tracked) == 256);

// The ring still holds its capacity, in order, and then nothing: a failure left no trace.
template <class Ring>
void goes_on(Ring& ring, std::uint64_t from) {
    std::uint64_t next = from;
    while (ring.try_emplace(next)) ++next;
    REQUIRE(next - from == ring.capacity());
    for (std::uint64_t expected = from; expected < next; ++expected) {
        REQUIRE(support::number(*ring.try_pop()) == expected);
    }
    REQUIRE_FALSE(ring.try_pop().has_value());
}

struct throws_when_told {
    ~throws_when_told() { tracked::builds_until_throw = tracked::assigns_until_throw = 0; }
};

}  // namespace

TEMPLATE_LIST_TEST_CASE("move_only_elements_go_through_every_verb", "", support::every_setup) {
    {
        auto ring = TestType::template make<std::unique_ptr<int>, 2>();
        REQUIRE(ring.try_push(std::make_unique<int>(1)));
        REQUIRE(ring.try_emplace(new int(2)));
        std::unique_ptr<int> out;
        REQUIRE(ring.try_pop(out));
        REQUIRE(*out == 1);
        REQUIRE(ring.push(std::make_unique<int>(3)));
        REQUIRE(**ring.try_pop() == 2);
        REQUIRE(ring.pop(out));
        REQUIRE(*out == 3);
        REQUIRE(ring.push_for(std::make_unique<int>(4), std::chrono::seconds(1)));
        REQUIRE(ring.pop_for(out, std::chrono::seconds(1)));
        REQUIRE(*out == 4);
        REQUIRE(ring.try_push(std::make_unique<int>(5)));  // left behind, for the leak checker
    }
}

TEMPLATE_LIST_TEST_CASE("over_aligned_elements_lie_where_they_must", "", support::every_setup) {
    {
        auto ring = TestType::template make<wide_tracked, 4>();
        for (std::uint64_t lap = 0; lap < 3; ++lap) {
            for (std::uint64_t i = 0; i < 4; ++i) REQUIRE(ring.try_emplace(i));
            std::uint64_t expected = 0;
            ring.drain([&](wide_tracked& value) {
                REQUIRE(reinterpret_cast<std::uintptr_t>(&value) % 256 == 0);
                REQUIRE(value.value() == expected++);
            });
        }
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "what_was_not_popped_is_destroyed_with_the_ring", "", support::every_setup) {
    for (std::uint64_t lag = 0; lag < 6; ++lag) {
        {
            auto ring = TestType::template make<tracked, 4>();
            for (std::uint64_t i = 0; i < lag; ++i) {
                REQUIRE(ring.try_emplace(i));
                REQUIRE(ring.try_pop());
            }
            for (std::uint64_t i = 0; i < 3; ++i) REQUIRE(ring.try_emplace(i));
            REQUIRE(lifetimes::open == 3);
        }
        REQUIRE(lifetimes::balanced());
    }
}

TEMPLATE_LIST_TEST_CASE(
    "an_element_that_throws_while_built_delivers_nothing", "", support::every_setup) {
    const throws_when_told cleared;
    {
        auto ring = TestType::template make<tracked, 4>();
        REQUIRE(ring.try_emplace(0u));
        const tracked mine(1);
        tracked::builds_until_throw = 1;
        REQUIRE_THROWS_AS(ring.try_push(mine), build_failure);
        tracked::builds_until_throw = 1;
        REQUIRE_THROWS_AS(ring.try_emplace(2u), build_failure);
        tracked::builds_until_throw = 1;
        REQUIRE_THROWS_AS(ring.push_for(mine, std::chrono::seconds(1)), build_failure);
        REQUIRE(mine.value() == 1);
        // The ring is as it was, or three slots have to be stepped over.
        REQUIRE(ring.size_approx() == (TestType::skips ? 4 : 1));
        REQUIRE(ring.try_emplace(3u) == !TestType::skips);
        REQUIRE(ring.try_pop()->value() == 0);
        if (!TestType::skips) REQUIRE(ring.try_pop()->value() == 3);
        REQUIRE_FALSE(ring.try_pop());
        REQUIRE(ring.statistics().skipped == (TestType::skips ? 3 : 0));
        goes_on(ring, 10);
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "a_batch_that_throws_in_the_middle_delivers_nothing", "", support::every_claiming_setup) {
    const throws_when_told cleared;
    {
        auto ring = TestType::template make<tracked, 4>();
        std::vector<tracked> in;
        for (std::uint64_t i = 0; i < 3; ++i) in.emplace_back(i);
        REQUIRE(ring.try_emplace(7u));
        for (std::uint64_t at = 1; at <= 3; ++at) {
            tracked::builds_until_throw = at;
            REQUIRE_THROWS_AS(ring.try_push_n(std::span<const tracked>(in)), build_failure);
            if (at == 1) REQUIRE(ring.try_pop()->value() == 7);
            REQUIRE_FALSE(ring.try_pop());
        }
        REQUIRE(ring.try_push_n(std::span<const tracked>(in)) == 3);
        REQUIRE(support::peeked_numbers(ring) == numbers{0, 1, 2});
        ring.consume(3);
        REQUIRE(ring.statistics().skipped == (TestType::skips ? 9 : 0));
        goes_on(ring, 10);
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "an_assignment_that_throws_leaves_the_value_in_the_ring", "", support::every_setup) {
    const throws_when_told cleared;
    {
        auto ring = TestType::template make<tracked, 2>();
        REQUIRE(ring.try_emplace(1u));
        tracked out(9);
        tracked::assigns_until_throw = 1;
        REQUIRE_THROWS_AS(ring.try_pop(out), build_failure);
        tracked::assigns_until_throw = 1;
        REQUIRE_THROWS_AS(ring.pop(out), build_failure);
        tracked::assigns_until_throw = 1;
        REQUIRE_THROWS_AS(ring.pop_for(out, std::chrono::seconds(1)), build_failure);
        REQUIRE(out.value() == 9);
        REQUIRE(ring.size_approx() == 1);
        REQUIRE(ring.statistics().consumed == 0);
        REQUIRE(ring.try_pop(out));
        REQUIRE(out.value() == 1);
        goes_on(ring, 10);
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "a_batch_whose_assignment_throws_has_given_what_came_before", "", support::every_setup) {
    const throws_when_told cleared;
    {
        auto ring = TestType::template make<tracked, 4>();
        for (std::uint64_t i = 0; i < 4; ++i) REQUIRE(ring.try_emplace(i));
        std::vector<tracked> out;
        for (std::uint64_t i = 0; i < 4; ++i) out.emplace_back(100 + i);
        tracked::assigns_until_throw = 2;
        REQUIRE_THROWS_AS(ring.try_pop_n(out), build_failure);
        REQUIRE(out[0].value() == 0);
        REQUIRE(out[1].value() == 101);
        REQUIRE(ring.size_approx() == 3);
        for (std::uint64_t i = 1; i < 4; ++i) REQUIRE(ring.try_pop()->value() == i);
        goes_on(ring, 10);
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE(
    "a_visitor_that_throws_has_consumed_what_it_was_called_on", "", support::every_setup) {
    {
        auto ring = TestType::template make<tracked, 4>();
        for (std::uint64_t at = 1; at <= 4; ++at) {
            for (std::uint64_t i = 0; i < 4; ++i) REQUIRE(ring.try_emplace(i));
            std::uint64_t calls = 0;
            const auto visit = [&](tracked& value) {
                REQUIRE(value.value() == calls);
                if (++calls == at) throw build_failure();
            };
            REQUIRE_THROWS_AS(ring.drain(visit), build_failure);
            REQUIRE(calls == at);
            REQUIRE(ring.size_approx() == 4 - at);
            REQUIRE(lifetimes::open == static_cast<std::int64_t>(4 - at));
            for (std::uint64_t i = at; i < 4; ++i) REQUIRE(ring.try_pop()->value() == i);
        }
        goes_on(ring, 10);
    }
    CHECK(lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE("elements_of_any_size_keep_their_content", "", support::every_algorithm) {
    struct odd_bytes {
        unsigned char bytes[37];
    };
    auto odd = TestType::template make<odd_bytes, 4>();
    auto text = TestType::template make<std::string, 4>();
    for (unsigned char i = 0; i < 20; ++i) {
        odd_bytes in{};
        for (unsigned char& each : in.bytes)
            each = static_cast<unsigned char>(i + (&each - in.bytes));
        REQUIRE(odd.try_push(in));
        REQUIRE(text.try_emplace(std::size_t{50}, static_cast<char>('a' + i)));
        const auto out = odd.try_pop();
        REQUIRE(out);
        for (unsigned char k = 0; k < 37; ++k)
            REQUIRE(out->bytes[k] == static_cast<unsigned char>(i + k));
        REQUIRE(*text.try_pop() == std::string(50, static_cast<char>('a' + i)));
    }
}
