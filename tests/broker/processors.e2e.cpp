// SPDX-License-Identifier: MIT
// Goal: each topic's events go through the processor of its rule, and the books balance.
// Method: the broker as a process, with processors inside its core thread and beside it; peers that
//         write and read the wire byte by byte.
// Cannot show: every interleaving of their threads (processing.stress.cpp).
#include "fixture.hpp"
#include "support/catch.hpp"

#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace broker::test;

namespace {

// Fused, as on few cpus; with threads of their own; with one of them inside the dispatcher.
std::vector<std::string> arrangement() {
    const char* const words =
        GENERATE("", "--workers=1", "--workers=2 --set processor_threads.batch=0");
    std::istringstream in(words);
    return {std::istream_iterator<std::string>(in), {}};
}

std::vector<std::string> payloads_of(const std::vector<event>& events) {
    std::vector<std::string> all;
    for (const event& each : events) all.push_back(each.payload);
    return all;
}

constexpr const char* long_windows =
    "processors:\n"
    "  - {topics: once.>, use: transactional}\n"
    "  - {topics: pack.>, use: batch, events: 10, window_ms: 60000}\n"
    "  - {topics: pack.other, use: transactional}\n";

using payloads = std::vector<std::string>;

}  // namespace

TEST_CASE("an_event_of_a_transactional_topic_is_delivered_once") {
    broker_process broker(long_windows, arrangement());
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, ">");
    peer publisher(broker.tcp());
    peer again(broker.tcp());
    publisher.send(seed_frame(1, "once/a", "1") + seed_frame(1, "once/a", "2") +
        seed_frame(9, "once/a", "1") + seed_frame(1, "once/b", "1"));
    CHECK(payloads_of(subscriber.next_events(3)) == payloads{"1", "2", "1"});
    again.send(seed_frame(1, "once/a", "2") + seed_frame(1, "once/a", "3"));
    CHECK(subscriber.next_event().payload == "3");
    again.send(seed_frame(1, "many", "x") + seed_frame(1, "many", "x"));
    CHECK(payloads_of(subscriber.next_events(2)) == payloads{"x", "x"});

    const auto ending = broker.stop();
    CHECK(value_of(ending.table, "dropped_duplicate") == 2);
    CHECK(value_of(ending.table, "dedup_fresh") == 4);
    CHECK(value_of(ending.table, "delivered") == 6);
    CHECK(imbalance(ending.table) == 0);
}

TEST_CASE("events_of_a_batch_topic_come_when_there_are_enough") {
    broker_process broker(long_windows, arrangement());
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, ">");
    peer publisher(broker.tcp());
    payloads wanted;
    for (int i = 0; i < 9; ++i) {
        publisher.send(seed_frame(static_cast<unsigned>(i), "pack/a", std::to_string(i)));
        wanted.push_back(std::to_string(i));
    }
    publisher.send(seed_frame(1, "pack/other", "of another window"));
    publisher.send(seed_frame(1, "now", "at once"));
    CHECK(subscriber.next_event().payload == "at once");
    publisher.send(seed_frame(1, "pack/a", "last"));
    wanted.emplace_back("last");
    CHECK(payloads_of(subscriber.next_events(10)) == wanted);  // whatever their priorities
    CHECK(broker.eventually("windows_by_count", 1) == 1);
}

TEST_CASE("events_of_a_batch_topic_come_when_the_first_has_waited_long_enough") {
    broker_process broker(
        "processors: [{topics: pack, use: batch, events: 1000, window_ms: 40}]\n", arrangement());
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "pack");
    peer publisher(broker.tcp());
    for (int round = 0; round < 3; ++round) {
        publisher.send(seed_frame(1, "pack", "a") + seed_frame(1, "pack", "b"));
        CHECK(payloads_of(subscriber.next_events(2)) == payloads{"a", "b"});
    }
    const counters table = broker.table();
    CHECK(value_of(table, "windows_by_time") >= 3);
    CHECK(value_of(table, "windows_by_count") == 0);
}

TEST_CASE("what_is_held_is_delivered_when_subscriptions_change_and_when_the_broker_drains") {
    broker_process broker(long_windows, arrangement());
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "pack.>");
    peer publisher(broker.tcp());
    publisher.send(seed_frame(1, "pack/a", "1") + seed_frame(1, "pack/b", "2"));
    CHECK(broker.eventually("events_in_tcp", 2) == 2);
    peer later(broker.tcp());
    later.greet().watch(5, "pack.a");  // too late for what was published before
    CHECK(payloads_of(subscriber.next_events(2)) == payloads{"1", "2"});

    publisher.send(seed_frame(1, "pack/a", "3"));
    CHECK(broker.eventually("events_in_tcp", 3) == 3);
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    for (peer* const each : {&subscriber, &later}) {
        CHECK(each->next().op == op_drain);
        CHECK(each->next_event().payload == "3");
    }
    CHECK(value_of(ending.table, "delivered") == 3);
    CHECK(value_of(ending.table, "deliveries") == 4);
    CHECK(imbalance(ending.table) == 0);
}

TEST_CASE("what_is_held_for_a_subscriber_that_leaves_is_counted") {
    broker_process broker(long_windows, arrangement());
    bystander other(broker);
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "pack.>");
    peer publisher(broker.tcp());
    publisher.send(seed_frame(1, "pack/a", "1") + seed_frame(1, "pack/b", "2"));
    CHECK(broker.eventually("events_in_tcp", 2) == 2);
    subscriber.reset();
    CHECK(broker.eventually("connections_open", 3) == 3);
    CHECK(other.is_served());
    const auto ending = broker.stop();
    CHECK(value_of(ending.table, "delivered") + value_of(ending.table, "dropped") == 3);
    CHECK(imbalance(ending.table) == 0);
}

TEST_CASE("priorities_may_overtake_each_other_but_no_event_its_equal") {
    broker_process broker("", arrangement());
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, ">");
    peer publisher(broker.tcp());
    constexpr unsigned priorities = 4;
    constexpr std::size_t count = 20'000;
    bytes batch;
    for (std::size_t i = 0; i < count; ++i) {
        batch += seed_frame(
            static_cast<unsigned>(i % priorities), "mixed", std::to_string(i / priorities));
    }
    publisher.send(batch);
    std::map<unsigned, std::size_t> next;
    std::size_t wrong = 0;
    for (const event& each : subscriber.next_events(count)) {
        if (each.payload != std::to_string(next[each.priority]++)) ++wrong;
    }
    CHECK(wrong == 0);
    CHECK(next.size() == priorities);
    CHECK(value_of(broker.table(), "priority_batches") > 0);
}

TEST_CASE("every_event_of_many_goes_through_its_processor") {
    broker_process broker(
        "processors:\n"
        "  - {topics: once.>, use: transactional}\n"
        "  - {topics: pack.>, use: batch, events: 100, window_ms: 5}\n",
        arrangement());
    std::vector<peer> subscribers;
    for (std::uint32_t i = 0; i < 3; ++i)
        subscribers.emplace_back(broker.tcp()).greet().watch(i, ">");
    peer publisher(broker.tcp());
    const std::size_t count = sanitized ? 2'000 : 20'000;
    for (std::size_t sent = 0; sent < count; sent += 100) {
        bytes batch;
        for (std::size_t i = sent; i < sent + 100; ++i) {
            const bytes number = std::to_string(i);
            batch += seed_frame(3, "now/x", number) + seed_frame(3, "once/x", number) +
                seed_frame(3, "once/x", number) + seed_frame(3, "pack/x", number);
        }
        publisher.send(batch);
    }
    for (peer& each : subscribers) {
        std::map<std::string, std::size_t> next;
        std::size_t wrong = 0;
        for (const event& one : each.next_events(3 * count)) {
            if (one.payload != std::to_string(next[one.topic]++)) ++wrong;
        }
        CHECK(wrong == 0);
        CHECK(next ==
            std::map<std::string, std::size_t>{
                {"now/x", count}, {"once/x", count}, {"pack/x", count}});
    }
    const auto ending = broker.stop();
    CHECK(value_of(ending.table, "dropped_duplicate") == count);
    CHECK(value_of(ending.table, "delivered") == 3 * count);
    CHECK(value_of(ending.table, "deliveries") == 9 * count);
    CHECK(imbalance(ending.table) == 0);
}
