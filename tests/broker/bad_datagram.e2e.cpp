// SPDX-License-Identifier: MIT
// Goal: a datagram that is not exactly one frame is dropped, counted by reason and never answered.
// Method: each shape to the UDP port, the counters, a bystander, and the sender's silent socket.
// Cannot show: what was lost on the way to this machine.
#include "dice.hpp"
#include "fixture.hpp"
#include "support/catch.hpp"

#include <signal.h>

using namespace broker::test;

TEST_CASE("a_malformed_datagram_is_dropped_counted_and_not_answered") {
    const bytes good = seed_frame(5, "sensor/temp", "23.5");
    struct {
        const char* what;
        bytes datagram;
        const char* counter;
    } const rows[] = {
        {"bytes behind the frame", good + "x", "malformed_datagram_trailing_bytes"},
        {"two frames", good + good, "malformed_datagram_trailing_bytes"},
        {"a frame cut short", good.substr(0, good.size() - 1), "malformed_datagram_cut_short"},
        {"a length cut short", good.substr(0, 3), "malformed_datagram_cut_short"},
        {"an empty datagram", "", "malformed_datagram_cut_short"},
        {"a length over the limit", u32(65537) + u8(5), "malformed_frame_too_long"},
        {"a length without room", u32(1) + u8(5), "malformed_frame_too_short"},
        {"an empty topic", seed_frame(5, "", "x"), "malformed_topic_empty"},
        {"an over-long topic", seed_frame(5, bytes(256, 't'), ""), "malformed_topic_too_long"},
        {"a topic beyond the frame", framed(u8(5) + u16(9) + "x"), "malformed_topic_beyond_frame"},
        {"a control byte", seed_frame(5, "a\tb", ""), "malformed_topic_control_byte"},
        {"a session message", hello(), "malformed_datagram_opcode"},
        {"a subscription", subscribe(1, ">"), "malformed_datagram_opcode"},
    };
    broker_process broker;
    bystander other(broker);
    datagram_peer sender(broker.udp());
    counters before = broker.table();
    std::uint64_t sent = 0;
    for (const auto& one : rows) {
        INFO(one.what);
        sender.send(one.datagram);
        const std::uint64_t wanted = ++before[one.counter];
        CHECK(broker.eventually(one.counter, wanted) == wanted);
        ++sent;
        CHECK(broker.eventually("dropped_udp_malformed", sent) == sent);
        CHECK(other.is_served());
    }
    CHECK(sender.has_heard_nothing());
    sender.send(good);
    CHECK(broker.eventually("filtered", 1) == 1);  // the good one got through
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    CHECK(value_of(ending.table, "events_in_udp") == sent + 1);
}

TEST_CASE("a_datagram_larger_than_any_frame_is_dropped_and_counted") {
    broker_process broker("limits:\n  frame_bytes_max: 1024\n");
    bystander other(broker);
    datagram_peer sender(broker.udp());
    sender.send(seed_frame(5, "large", bytes(1500, 'x')));
    sender.send(seed_frame(5, "large", bytes(60'000, 'x')));
    CHECK(broker.eventually("dropped_udp_malformed", 2) == 2);
    CHECK(other.is_served());
}

TEST_CASE("garbage_in_datagrams_harms_nobody") {
    dice random("garbage_in_datagrams_harms_nobody");
    broker_process broker;
    bystander other(broker);
    datagram_peer sender(broker.udp());
    constexpr std::uint64_t count = 200;
    for (std::uint64_t i = 0; i < count; ++i) {
        sender.send(random.bytes(random.from_to(0, 2000)));
        if (i % 20 == 19) CHECK(broker.eventually("events_in_udp", i + 1) == i + 1);
    }
    CHECK(other.is_served());
    CHECK(sender.has_heard_nothing());
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
}

TEST_CASE("datagrams_that_the_kernel_dropped_are_counted") {
    broker_process broker;
    bystander other(broker);
    datagram_peer sender(broker.udp());
    const bytes datagram = seed_frame(5, "flood", bytes(1'000, 'x'));
    constexpr std::uint64_t count = 100'000;  // more than any socket buffer holds
    broker.process().signal(SIGSTOP);
    for (std::uint64_t i = 0; i < count; ++i) sender.send(datagram);
    broker.process().signal(SIGCONT);
    CHECK(other.is_served());
    CHECK(broker.falls_to("in_flight", 0));
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    const std::uint64_t lost = value_of(ending.table, "udp_socket_drops");
    CHECK(lost > 0);
    CHECK(value_of(ending.table, "events_in_udp") + lost == count);
}
