// SPDX-License-Identifier: MIT
// Goal: what a thread notes is told once a millisecond or when it asks, and figures are 12 % exact.
// Method: a meter with a clock of the test's own; every size of time into its step.
// Cannot show: that threads note the right moments.
#include "broker/core/stage.hpp"

#include "support/catch.hpp"

#include <cstdint>

using broker::core::stage_board;
using broker::core::stage_figures;
using broker::core::stage_meter;
using broker::core::stage_steps;
using broker::core::stage_sum;

namespace {

constexpr std::uint64_t us = 1'000;
constexpr std::uint64_t start = 1'700'000'000'000'000'000;

stage_figures told(const stage_board& board) {
    stage_sum sum;
    sum.add(board);
    return sum.figures();
}

}  // namespace

TEST_CASE("a_step_holds_times_that_differ_by_an_eighth_at_most") {
    std::size_t before = 0;
    for (std::uint64_t ns = 1; ns < std::uint64_t{1} << 47; ns += ns / 5 + 1) {
        const std::size_t step = stage_steps::of(ns);
        CHECK(step >= before);
        CHECK(stage_steps::ns_of(step) >= ns);
        CHECK(stage_steps::ns_of(step) <= ns + ns / 8 + 8);
        before = step;
    }
    CHECK(stage_steps::of(~std::uint64_t{0}) == stage_steps::count - 1);
    for (std::size_t step = 0; step < stage_steps::count; ++step) {
        CHECK(stage_steps::of(stage_steps::ns_of(step)) == step);
    }
}

TEST_CASE("what_is_noted_is_told_once_a_millisecond_or_when_asked") {
    stage_board board;
    stage_meter meter(board);
    meter.note(start - 50 * us, start);
    CHECK(told(board).batches == 1);  // the first one at once
    meter.note(start, start + 100 * us);
    meter.note(start, start + 999 * us);
    CHECK(told(board).batches == 1);
    meter.note(start, start + 1'000 * us);
    CHECK(told(board).batches == 4);
    meter.note(start, start + 1'001 * us);
    CHECK(told(board).batches == 4);
    meter.tell();
    CHECK(told(board).batches == 5);
    meter.tell();
    CHECK(told(board).batches == 5);
}

TEST_CASE("figures_are_those_of_the_middle_the_last_hundredth_and_the_end") {
    stage_board board;
    stage_board other;
    {
        stage_meter meter(board);
        for (std::uint64_t i = 1; i <= 98; ++i) meter.note(start, start + 100 * us);
        stage_meter second(other);
        second.note(start, start + 5'000 * us);
        second.note(start, start + 50'000 * us);
    }
    stage_sum sum;
    sum.add(board);
    sum.add(other);
    const stage_figures all = sum.figures();
    CHECK(all.batches == 100);
    CHECK(all.p50_us >= 100);
    CHECK(all.p50_us <= 113);
    CHECK(all.p99_us >= 5'000);
    CHECK(all.p99_us <= 5'700);
    CHECK(all.max_us >= 50'000);
    CHECK(all.max_us <= 57'000);
    CHECK(told(stage_board{}).max_us == 0);
}

TEST_CASE("a_clock_that_was_set_back_is_no_time_at_all") {
    stage_board board;
    stage_meter meter(board);
    meter.note(start, start - 5 * us);
    meter.tell();
    CHECK(told(board).batches == 1);
    CHECK(told(board).max_us == 0);
}
