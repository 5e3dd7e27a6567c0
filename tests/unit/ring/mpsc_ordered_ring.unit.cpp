// SPDX-License-Identifier: MIT
// Goal: what mpsc_ordered_ring does that no other ring does: its producers publish in the order of
//       their claims, and wait for that; what may throw is built before it has a slot.
// Method: the positions by hand, so that a claim stays open as long as the test wants; elements
//         that count their lifetimes; positions near the wrap.
// Cannot show: how long a wait takes; weak memory (model).
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/ordered_positions.hpp>

#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/tracked.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <thread>
#include <utility>

namespace {

using support::lifetimes;
using support::tracked;

// Counts who gives up a turn.
struct counting_clock {
    static inline std::atomic<std::uint64_t> yields{0};
    static void yield() noexcept {
        ++yields;
        std::this_thread::yield();
    }
};
using positions = lfq::ordered_positions<support::env_near_wrap, counting_clock>;

}  // namespace

TEST_CASE("a_publication_waits_for_the_claim_before_it_and_yields") {
    for (std::uint64_t lap = 0; lap < 3; ++lap) {
        positions all(4);
        const auto first = all.claim(1);
        const auto second = all.claim(2);
        REQUIRE(second.count == 2);
        counting_clock::yields = 0;
        std::atomic<bool> published{false};
        std::thread later([&] {
            all.publish(second.at, second.count);
            published = true;
        });
        while (counting_clock::yields < 3) std::this_thread::yield();
        CHECK_FALSE(published);
        CHECK(all.look_for_values(4) == 0);
        all.publish(first.at, first.count);
        later.join();
        CHECK(all.look_for_values(4) == 3);
    }
}

TEST_CASE("a_publication_in_its_turn_waits_for_nobody") {
    positions all(2);
    counting_clock::yields = 0;
    for (std::uint64_t lap = 0; lap < 9; ++lap) {
        const auto mine = all.claim(2);
        REQUIRE(mine.count == 2);
        all.publish(mine.at, 2);
        REQUIRE(all.values(2, 2) == 2);
        all.free(all.head() + 2);
        REQUIRE(all.known_values() == 0);
    }
    CHECK(counting_clock::yields == 0);
}

TEST_CASE("what_was_claimed_before_the_close_is_published_behind_it") {
    positions all(4);
    const auto mine = all.claim(1);
    all.close();
    CHECK(all.closed());
    CHECK(all.ended());
    CHECK_FALSE(all.drained());
    CHECK(all.claim(1).answer == lfq::wait::turn::over);
    CHECK(all.look_for_values(4) == 0);
    CHECK_FALSE(all.drained());
    all.publish(mine.at, 1);
    CHECK(all.look_for_values(4) == 1);
    all.free(all.head() + 1);
    CHECK(all.drained());
}

TEST_CASE("a_full_or_closed_ring_builds_nothing") {
    {
        lfq::mpsc_ordered_ring<tracked> ring(1);
        const tracked mine(7);
        REQUIRE(ring.try_push(mine));
        tracked::builds_until_throw = 1;  // whatever is built from here on throws
        CHECK_FALSE(ring.try_push(mine));
        CHECK_FALSE(ring.try_emplace(8u));
        CHECK_FALSE(ring.push_for(mine, std::chrono::nanoseconds(1)));
        ring.close();
        CHECK_FALSE(ring.try_push(mine));
        CHECK_FALSE(ring.push(mine));
        tracked::builds_until_throw = 0;
        CHECK(ring.statistics().refused_pushes == 4);
        CHECK(ring.try_pop()->value() == 7);
    }
    CHECK(lifetimes::balanced());
}

TEST_CASE("what_throws_while_it_is_built_claims_nothing") {
    {
        lfq::mpsc_ordered_ring<tracked> ring(2);
        const tracked mine(7);
        tracked::builds_until_throw = 1;
        CHECK_THROWS_AS(ring.try_push(mine), support::build_failure);
        tracked::builds_until_throw = 1;
        CHECK_THROWS_AS(ring.push(mine), support::build_failure);
        CHECK(ring.statistics().published == 0);
        CHECK(ring.try_push(mine));
        CHECK(ring.try_push(mine));
        CHECK(mine.value() == 7);
    }
    CHECK(lifetimes::balanced());
}

TEST_CASE("values_lie_beside_each_other_and_nothing_else") {
    lfq::mpsc_ordered_ring<std::uint32_t, lfq::storage::inplace<8>> ring;
    const std::array<std::uint32_t, 3> in{1, 2, 3};
    REQUIRE(ring.try_push(0));
    REQUIRE(ring.try_push_n(std::span<const std::uint32_t>(in)) == 3);
    const std::span<std::uint32_t> all = ring.peek()[0];
    REQUIRE(all.size() == 4);
    for (std::uint32_t i = 0; i < 4; ++i) CHECK(all[i] == i);
    ring.consume(4);
    CHECK(ring.empty_approx());
}

TEST_CASE("an_element_that_owns_memory_goes_through_every_verb_it_can") {
    lfq::mpsc_ordered_ring<std::string> ring(4);
    const std::string text(50, 'a');
    CHECK(ring.try_push(text));
    CHECK(ring.push(std::string(50, 'b')));
    CHECK(ring.try_emplace(std::size_t{50}, 'c'));
    CHECK(ring.try_emplace(text.begin(), text.end()));
    std::string out;
    for (const char expected : {'a', 'b', 'c', 'a'}) {
        REQUIRE(ring.try_pop(out));
        CHECK(out == std::string(50, expected));
    }
}
