// SPDX-License-Identifier: MIT
// Goal: each transition and each move of the cut, one by one, with the default marks.
// Method: a broker under test is a memory and a clock; every case plays a short scene in ticks.
// Cannot show: arbitrary sequences (control.property.cpp).
#include "broker/control/step.hpp"

#include "support/catch.hpp"

#include <cstdint>
#include <string>

namespace {

using broker::control::cause;
using broker::control::decision;
using broker::control::memory;
using broker::control::signals;
using broker::control::thresholds;
using broker::core::state;

constexpr std::uint64_t ms = 1'000'000;

/// Ticks every 50 ms.
struct scene {
    thresholds marks;
    signals now{.queue_capacity = 100, .slabs_total = 100};
    memory kept;
    std::uint64_t clock_ns = 1'000 * ms;
    std::uint64_t consumed_each_tick = 0;

    decision tick() {
        clock_ns += 50 * ms;
        now.queue_consumed += consumed_each_tick;
        const decision d = step(now, marks, kept, clock_ns);
        kept = d.next;
        return d;
    }

    /// The last decision of that much time.
    decision pass(std::uint64_t time_ms) {
        decision d;
        for (std::uint64_t t = 0; t < time_ms; t += 50) d = tick();
        return d;
    }

    void see(unsigned priority) { now.seen.insert(priority); }
};

}  // namespace

TEST_CASE("a_broker_at_rest_runs_and_reads") {
    scene s;
    const decision d = s.pass(10'000);
    CHECK(d.view.now == state::running);
    CHECK(d.view.reading);
    CHECK(d.view.drop_below == 0);
}

TEST_CASE("slabs_pause_at_the_enter_mark_and_run_again_below_the_leave_mark") {
    scene s;
    s.pass(300);
    s.now.slabs_taken = 69;
    CHECK(s.pass(1'000).view.now == state::running);
    s.now.slabs_taken = 70;
    const decision entered = s.tick();
    CHECK(entered.changed);
    CHECK(entered.why == cause::slabs);
    CHECK(entered.view.now == state::paused);
    CHECK_FALSE(entered.view.reading);
    s.now.slabs_taken = 50;
    CHECK(s.pass(5'000).view.now == state::paused);
    s.now.slabs_taken = 49;
    const decision left = s.tick();
    CHECK(left.view.now == state::running);
    CHECK(left.why == cause::calm);
}

TEST_CASE("a_state_is_kept_for_the_dwell_time_whatever_the_signals_do") {
    scene s;
    s.pass(300);
    s.now.slabs_taken = 70;
    REQUIRE(s.tick().view.now == state::paused);
    s.now.slabs_taken = 0;
    CHECK(s.pass(200).view.now == state::paused);
    CHECK(s.tick().view.now == state::running);
}

TEST_CASE("a_full_queue_that_empties_quickly_changes_nothing") {
    scene s;
    s.consumed_each_tick = 50;  // of 100 waiting: 100 ms of work, less than backlog_ns
    s.now.queue_waiting = 100;
    CHECK(s.pass(10'000).view.now == state::running);
}

TEST_CASE("a_full_queue_that_nobody_empties_pauses_and_then_drops") {
    scene s;
    s.see(1);
    s.see(2);
    s.now.queue_waiting = 100;
    const decision paused = s.pass(300);
    CHECK(paused.view.now == state::paused);
    CHECK(s.pass(200).view.now == state::paused);
    CHECK(s.pass(50).view.now == state::dropping);
}

TEST_CASE("a_queue_between_pause_and_drop_only_pauses") {
    scene s;
    s.now.queue_waiting = 85;
    CHECK(s.pass(10'000).view.now == state::paused);
    s.now.queue_waiting = 60;
    CHECK(s.pass(10'000).view.now == state::paused);
    s.now.queue_waiting = 59;
    CHECK(s.pass(50).view.now == state::running);
}

TEST_CASE("dropping_takes_the_lowest_priority_first_and_one_more_each_dwell_under_pressure") {
    scene s;
    for (const unsigned priority : {1U, 5U, 9U, 100U}) s.see(priority);
    s.pass(300);
    s.now.slabs_taken = 85;
    const decision first = s.tick();
    REQUIRE(first.view.now == state::dropping);
    CHECK(first.view.drop_below == 2);
    CHECK(first.view.reading);
    CHECK(s.pass(200).view.drop_below == 2);
    CHECK(s.tick().view.drop_below == 6);
    CHECK(s.pass(250).view.drop_below == 10);
    CHECK(s.pass(5'000).view.drop_below == 10);  // 100 is the highest in use: never dropped
}

TEST_CASE("between_its_marks_dropping_keeps_its_cut") {
    scene s;
    for (const unsigned priority : {1U, 5U, 9U}) s.see(priority);
    s.pass(300);
    s.now.slabs_taken = 85;
    REQUIRE(s.tick().view.drop_below == 2);
    s.now.slabs_taken = 84;
    CHECK(s.pass(5'000).view.drop_below == 2);
    s.now.slabs_taken = 64;
    const decision left = s.tick();
    CHECK(left.view.now == state::paused);
    CHECK(left.view.drop_below == 0);
}

TEST_CASE("with_one_priority_in_use_nothing_is_dropped_and_nothing_is_read") {
    scene s;
    s.see(5);
    s.pass(300);
    s.now.slabs_taken = 90;
    const decision dropping = s.tick();
    REQUIRE(dropping.view.now == state::dropping);
    CHECK_FALSE(dropping.view.drops(5));
    CHECK_FALSE(dropping.view.reading);
    s.now.slabs_taken = 96;
    const decision emergency = s.pass(250);
    REQUIRE(emergency.view.now == state::emergency);
    CHECK_FALSE(emergency.view.drops(5));
    CHECK_FALSE(emergency.view.reading);
}

TEST_CASE("emergency_drops_all_but_the_highest_priority_in_use_and_comes_down_step_by_step") {
    scene s;
    for (const unsigned priority : {1U, 5U, 9U}) s.see(priority);
    s.pass(300);
    s.now.slabs_taken = 95;
    const decision d = s.tick();
    REQUIRE(d.view.now == state::emergency);
    CHECK(d.view.drop_below == 9);
    CHECK(d.view.reading);
    s.now.slabs_taken = 0;
    const decision dropping = s.pass(250);
    CHECK(dropping.view.now == state::dropping);
    CHECK(dropping.view.drop_below == 2);
    CHECK(s.pass(250).view.now == state::paused);
    CHECK(s.pass(250).view.now == state::running);
}

TEST_CASE("between_its_marks_emergency_is_kept") {
    scene s;
    s.pass(300);
    s.now.slabs_taken = 95;
    REQUIRE(s.tick().view.now == state::emergency);
    s.now.slabs_taken = 75;
    CHECK(s.pass(5'000).view.now == state::emergency);
    s.now.slabs_taken = 74;
    CHECK(s.tick().view.now == state::dropping);
}

TEST_CASE("a_capacity_of_nothing_is_full") {
    scene s;
    s.now.slabs_total = 0;
    CHECK(s.pass(300).view.now == state::emergency);
}

TEST_CASE("a_priority_that_is_no_longer_seen_is_no_longer_in_use") {
    scene s;
    s.see(1);
    s.see(90);
    s.pass(300);
    s.now.seen = {};
    s.see(1);
    s.see(5);
    s.pass(25'000);
    s.now.slabs_taken = 95;
    CHECK(s.tick().view.drop_below == 5);
}

TEST_CASE("a_pause_does_not_make_the_broker_forget_the_priorities_in_use") {
    scene s;
    s.see(1);
    s.see(5);
    s.pass(300);
    s.now.seen = {};
    s.pass(60'000);
    s.now.slabs_taken = 95;
    CHECK(s.tick().view.drop_below == 5);
}

TEST_CASE("a_drain_begins_at_once_and_never_ends") {
    scene s;
    s.pass(300);
    s.now.slabs_taken = 95;
    REQUIRE(s.tick().view.now == state::emergency);
    s.now.drain_requested = true;
    const decision d = s.tick();
    CHECK(d.view.now == state::draining);
    CHECK(d.why == cause::drain);
    CHECK(d.view.drop_below == 0);
    CHECK_FALSE(d.view.reading);
    s.now.drain_requested = false;
    CHECK(s.pass(60'000).view.now == state::draining);
}

TEST_CASE("conflicting_marks_are_named") {
    CHECK_FALSE(broker::control::conflict_in({}));
    thresholds reversed;
    reversed.drop_slabs = {60, 65};
    CHECK(std::string(broker::control::conflict_in(reversed).mark) == "drop_slabs");
    thresholds crossed;
    crossed.pause_queue = {95, 60};
    CHECK(std::string(broker::control::conflict_in(crossed).mark) == "drop_queue");
    CHECK(std::string(broker::control::conflict_in(crossed).other) == "pause_queue");
    thresholds equal;
    equal.pause_slabs = {60, 60};
    CHECK(std::string(broker::control::conflict_in(equal).mark) == "pause_slabs");
    thresholds leaves_crossed;
    leaves_crossed.drop_slabs.leave = 49;
    CHECK(std::string(broker::control::conflict_in(leaves_crossed).other) == "pause_slabs");
    thresholds above;
    above.emergency_slabs = {101, 75};
    CHECK(std::string(broker::control::conflict_in(above).mark) == "emergency_slabs");
}
