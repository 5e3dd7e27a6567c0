// SPDX-License-Identifier: MIT
// Goal: windows close by count and by time, whichever comes first, in order and together; what may
//       be held is bounded; nothing is held after a flush.
// Method: the processor alone, with a clock of its own; then random ones against a plain model.
// Cannot show: that somebody calls expire() in time (processors.e2e.cpp).
#include "broker/processors/batch/batch.hpp"

#include "dice.hpp"
#include "processed.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <map>
#include <vector>

using namespace broker::test;
using broker::core::event;
using broker::processors::batch;
using broker::processors::held_events;
using numbers = std::vector<std::uint64_t>;

namespace {

constexpr std::int64_t ms = 1'000'000;

struct bench {
    explicit bench(std::uint32_t events, std::size_t held = 64)
        : pool(held), one({.events = events, .window_ns = 10 * ms}, pool) {}

    void give(std::uint64_t number, std::uint32_t topic, std::int64_t at_ns) {
        std::vector<event> some{maker.make(number, topic)};
        one.take(some, at_ns, seen);
    }

    event_maker maker;
    recorded seen;
    held_events pool;
    batch one;
};

}  // namespace

TEST_CASE("a_window_closes_when_it_is_full") {
    bench b(3);
    b.give(1, 0, 0);
    b.give(2, 1, 0);
    b.give(3, 0, 0);
    CHECK(b.seen.handed.empty());
    b.give(4, 0, 0);
    CHECK(b.seen.numbers() == numbers{1, 3, 4});
    CHECK(b.seen.spans == std::vector<std::size_t>{3});
    CHECK(b.one.counts().by_count.read() == 1);
    b.give(5, 0, 0);  // the next one
    CHECK(b.seen.handed.size() == 3);
}

TEST_CASE("a_window_closes_when_its_time_is_over") {
    bench b(100);
    CHECK(b.one.due_ns() == batch::never_ns);
    b.give(1, 0, 5 * ms);
    CHECK(b.one.due_ns() == 15 * ms);
    b.give(2, 1, 7 * ms);
    b.give(3, 0, 9 * ms);  // its window is as old as its first event
    CHECK(b.one.due_ns() == 15 * ms);
    b.one.expire(15 * ms - 1, b.seen);
    CHECK(b.seen.handed.empty());
    b.one.expire(15 * ms, b.seen);
    CHECK(b.seen.numbers() == numbers{1, 3});
    CHECK(b.one.due_ns() == 17 * ms);
    b.one.expire(100 * ms, b.seen);
    CHECK(b.seen.numbers() == numbers{1, 3, 2});
    CHECK(b.one.due_ns() == batch::never_ns);
    CHECK(b.one.counts().by_time.read() == 2);
}

TEST_CASE("a_flush_hands_on_all_windows_the_oldest_first") {
    bench b(100);
    b.give(1, 5, 0);
    b.give(2, 3, 1);
    b.give(3, 5, 2);
    b.one.flush(b.seen);
    CHECK(b.seen.numbers() == numbers{1, 3, 2});
    CHECK(b.one.due_ns() == batch::never_ns);
    CHECK(b.one.counts().early.read() == 2);
    b.one.flush(b.seen);
    CHECK(b.seen.handed.size() == 3);
}

TEST_CASE("without_room_the_oldest_window_closes_and_nothing_is_lost") {
    bench b(100, 4);
    for (std::uint64_t i = 0; i < 4; ++i) b.give(i, static_cast<std::uint32_t>(i % 2), 0);
    CHECK(b.seen.handed.empty());
    b.give(4, 1, 1);
    CHECK(b.seen.numbers() == numbers{0, 2});
    b.one.flush(b.seen);
    CHECK(b.seen.numbers() == numbers{0, 2, 1, 3, 4});
}

TEST_CASE("a_processor_without_any_room_hands_on_at_once") {
    bench b(100, 1);
    batch other({.events = 100, .window_ns = 10 * ms}, b.pool);
    b.give(1, 0, 0);
    std::vector<event> some{b.maker.make(2, 9)};
    recorded of_other;
    other.take(some, 0, of_other);
    CHECK(of_other.numbers() == numbers{2});
    CHECK(other.due_ns() == batch::never_ns);
    b.one.flush(b.seen);
}

TEST_CASE("a_window_of_one_event_holds_nothing") {
    bench b(1);
    b.give(1, 0, 0);
    CHECK(b.seen.numbers() == numbers{1});
    CHECK(b.one.due_ns() == batch::never_ns);
}

TEST_CASE("a_window_larger_than_what_is_handed_on_at_once_keeps_its_order") {
    bench b(1'000, 2'000);
    numbers wanted;
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        b.give(i, 0, 0);
        wanted.push_back(i);
    }
    CHECK(b.seen.numbers() == wanted);
}

TEST_CASE("any_sequence_keeps_each_topics_order_and_every_bound") {
    dice random("batch");
    for (int round = 0; round < 200; ++round) {
        const auto events = static_cast<std::uint32_t>(random.from_to(1, 8));
        const auto room = random.from_to(1, 30);
        bench b(events, room);
        std::int64_t now = 0;
        std::uint64_t number = 0;
        std::map<std::uint32_t, std::uint64_t> next;  // per topic, in the order of arrival
        std::map<std::uint32_t, std::uint64_t> wanted;
        for (int step = 0; step < 300; ++step) {
            now += static_cast<std::int64_t>(random.from_to(0, 4)) * ms;
            if (random.one_in(10)) b.one.flush(b.seen);
            b.one.expire(now, b.seen);
            const std::int64_t due = b.one.due_ns();
            REQUIRE((due == batch::never_ns || (due > now && due <= now + 10 * ms)));
            const auto topic = static_cast<std::uint32_t>(random.from_to(0, 4));
            b.give(next[topic]++, topic, now);
            ++number;
            REQUIRE(number - b.seen.handed.size() <=
                std::min<std::uint64_t>(b.pool.capacity(), 5 * events));
        }
        b.one.flush(b.seen);
        REQUIRE(b.seen.handed.size() == number);
        for (const event& each : b.seen.handed) {
            REQUIRE(each.received_ns == wanted[each.topic_number]++);
        }
    }
}
