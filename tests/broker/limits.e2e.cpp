// SPDX-License-Identifier: MIT
// Goal: who holds too much, or is one too many, is sent away, counted, and missed by nobody.
// Method: small limits in the configuration; a client that goes over each; a bystander.
// Cannot show: the limits' default values under real load.
#include "fixture.hpp"
#include "support/catch.hpp"

#include <signal.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

using namespace broker::test;
using namespace std::chrono_literals;

TEST_CASE("half_a_frame_is_held_to_the_idle_limit_and_no_longer") {
    broker_process broker("limits:\n  idle_frame_ms: 300\n");
    bystander other(broker);
    const bytes half = seed_frame(5, "half/a/frame", "payload").substr(0, 12);

    SECTION("by_a_seed_publisher_who_hears_nothing") {
        peer slow(broker.tcp());
        slow.send(half);
        CHECK(slow.was_closed());
        CHECK(slow.farewell().empty());
    }
    SECTION("by_a_session_which_is_told") {
        peer slow(broker.tcp());
        slow.greet();
        slow.send(half);
        CHECK(slow.was_closed());
        REQUIRE(slow.farewell().size() == 1);
        CHECK(parse_refusal(slow.farewell()[0]).code == err_limit);
    }
    SECTION("though_a_byte_comes_now_and_then") {
        peer slow(broker.tcp());
        slow.send(framed(u8(5) + str16("drip") + bytes(60'000, 'x')).substr(0, 12));
        const auto end = std::chrono::steady_clock::now() + patience;
        while (slow.has_heard_nothing() && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(20ms);
            slow.send("x");
        }
        CHECK(slow.was_closed());
    }
    CHECK(broker.eventually("connections_closed_idle_frame", 1) == 1);
    CHECK(other.is_served());  // who holds no half frame may be idle as long as they like
}

TEST_CASE("a_connection_beyond_the_limit_is_closed_and_the_others_stay") {
    broker_process broker("limits:\n  connections_max: 4\n");
    bystander other(broker);  // two of them
    peer third(broker.tcp());
    third.greet();
    {
        peer fourth(broker.tcp());
        fourth.greet();
        for (std::uint64_t i = 1; i <= 3; ++i) {
            peer fifth(broker.tcp());
            CHECK(fifth.was_closed());
            CHECK(fifth.farewell().empty());
            CHECK(broker.eventually("connections_closed_connections_max", i) == i);
        }
        CHECK(other.is_served());
        CHECK(fourth.state().ref == 77);
    }
    CHECK(broker.eventually("connections_open", 3) == 3);
    peer again(broker.tcp());
    again.greet();
    CHECK(third.state().ref == 77);
}

TEST_CASE("a_flood_of_orders_waits_its_turn_and_every_one_is_obeyed") {
    broker_process broker("queues:\n  ingest: 64\n");
    bystander other(broker);
    peer flooding(broker.tcp());
    flooding.greet();
    constexpr unsigned rounds = 10;
    constexpr unsigned pairs = 2'000;
    bytes flood;
    for (unsigned i = 0; i < pairs; ++i) flood += subscribe(7, "nobody.>") + unsubscribe(7);
    unsigned confirmed = 0;
    unsigned served = 0;
    for (unsigned i = 0; i < rounds; ++i) {
        flooding.send(flood + ping(i));
        served += other.is_served() ? 1U : 0U;
        for (;;) {
            const message one = flooding.next();
            if (one.op == op_subscribed) ++confirmed;
            if (one.op != op_subscribed && one.op != op_pong) break;
            if (confirmed == (i + 1) * pairs) break;
        }
    }
    CHECK(confirmed == rounds * pairs);
    CHECK(served == rounds);
    CHECK(broker.eventually("subscriptions_open", 1) == 1);  // the bystander's
}

TEST_CASE("a_topic_beyond_the_limit_is_dropped_and_counted") {
    broker_process broker("limits:\n  topics_max: 16\n");
    peer publisher(broker.tcp());
    for (int i = 0; i < 20; ++i) publisher.send(seed_frame(1, "topic/" + std::to_string(i), ""));
    CHECK(broker.eventually("dropped_topics_max", 4) == 4);
    publisher.send(seed_frame(1, "topic/0", ""));  // a topic that is there already
    CHECK(broker.eventually("filtered", 17) == 17);
    CHECK(broker.eventually("topics", 16) == 16);
}

TEST_CASE("a_topic_whose_targets_are_beyond_the_limit_is_dropped_and_counted") {
    broker_process broker("limits:\n  route_targets_max: 16\n");
    peer subscriber(broker.tcp());
    subscriber.greet();
    for (std::uint32_t sid = 1; sid <= 17; ++sid) subscriber.watch(sid, "many");
    subscriber.watch(18, "few");
    peer publisher(broker.tcp());
    publisher.send(seed_frame(1, "many", "1") + seed_frame(1, "few", "2"));
    CHECK(subscriber.next_event().payload == "2");
    CHECK(broker.eventually("dropped_route_targets_max", 1) == 1);
    subscriber.send(unsubscribe(17));
    CHECK(broker.eventually("subscriptions_open", 17) == 17);
    publisher.send(seed_frame(1, "many", "3"));
    CHECK(subscriber.next_events(16).back().payload == "3");
    const auto ending = broker.stop();
    CHECK(imbalance(ending.table) == 0);
    CHECK(value_of(ending.table, "dropped") == 1);
}

TEST_CASE("a_client_that_asks_much_at_once_is_answered_in_turns") {
    constexpr unsigned at_once = 64;  // messages of one connection, then others have their turn
    constexpr unsigned pings = 4'000;  // what one read can hold
    broker_process broker;
    peer asking(broker.tcp());
    asking.greet();
    peer other(broker.tcp());
    other.send(seed_frame(1, "first", ""));  // so that it is accepted
    CHECK(broker.eventually("filtered", 1) == 1);
    bytes all;
    for (unsigned i = 0; i < pings; ++i) all += ping(i);
    broker.process().signal(SIGSTOP);
    asking.send(all);
    other.send(seed_frame(1, "second", ""));  // the later one, when both are there
    broker.process().signal(SIGCONT);
    unsigned before = 0;
    unsigned disordered = 0;
    pong last;
    for (unsigned i = 0; i < pings; ++i) {
        last = parse_pong(asking.next());
        disordered += last.ref == i ? 0U : 1U;
        before += last.in == 1 ? 1U : 0U;
    }
    CHECK(disordered == 0);
    CHECK(last.in == 2);
    CHECK(before <= 2 * at_once);
}
