// SPDX-License-Identifier: MIT
// Goal: a ring in mirrored storage shows what wraps as one span, on both sides, and is otherwise
//         the ring it is on the heap; in spilling storage it is cut at the wrap, as on the heap.
// Method: elements of a quarter of a page, so that the ring has four; every position of the ring,
//         every count, from zero and across the wrap of the positions.
// Cannot show: anything between threads.
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/fan_out.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/mapping_calls.hpp"
#include "support/setups.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <tuple>

namespace {

using support::number;
using quarter = support::part_of_a_page<4>;

using both_starts =
    std::tuple<support::setup<support::spsc, support::in_mirrored, support::backoff>,
        support::setup<support::spsc, support::in_mirrored, support::park, support::env_near_wrap>>;

// The same, and the ring that has no claims.
using every_start = support::joined<both_starts,
    std::tuple<support::setup<support::ordered, support::in_mirrored, support::park,
        support::env_near_wrap>>>;

template <class Ring>
void move_on(Ring& ring, std::size_t slots) {
    for (std::size_t i = 0; i < slots; ++i) {
        REQUIRE(ring.try_push(quarter(0)));
        REQUIRE(ring.try_pop().has_value());
    }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a_claim_is_one_span_at_every_position", "", both_starts) {
    auto ring = TestType::template make<quarter, 4>();
    REQUIRE(ring.capacity() == 4);
    for (std::uint64_t round = 0; round < 9; ++round) {
        for (std::size_t n = 1; n <= 4; ++n) {
            auto claimed = ring.claim(n);
            const auto spans = claimed.spans();
            REQUIRE(spans[0].size() == n);
            REQUIRE(spans[1].empty());
            for (std::size_t i = 0; i < n; ++i) spans[0][i] = quarter(10 * round + i);
            claimed.commit(n);
            std::uint64_t expected = 10 * round;
            while (std::optional<quarter> out = ring.try_pop()) {
                REQUIRE(number(*out) == expected++);
            }
            REQUIRE(expected == 10 * round + n);
        }
        move_on(ring, 1);
    }
}

TEMPLATE_LIST_TEST_CASE("what_is_there_is_peeked_at_in_one_span", "", every_start) {
    auto ring = TestType::template make<quarter, 4>();
    for (std::uint64_t round = 0; round < 9; ++round) {
        for (std::size_t n = 1; n <= 4; ++n) {
            for (std::size_t i = 0; i < n; ++i) REQUIRE(ring.try_push(quarter(i + 1)));
            REQUIRE(ring.try_push(quarter(0)) == (n < 4));
            const auto spans = ring.peek();
            REQUIRE(spans[0].size() == (n < 4 ? n + 1 : n));
            REQUIRE(spans[1].empty());
            for (std::size_t i = 0; i < n; ++i) REQUIRE(number(spans[0][i]) == i + 1);
            ring.consume(1);
            REQUIRE(ring.peek(1)[0].size() == (spans[0].size() == 1 ? 0 : 1));
            while (ring.try_pop()) {
            }
        }
        move_on(ring, 1);
    }
}

TEMPLATE_LIST_TEST_CASE("batches_cross_the_wrap_whole", "", every_start) {
    auto ring = TestType::template make<quarter, 4>();
    for (std::uint64_t round = 0; round < 9; ++round) {
        const std::array<quarter, 5> in{quarter(round), quarter(round + 1), quarter(round + 2),
            quarter(round + 3), quarter(round + 4)};
        REQUIRE(ring.try_push_n(std::span<const quarter>(in)) == 4);
        std::array<quarter, 5> out{};
        REQUIRE(ring.try_pop_n(std::span<quarter>(out).first(3)) == 3);
        REQUIRE(ring.try_pop_n(std::span<quarter>(out).subspan(3)) == 1);
        for (std::size_t i = 0; i < 4; ++i) REQUIRE(number(out[i]) == round + i);
        move_on(ring, 1);
    }
}

TEST_CASE("a_mirrored_ring_has_whole_pages_of_slots_and_holds_that_many") {
    using ring_of_words = lfq::spsc_ring<std::uint64_t, lfq::storage::mirrored>;
    ring_of_words ring(10);
    const std::size_t page_bytes = ring.storage().page_bytes();
    CHECK(ring.capacity() * sizeof(std::uint64_t) == page_bytes);
    std::uint64_t pushed = 0;
    while (ring.try_push(pushed)) ++pushed;
    CHECK(pushed == ring.capacity());
    CHECK(ring.size_approx() == ring.capacity());
    CHECK(ring.statistics().published == pushed);
    std::uint64_t popped = 0;
    CHECK(ring.drain([&](std::uint64_t value) { popped += value == popped ? 1 : 0; }) == pushed);
    CHECK(popped == pushed);
    CHECK_THROWS_AS(ring_of_words(0), std::length_error);
    CHECK_THROWS_AS(ring_of_words(std::size_t{1} << 59), std::length_error);
}

TEST_CASE("every_reader_of_a_mirrored_broadcast_sees_one_span") {
    lfq::broadcast_ring<quarter, lfq::storage::mirrored, lfq::wait::backoff, support::env_near_wrap>
        ring(4);
    REQUIRE(ring.capacity() == 4);
    auto first = ring.join(lfq::join_at::newest);
    auto second = ring.join(lfq::join_at::newest);
    for (std::uint64_t round = 0; round < 9; ++round) {
        const std::array<quarter, 3> in{quarter(round), quarter(round + 1), quarter(round + 2)};
        REQUIRE(ring.try_push_n(std::span<const quarter>(in)) == 3);
        for (auto* const reader : {&first, &second}) {
            const auto found = reader->peek();
            REQUIRE(found[0].size() == 3);
            REQUIRE(found[1].empty());
            for (std::size_t i = 0; i < 3; ++i) REQUIRE(number(found[0][i]) == round + i);
            reader->consume(3);
        }
    }
}

TEST_CASE("a_mirrored_ring_gives_its_views_back") {
    REQUIRE(support::mirrored_views() == 0);
    {
        lfq::fan_out<int, lfq::storage::mirrored> spread(3, 4);
        CHECK(support::mirrored_views() == 6);
        CHECK(spread.capacity() == 3 * spread.worker(0).capacity());
        CHECK(spread.try_push(7));
    }
    CHECK(support::mirrored_views() == 0);
}

TEST_CASE("a_ring_in_spilling_storage_is_cut_at_the_wrap") {
    lfq::spsc_ring<quarter, lfq::storage::spill> ring(4);
    REQUIRE(ring.capacity() == 4);
    move_on(ring, 3);
    auto claimed = ring.claim(4);
    const auto spans = claimed.spans();
    CHECK(spans[0].size() == 1);
    REQUIRE(spans[1].size() == 3);
    spans[0][0] = quarter(1);
    for (std::uint64_t i = 0; i < 3; ++i) spans[1][i] = quarter(i + 2);
    claimed.commit(4);
    for (std::uint64_t i = 1; i <= 4; ++i) {
        const std::optional<quarter> out = ring.try_pop();
        REQUIRE(out.has_value());
        CHECK(number(*out) == i);
    }
}
