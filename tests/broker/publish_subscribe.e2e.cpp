// SPDX-License-Identifier: MIT
// Goal: what is published over a socket arrives at exactly the subscribers that asked for it.
// Method: the broker as a process; peers that write and read the wire byte by byte.
// Cannot show: how it behaves under load (lfqctl.e2e) or when the input is bad (bad_*.e2e).
#include "fixture.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

using namespace broker::test;

namespace {

std::vector<std::string> topics_of(const std::vector<event>& events) {
    std::vector<std::string> out;
    for (const auto& one : events) out.push_back(one.topic);
    return out;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

}  // namespace

TEST_CASE("an_event_published_over_tcp_arrives_as_it_was_sent") {
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(7, "sensor.>");
    peer publisher(broker.tcp());
    const std::string payload("{\"temp\": 23.5}\0\xff", 16);
    publisher.send(seed_frame(5, "sensor/temp", payload));

    const event got = subscriber.next_event();
    CHECK(got.sid == 7);
    CHECK(got.priority == 5);
    CHECK(got.topic == "sensor/temp");
    CHECK(got.payload == payload);
    CHECK(got.ts > 1'700'000'000'000'000'000U);  // nanoseconds since the epoch
    CHECK(publisher.has_heard_nothing());
}

TEST_CASE("an_event_published_by_datagram_arrives_as_it_was_sent") {
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "sensor.temp");
    datagram_peer publisher(broker.udp());
    publisher.send(seed_frame(127, "sensor/temp", "over udp"));

    const event got = subscriber.next_event();
    CHECK(got.priority == 127);
    CHECK(got.topic == "sensor/temp");
    CHECK(got.payload == "over udp");
    CHECK(broker.eventually("delivered", 1) == 1);
    CHECK(publisher.has_heard_nothing());
}

TEST_CASE("a_filter_lets_through_what_it_names_and_nothing_else") {
    broker_process broker;
    peer publisher(broker.tcp());
    const std::vector<std::string> all{"a", "a/b", "a.b", "a/c", "a/b/c", "b/b", "x/b", "end"};
    const auto seen_by = [&](std::string_view filter) {
        peer subscriber(broker.tcp());
        subscriber.greet().watch(1, filter).watch(2, "end");
        for (const auto& topic : all) publisher.send(seed_frame(1, topic, ""));
        std::vector<event> events;
        do {
            events.push_back(subscriber.next_event());
        } while (events.back().sid != 2);
        events.pop_back();
        return topics_of(events);
    };
    using topics = std::vector<std::string>;
    CHECK(seen_by("a.b") == topics{"a/b", "a.b"});
    CHECK(seen_by("a/*") == topics{"a/b", "a.b", "a/c"});
    CHECK(seen_by("a.>") == topics{"a/b", "a.b", "a/c", "a/b/c"});
    CHECK(seen_by("*.b") == topics{"a/b", "a.b", "b/b", "x/b"});
    CHECK(seen_by("*/b/c") == topics{"a/b/c"});
    CHECK(seen_by("nothing.like.it").empty());
}

TEST_CASE("events_of_one_connection_arrive_in_order_and_once") {
    // The threads that few cpus get, and those that many get.
    const char* const threads =
        GENERATE("", "--net-threads=2", "--workers=2", "--net-threads=3 --workers=3");
    INFO("threads: " << threads);
    broker_process broker("", words_of(threads));
    constexpr std::size_t connections = 3;
    const std::size_t count = sanitized ? 2'000 : 20'000;
    std::vector<peer> subscribers;
    for (std::uint32_t i = 0; i < 3; ++i) {
        subscribers.emplace_back(broker.tcp()).greet().watch(i, "order.>");
    }
    std::vector<peer> publishers;
    for (std::size_t i = 0; i < connections; ++i) publishers.emplace_back(broker.tcp());
    constexpr std::size_t at_once = 100;
    for (std::size_t sent = 0; sent < count; sent += at_once) {
        for (std::size_t i = 0; i < connections; ++i) {
            std::string batch;
            for (std::size_t k = sent; k < sent + at_once; ++k) {
                batch += seed_frame(3, "order/" + std::to_string(i), std::to_string(k));
            }
            publishers[i].send(batch);
        }
    }
    for (peer& subscriber : subscribers) {
        std::vector<std::size_t> next(connections);
        std::size_t wrong = 0;
        for (const event& one : subscriber.next_events(connections * count)) {
            const auto from = static_cast<std::size_t>(one.topic.back() - '0');
            if (one.payload != std::to_string(next.at(from)++)) ++wrong;
        }
        CHECK(wrong == 0);
        CHECK(next == std::vector<std::size_t>(connections, count));
    }
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
}

TEST_CASE("each_subscriber_gets_its_own_copy") {
    broker_process broker;
    peer first(broker.tcp());
    peer second(broker.tcp());
    first.greet().watch(1, "both.>");
    second.greet().watch(9, "both.*");
    peer publisher(broker.tcp());
    for (int i = 0; i < 100; ++i) publisher.send(seed_frame(1, "both/x", std::to_string(i)));
    for (peer* one : {&first, &second}) {
        const auto events = one->next_events(100);
        CHECK(events.back().payload == "99");
        CHECK(events.back().sid == (one == &first ? 1U : 9U));
    }
    CHECK(broker.eventually("delivered", 100) == 100);
    CHECK(broker.eventually("deliveries", 200) == 200);
}

TEST_CASE("nothing_comes_after_unsubscribe") {
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "news").watch(2, "end");
    peer publisher(broker.tcp());
    publisher.send(seed_frame(1, "news", "old"));
    CHECK(subscriber.next_event().payload == "old");

    subscriber.send(unsubscribe(1));
    CHECK(subscriber.state().ref == 77);  // answered behind the unsubscription
    publisher.send(seed_frame(1, "news", "new") + seed_frame(1, "end", ""));
    CHECK(subscriber.next_event().topic == "end");
    CHECK(broker.eventually("filtered", 1) == 1);

    subscriber.watch(1, "news");  // the number may be used again
    publisher.send(seed_frame(1, "news", "again"));
    CHECK(subscriber.next_event().payload == "again");
}

TEST_CASE("both_sides_may_come_back") {
    broker_process broker;
    for (int round = 0; round < 3; ++round) {
        peer subscriber(broker.tcp());
        subscriber.greet().watch(1, "again");
        peer publisher(broker.tcp());
        publisher.send(seed_frame(1, "again", std::to_string(round)));
        publisher.finish();
        CHECK(subscriber.next_event().payload == std::to_string(round));
        if (round == 1) subscriber.reset();
    }
    CHECK(broker.eventually("connections_open", 0) == 0);
    CHECK(broker.eventually("subscriptions_open", 0) == 0);
    CHECK(broker.falls_to("slabs_taken", 2));  // nothing is held for those who left
}

TEST_CASE("a_subscriber_may_publish_too") {
    broker_process broker;
    peer both(broker.tcp());
    both.greet().watch(1, "echo");
    both.send(seed_frame(0, "echo", "to myself"));
    const event got = both.next_event();
    CHECK(got.payload == "to myself");
    CHECK(got.priority == 0);
}

TEST_CASE("a_frame_of_the_largest_size_arrives_whole") {
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "large");
    peer publisher(broker.tcp());
    std::string payload(65536 - 3 - 5, 'x');
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>('a' + i % 23);
    constexpr int count = 12;  // more than a slab holds, so that frames are cut at a slab's end
    for (int i = 0; i < count; ++i) publisher.send(seed_frame(1, "large", payload));
    const auto events = subscriber.next_events(count);
    CHECK(std::all_of(
        events.begin(), events.end(), [&](const event& one) { return one.payload == payload; }));
}

TEST_CASE("a_frame_may_come_one_byte_at_a_time") {
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "slowly");
    peer publisher(broker.tcp());
    for (const char one : seed_frame(1, "slowly", "bit by bit")) publisher.send({&one, 1});
    CHECK(subscriber.next_event().payload == "bit by bit");
}

TEST_CASE("pong_tells_state_cost_and_books") {
    broker_process broker;
    peer asking(broker.tcp());
    asking.greet();
    peer publisher(broker.tcp());
    publisher.send(seed_frame(1, "nobody/asked", ""));
    CHECK(broker.eventually("filtered", 1) == 1);
    const pong now = asking.state();
    CHECK(now.ref == 77);
    CHECK(now.state == 0);  // RUNNING
    CHECK(now.rss_peak_bytes > 0);
    CHECK(now.in == 1);
    CHECK(now.filtered == 1);
    CHECK(now.delivered == 0);
    CHECK(now.dropped == 0);
}

TEST_CASE("pong_tells_how_long_events_take_as_the_table_does") {
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "timed");
    peer publisher(broker.tcp());
    // They are received together, and the last are in the queue when all are looked at: that takes
    // longer than a microsecond, which a single event need not.
    constexpr std::size_t count = 2'000;
    bytes all;
    for (std::size_t i = 0; i < count; ++i) all += seed_frame(1, "timed", std::to_string(i));
    publisher.send(all);
    CHECK(subscriber.next_events(count).back().payload == std::to_string(count - 1));
    const pong now = broker.pong_with_times();
    CHECK(now.queue_p99_us > 0);
    CHECK(now.queue_p50_us <= now.queue_p99_us);
    CHECK(now.send_p99_us > 0);
    CHECK(now.send_p50_us <= now.send_p99_us);
}

TEST_CASE("a_client_that_half_closes_has_left") {
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "half");
    peer other(broker.tcp());
    other.greet().watch(1, "half");
    subscriber.send(seed_frame(1, "half", "its last"));
    subscriber.finish();
    CHECK(other.next_event().payload == "its last");  // what it had sent is read
    CHECK(subscriber.was_closed());
    CHECK(broker.eventually("connections_closed_peer_closed", 1) == 1);
    CHECK(broker.eventually("subscriptions_open", 1) == 1);
    const auto ending = broker.stop();
    CHECK(imbalance(ending.table) == 0);
}
