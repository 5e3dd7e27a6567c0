// SPDX-License-Identifier: MIT
// Goal: what spsc_slot_ring has of its own: each value on lines of its own beside its stamp, a
//       range where spsc_ring has spans, and a size that counts from the push on.
// Method: one thread; addresses of values where they lie.
// Cannot show: what a line costs (bench/ring/spsc_1p1c_latency.cpp); verbs that all rings share
//         (ring_verbs.unit.cpp and its neighbours).
#include <lfq/base/cache_line.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>

#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

template <std::size_t Bytes>
struct sized {
    std::byte bytes[Bytes];
};

// Where the values of a full ring begin, in the order of the ring.
template <class Ring>
std::vector<std::uintptr_t> places(Ring& ring) {
    while (ring.try_push({})) {
    }
    std::vector<std::uintptr_t> seen;
    for (const auto& value : ring.peek()) seen.push_back(reinterpret_cast<std::uintptr_t>(&value));
    return seen;
}

// How far apart the slots are, and that the first byte of each value is on the line where its slot
// begins, which is the line of its stamp.
template <class T>
std::size_t slot_bytes() {
    lfq::spsc_slot_ring<T> ring(4);
    const std::vector<std::uintptr_t> seen = places(ring);
    REQUIRE(seen.size() == 4);
    for (const std::uintptr_t place : seen) CHECK(place % lfq::cache_line_bytes < 64);
    CHECK(seen[2] - seen[1] == seen[1] - seen[0]);
    return seen[1] - seen[0];
}

}  // namespace

TEST_CASE("a_value_and_its_stamp_fill_whole_lines") {
    constexpr std::size_t line = lfq::cache_line_bytes;
    CHECK(slot_bytes<char>() == line);
    CHECK(slot_bytes<std::uint64_t>() == line);
    CHECK(slot_bytes<sized<line - 8>>() == line);
    CHECK(slot_bytes<sized<line>>() == 2 * line);
    CHECK(slot_bytes<sized<2 * line - 8>>() == 2 * line);
    CHECK(slot_bytes<sized<4 * line>>() == 5 * line);
}

TEST_CASE("slots_in_place_lie_on_lines_of_their_own") {
    lfq::spsc_slot_ring<std::uint64_t, lfq::storage::inplace<2>> ring;
    const std::vector<std::uintptr_t> seen = places(ring);
    REQUIRE(seen.size() == 2);
    CHECK(seen[0] / lfq::cache_line_bytes + 1 == seen[1] / lfq::cache_line_bytes);
}

TEST_CASE("peek_of_a_slot_ring_is_a_forward_range_across_the_wrap") {
    using ring_type = lfq::spsc_slot_ring<std::uint64_t, lfq::storage::inplace<4>,
        lfq::wait::backoff, support::env_near_wrap>;
    using iterator = decltype(std::declval<const ring_type::peeked&>().begin());
    static_assert(std::forward_iterator<iterator>);
    static_assert(std::is_same_v<std::iter_reference_t<iterator>, std::uint64_t&>);
    ring_type ring;
    std::uint64_t next = 0;
    std::uint64_t expected = 0;
    for (int lap = 0; lap < 9; ++lap) {
        for (int i = 0; i < 3; ++i) REQUIRE(ring.try_push(next++));
        const auto found = ring.peek(2);
        REQUIRE(found.size() == 2);
        REQUIRE_FALSE(found.empty());
        REQUIRE(*found.begin() == expected);
        REQUIRE(*std::next(found.begin()) == expected + 1);
        REQUIRE(std::next(found.begin(), 2) == found.end());
        for (std::uint64_t& value : ring.peek()) value += 100;
        for (int i = 0; i < 3; ++i) REQUIRE(ring.try_pop() == 100 + expected++);
        REQUIRE(ring.peek().empty());
    }
}

TEST_CASE("a_new_slot_ring_near_the_wrap_is_empty_in_every_slot") {
    lfq::spsc_slot_ring<std::uint64_t, lfq::storage::inplace<8>, lfq::wait::backoff,
        support::env_near_wrap>
        ring;
    for (std::uint64_t i = 0; i < 24; ++i) {
        REQUIRE(ring.peek().empty());
        REQUIRE_FALSE(ring.try_pop());
        REQUIRE(ring.try_push(i));
        REQUIRE(ring.peek().size() == 1);
        REQUIRE(ring.try_pop() == i);
    }
}
