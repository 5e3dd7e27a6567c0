// SPDX-License-Identifier: MIT
// Goal: fresh keys are announced a whole chunk at a time, and none twice; the sum has them all.
// Method: one thread, so that every answer is known. What is announced is computed where g++
//         compiles an obvious way to write it wrongly (docs/design/dead_ends.md).
// Cannot show: threads that count at once (deduplicator.stress.cpp).
#include <lfq/base/env.hpp>
#include <lfq/dedup/striped_tally.hpp>

#include "support/catch.hpp"

#include <cstdint>
#include <vector>

namespace {

using tally = lfq::dedup::striped_tally<lfq::std_env>;

}  // namespace

TEST_CASE("whole_chunks_are_announced_and_their_rest_waits") {
    tally counts(16);
    std::vector<std::uint64_t> announced;
    for (const std::uint64_t fresh : {10U, 10U, 50U, 1U, 9U, 0U, 16U, 1600U})
        announced.push_back(counts.add({.fresh = fresh}).announced);
    CHECK(announced == std::vector<std::uint64_t>{0, 16, 64, 0, 80, 0, 96, 1696});
    CHECK(counts.sum().fresh == 1696);
}

TEST_CASE("a_stripe_tells_when_it_goes_past_a_multiple_of_sixteen") {
    tally counts(tally::never);
    CHECK_FALSE(counts.add({.fresh = 15}).sixteenth);
    CHECK(counts.add({.fresh = 1}).sixteenth);
    CHECK_FALSE(counts.add({.fresh = 15}).sixteenth);
    CHECK(counts.add({.fresh = 40}).sixteenth);
    CHECK(counts.add({.fresh = 1}).announced == 0);
}

TEST_CASE("what_was_seen_and_what_found_no_room_is_counted_apart") {
    tally counts(16);
    CHECK(counts.add({.seen = 7, .full = 3}).announced == 0);
    CHECK(counts.add({.fresh = 20, .seen = 1}).announced == 16);
    CHECK(counts.sum().fresh == 20);
    CHECK(counts.sum().seen == 8);
    CHECK(counts.sum().full == 3);
}
