// SPDX-License-Identifier: MIT
// Goal: of events that wait together the more urgent go first, and equal ones keep their order.
// Method: the processor alone; batches of all shapes against std::stable_sort. LFQ_SEED repeats.
// Cannot show: which events wait together (dispatcher.stress.cpp).
#include "broker/processors/realtime/realtime.hpp"

#include "dice.hpp"
#include "processed.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <vector>

using namespace broker::test;
using broker::core::event;
using broker::processors::realtime;

TEST_CASE("events_of_one_priority_are_handed_on_as_they_came") {
    event_maker events;
    recorded seen;
    realtime one;
    std::vector<event> batch{events.make(1, 0), events.make(2, 0), events.make(3, 0)};
    one.take(batch, 0, seen);
    CHECK(seen.numbers() == std::vector<std::uint64_t>{1, 2, 3});
    CHECK(seen.spans == std::vector<std::size_t>{3});
    CHECK(one.counts().ordered.read() == 0);
    one.take({}, 0, seen);
    CHECK(seen.spans.size() == 1);
    CHECK(one.due_ns() == realtime::never_ns);
}

TEST_CASE("the_more_urgent_of_a_batch_go_first") {
    event_maker events;
    recorded seen;
    realtime one;
    std::vector<event> batch{events.make(1, 0, "", 5), events.make(2, 0, "", 127),
        events.make(3, 0, "", 0), events.make(4, 0, "", 127), events.make(5, 0, "", 5)};
    one.take(batch, 0, seen);
    CHECK(seen.numbers() == std::vector<std::uint64_t>{2, 4, 1, 5, 3});
    CHECK(seen.spans == std::vector<std::size_t>{5});
    CHECK(one.counts().ordered.read() == 1);
}

TEST_CASE("any_batch_is_ordered_as_a_stable_sort_would") {
    dice random("realtime");
    for (int round = 0; round < 500; ++round) {
        event_maker events;
        recorded seen;
        realtime one;
        std::vector<event> batch;
        const auto count = random.from_to(0, realtime::together_max);
        const auto priorities = random.from_to(1, 128);
        for (std::uint64_t i = 0; i < count; ++i) {
            batch.push_back(events.make(
                i, 0, "", static_cast<std::uint8_t>(random.from_to(0, priorities - 1))));
        }
        std::vector<event> wanted = batch;
        std::stable_sort(wanted.begin(), wanted.end(),
            [](const event& a, const event& b) { return a.priority > b.priority; });
        one.take(batch, 0, seen);
        REQUIRE(seen.handed.size() == wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            REQUIRE(seen.handed[i].received_ns == wanted[i].received_ns);
        }
    }
}

TEST_CASE("more_than_one_batch_holds_are_several_batches") {
    event_maker events;
    recorded seen;
    realtime one;
    std::vector<event> batch;
    for (std::uint64_t i = 0; i < realtime::together_max; ++i) batch.push_back(events.make(i, 0));
    batch.push_back(events.make(999, 0, "", 9));
    one.take(batch, 0, seen);
    CHECK(seen.numbers().back() == 999);
    CHECK(seen.handed.size() == batch.size());
}
