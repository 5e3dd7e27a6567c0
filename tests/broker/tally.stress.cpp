// SPDX-License-Identifier: MIT
// Goal: each event with several copies is decided exactly once, and as its copies were.
// Method: one thread begins events and deals their copies to three others, which deliver or lose
//         them; answers are summed. Then a single-threaded run against a plain reference. LFQ_SEED
//         repeats the second.
// Cannot show: which of two copies that end at the same time decides.
#include "broker/core/tally.hpp"

#include "dice.hpp"
#include "support/catch.hpp"

#include <lfq/ring/spsc_ring.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace {

using broker::core::booked_alone;
using broker::core::booking;
using broker::core::not_booked;
using broker::core::tally_lane;
using broker::core::tally_table;

constexpr std::size_t holders = 3;

struct copy {
    booking how = not_booked;
    bool arrives = false;
};

struct answers {
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;
};

answers decide(tally_table& table, lfq::spsc_ring<copy>& copies) {
    answers all;
    for (copy one; copies.pop(one);) {
        if (one.arrives) {
            all.delivered += table.delivered(one.how) ? 1U : 0U;
        } else {
            all.lost += table.lost(one.how) ? 1U : 0U;
        }
    }
    return all;
}

}  // namespace

TEST_CASE("every_event_with_several_copies_is_decided_once") {
    constexpr std::uint64_t events = 60'000;
    tally_table table(64);
    tally_lane lane(table, 0, 1);
    std::array<std::unique_ptr<lfq::spsc_ring<copy>>, holders> rings;
    for (auto& each : rings) each = std::make_unique<lfq::spsc_ring<copy>>(16);
    std::array<answers, holders> answered;
    std::uint64_t reached = 0;
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < holders; ++i) {
            threads.emplace_back([&, i] { answered[i] = decide(table, *rings[i]); });
        }
        for (std::uint64_t event = 0; event < events; ++event) {
            // Which holders' copies arrive: all eight combinations in turn.
            const std::uint64_t arriving = event % 8;
            const booking how = lane.begin(holders);
            bool alone_is_given = false;
            for (std::size_t i = 0; i < holders; ++i) {
                copy one{how, (arriving >> i & 1U) != 0};
                if (how == booked_alone && alone_is_given) one.how = not_booked;
                alone_is_given = true;
                static_cast<void>(rings[i]->push(one));
            }
            // Without a free cell the first copy speaks for the event.
            const std::uint64_t deciding = how == booked_alone ? arriving & 1U : arriving;
            reached += deciding != 0 ? 1U : 0U;
        }
        for (auto& each : rings) each->close();
    }
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;
    for (const answers& each : answered) {
        delivered += each.delivered;
        lost += each.lost;
    }
    CHECK(delivered == reached);
    CHECK(delivered + lost == events);
}

TEST_CASE("a_cell_is_free_again_when_its_last_copy_is_decided") {
    tally_table table(16);
    tally_lane lane(table, 0, 1);
    std::vector<booking> open;
    for (int i = 0; i < 16; ++i) open.push_back(lane.begin(2));
    CHECK(lane.begin(2) == booked_alone);
    CHECK_FALSE(table.lost(open[3]));
    CHECK(lane.begin(2) == booked_alone);
    CHECK(table.delivered(open[3]));
    CHECK(lane.begin(2) == open[3]);
}

TEST_CASE("an_event_is_delivered_by_its_first_copy_and_lost_by_its_last") {
    broker::test::dice random("tally");
    tally_table table(1024);
    tally_lane lane(table, 0, 1);
    for (int round = 0; round < 5'000; ++round) {
        const auto copies = static_cast<std::uint32_t>(random.from_to(2, 9));
        const booking how = lane.begin(copies);
        REQUIRE(how < not_booked);
        bool reached = false;
        for (std::uint32_t i = 0; i < copies; ++i) {
            if (random.one_in(3)) {
                REQUIRE(table.delivered(how) == !reached);
                reached = true;
            } else {
                REQUIRE(table.lost(how) == (!reached && i + 1 == copies));
            }
        }
    }
}

TEST_CASE("copies_without_a_cell_answer_for_themselves") {
    tally_table table(16);
    CHECK(table.delivered(booked_alone));
    CHECK(table.lost(booked_alone));
    CHECK_FALSE(table.delivered(not_booked));
    CHECK_FALSE(table.lost(not_booked));
}

TEST_CASE("lanes_do_not_share_cells_and_their_bookings_are_decided_in_one_table") {
    tally_table table(64);
    std::vector<tally_lane> lanes;
    for (std::uint32_t i = 0; i < 3; ++i) lanes.emplace_back(table, i, 3);
    std::vector<booking> all;
    for (int i = 0; i < 16; ++i) {
        for (tally_lane& each : lanes) all.push_back(each.begin(2));
    }
    for (tally_lane& each : lanes) CHECK(each.begin(2) == booked_alone);  // a quarter each
    std::vector<booking> sorted = all;
    std::sort(sorted.begin(), sorted.end());
    CHECK(std::unique(sorted.begin(), sorted.end()) == sorted.end());
    CHECK(sorted.back() < table.cells());
    for (const booking each : all) {
        CHECK(table.delivered(each));
        CHECK_FALSE(table.lost(each));
    }
    CHECK(lanes[1].begin(2) == all[1]);
}
