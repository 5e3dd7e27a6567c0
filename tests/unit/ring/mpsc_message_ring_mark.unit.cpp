// SPDX-License-Identifier: MIT
// Goal: high_water_bytes is no less than what a ring of many producers held at once, and no more
//       than twice that, or a quarter of the ring above it.
// Method: one thread, both storages, many laps; by every verb that frees.
// Cannot show: any sequence of verbs (property), threads (model, stress).
#include <lfq/ring/mpsc_message_ring.hpp>

#include "support/catch.hpp"
#include "support/shared_messages.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace {

using support::message_of;
using support::message_view;
using support::room_of;

// What the mark may be when so many bytes were held at once.
template <class Setup>
[[nodiscard]] bool is_mark_of(std::uint64_t mark, std::size_t held) {
    return mark >= held && mark <= held + std::max<std::size_t>(held, Setup::bytes / 4);
}

// Messages through the ring, so many in it at once, for 40 laps.
template <class Ring, class Take>
void pass(Ring& ring, std::size_t at_once, Take take) {
    auto from = ring.producer();
    auto other = ring.producer();
    std::size_t wrong = 0;
    for (std::size_t bytes = 0; bytes < 40 * ring.capacity(); bytes += at_once * room_of(24)) {
        for (std::size_t i = 0; i < at_once; ++i)
            wrong += (i % 2 == 0 ? from : other)->try_push(message_of(i, 24)) ? 0u : 1u;
        take(at_once);
    }
    REQUIRE(wrong == 0);
    REQUIRE(ring.empty_approx());
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a_consumer_that_keeps_up_leaves_a_small_mark_after_many_laps", "",
    support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    std::array<std::byte, 40> out{};
    std::size_t taken = 0;
    const auto pops = [&](std::size_t n) {
        for (; n != 0; --n) taken += ring.try_pop(out) ? 1u : 0u;
    };
    const auto consumes = [&](std::size_t n) {
        taken += ring.peek(n).size();
        ring.consume(n);
    };
    const auto drains = [&](std::size_t) { taken += ring.drain([](message_view) {}); };
    const std::size_t at_once = GENERATE(as<std::size_t>{}, 1, 3);
    SECTION("that pops") { pass(ring, at_once, pops); }
    SECTION("that peeks and consumes") { pass(ring, at_once, consumes); }
    SECTION("that drains") { pass(ring, at_once, drains); }
    const lfq::message_statistics seen = ring.statistics();
    REQUIRE(taken == seen.published);
    REQUIRE(is_mark_of<TestType>(seen.high_water_bytes, at_once * room_of(24)));
}

TEMPLATE_LIST_TEST_CASE("a_mark_is_no_more_than_twice_what_was_held_though_the_ring_is_never_empty",
    "", support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    auto from = ring.producer();
    std::array<std::byte, 40> out{};
    const std::size_t held = GENERATE(as<std::size_t>{}, 2, 20, 60);
    for (std::size_t i = 0; i < held - 1; ++i) REQUIRE(from->try_push(message_of(i, 24)));
    for (std::size_t i = 0; i < 40 * ring.capacity() / room_of(24); ++i) {
        REQUIRE(from->try_push(message_of(i, 24)));
        REQUIRE(is_mark_of<TestType>(ring.statistics().high_water_bytes, held * room_of(24)));
        REQUIRE(ring.try_pop(out));
    }
}

TEMPLATE_LIST_TEST_CASE(
    "what_is_claimed_counts_until_it_is_freed", "", support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    auto from = ring.producer();
    auto other = ring.producer();
    const auto mark = [&] { return ring.statistics().high_water_bytes; };
    auto open = from->claim(40);
    for (std::uint64_t i = 0; i < 9; ++i) REQUIRE(other->try_push(message_of(i, 40)));
    REQUIRE(mark() == 10 * room_of(40));  // nothing was freed, so it is exact
    open.commit(0);
    static_cast<void>(from->claim(40));
    REQUIRE(mark() == 11 * room_of(40));
    ring.consume(3);
    for (std::uint64_t i = 0; i < 8; ++i) REQUIRE(other->try_push(message_of(i, 40)));
    REQUIRE(is_mark_of<TestType>(mark(), 16 * room_of(40)));
    ring.drain([](message_view) {});
    REQUIRE(is_mark_of<TestType>(mark(), 16 * room_of(40)));
}

TEMPLATE_LIST_TEST_CASE("a_ring_that_was_full_has_the_mark_of_its_capacity_for_good", "",
    support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    {
        auto from = ring.producer();
        while (from->try_push({})) {
        }
        REQUIRE(ring.statistics().high_water_bytes == ring.capacity());
        auto other = ring.producer();
        REQUIRE(other->try_push({}));  // into the slack, which is no capacity
        REQUIRE(ring.statistics().high_water_bytes == ring.capacity());
    }
    std::array<std::byte, 40> out{};
    while (ring.try_pop(out)) {
    }
    pass(ring, 1, [&](std::size_t) { static_cast<void>(ring.try_pop(out)); });
    REQUIRE(ring.statistics().high_water_bytes == ring.capacity());
}

TEMPLATE_LIST_TEST_CASE("adds_behind_the_end_leave_no_mark", "", support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    auto from = ring.producer();
    REQUIRE(from->try_push(message_of(1, 40)));
    ring.close();
    for (int i = 0; i < 50; ++i) REQUIRE_FALSE(from->try_push(message_of(2, 40)));
    std::array<std::byte, 40> out{};
    REQUIRE(ring.try_pop(out));
    REQUIRE(ring.drained());
    REQUIRE(ring.statistics().high_water_bytes == room_of(40));
}
