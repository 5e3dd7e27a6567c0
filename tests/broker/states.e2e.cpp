// SPDX-License-Identifier: MIT
// Goal: each state does what it says to publishers, and nothing is lost without being counted.
// Method: marks so low that the one slab under way leads to the state and keeps it; PONG tells it.
// Cannot show: how real load meets the default marks (the rules are in control.property.cpp).
#include "fixture.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <string>

using namespace broker::test;

namespace {

// One slab of eight is 12 percent. It is taken by the first read, and the dwell time since the
// start lets the events of that read be understood before the state changes.
constexpr const char* marks_of_pause =
    "slabs: {count: 8}\ncontrol:\n"
    "  dwell_ms: 1000\n"
    "  pause_slabs: {enter: 12, leave: 1}\n";
constexpr const char* marks_of_drop =
    "slabs: {count: 8}\ncontrol:\n"
    "  dwell_ms: 1000\n"
    "  pause_slabs: {enter: 11, leave: 1}\n"
    "  drop_slabs: {enter: 12, leave: 2}\n";
constexpr const char* marks_of_emergency =
    "slabs: {count: 8}\ncontrol:\n"
    "  dwell_ms: 1000\n"
    "  pause_slabs: {enter: 10, leave: 1}\n"
    "  drop_slabs: {enter: 11, leave: 2}\n"
    "  emergency_slabs: {enter: 12, leave: 3}\n";

enum : unsigned { paused = 1, dropping = 3, in_emergency = 4 };

// The last state that PONG told before patience ended.
unsigned awaited(peer& session, unsigned wanted) {
    const auto end = std::chrono::steady_clock::now() + patience;
    unsigned now = session.state().state;
    while (now != wanted && std::chrono::steady_clock::now() < end) now = session.state().state;
    return now;
}

bytes event_of(unsigned priority) {
    return seed_frame(priority, "state/" + std::to_string(priority), "x");
}

struct drained {
    std::vector<event> events;
    broker_process::ending ending;
};

// Whatever the broker still has for it.
drained drain(broker_process& broker, peer& subscriber) {
    drained all;
    all.ending = broker.stop();
    CHECK(subscriber.was_closed());
    for (const message& one : subscriber.farewell()) {
        if (one.op == op_event) all.events.push_back(parse_event(one));
    }
    CHECK(all.ending.exit_code == 0);
    CHECK(imbalance(all.ending.table) == 0);
    return all;
}

}  // namespace

TEST_CASE("a_paused_broker_leaves_publishers_unread_drops_datagrams_and_serves_sessions") {
    broker_process broker(marks_of_pause);
    peer publisher(broker.tcp());
    publisher.send(event_of(5));
    CHECK(broker.eventually("filtered", 1) == 1);
    peer subscriber(broker.tcp());
    subscriber.greet();
    REQUIRE(awaited(subscriber, paused) == paused);

    subscriber.watch(1, ">");
    publisher.send(event_of(5));
    datagram_peer(broker.udp()).send(event_of(5));
    CHECK(broker.eventually("dropped_udp_paused", 1) == 1);
    const pong now = subscriber.state();
    CHECK(now.state == paused);
    CHECK(now.in == 2);  // the first event and the datagram

    const drained rest = drain(broker, subscriber);
    CHECK(rest.events.size() == 1);  // it waited in the socket, and was not lost
    CHECK(value_of(rest.ending.table, "events_in_tcp") == 2);
}

TEST_CASE("a_dropping_broker_drops_the_lowest_priority_and_counts_it") {
    broker_process broker(marks_of_drop);
    peer publisher(broker.tcp());
    publisher.send(event_of(1) + event_of(5) + event_of(9));
    peer subscriber(broker.tcp());
    subscriber.greet();
    REQUIRE(awaited(subscriber, dropping) == dropping);
    CHECK(broker.eventually("filtered", 3) == 3);

    subscriber.watch(1, ">");
    publisher.send(event_of(1) + event_of(9));
    CHECK(subscriber.next_event().priority == 9);
    CHECK(broker.eventually("dropped_state_dropping", 1) == 1);
    const drained rest = drain(broker, subscriber);
    CHECK(rest.events.empty());
    CHECK(value_of(rest.ending.table, "delivered") == 1);
}

TEST_CASE("a_broker_in_emergency_delivers_the_highest_priority_in_use_alone") {
    broker_process broker(marks_of_emergency);
    peer publisher(broker.tcp());
    publisher.send(event_of(1) + event_of(5) + event_of(9));
    peer subscriber(broker.tcp());
    subscriber.greet();
    REQUIRE(awaited(subscriber, in_emergency) == in_emergency);
    CHECK(broker.eventually("filtered", 3) == 3);

    subscriber.watch(1, ">");
    publisher.send(event_of(5) + event_of(1) + event_of(9) + event_of(5));
    CHECK(subscriber.next_event().priority == 9);
    CHECK(broker.eventually("dropped_state_emergency", 3) == 3);
    const drained rest = drain(broker, subscriber);
    CHECK(rest.events.empty());
    CHECK(value_of(rest.ending.table, "dropped_state_emergency") == 3);
}

TEST_CASE("with_one_priority_in_use_a_dropping_broker_drops_nothing") {
    broker_process broker(marks_of_drop);
    peer publisher(broker.tcp());
    publisher.send(event_of(5));
    CHECK(broker.eventually("filtered", 1) == 1);
    peer subscriber(broker.tcp());
    subscriber.greet();
    REQUIRE(awaited(subscriber, dropping) == dropping);

    subscriber.watch(1, ">");
    publisher.send(event_of(5) + event_of(5));
    const drained rest = drain(broker, subscriber);
    CHECK(rest.events.size() == 2);
    CHECK(value_of(rest.ending.table, "dropped") == 0);
}
