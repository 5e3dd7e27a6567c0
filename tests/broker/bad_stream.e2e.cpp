// SPDX-License-Identifier: MIT
// Goal: bytes on a TCP connection that are no frames end that connection and nothing else.
// Method: each row of the bad-input table over a real socket, once as a seed publisher, which may
// not hear a byte, and once as a client that said hello, which is told; then the counter by reason,
// and a bystander who must still be served. Garbage is random: LFQ_SEED repeats a run.
// Cannot show: what a fuzzer finds in the decoder itself.
#include "dice.hpp"
#include "fixture.hpp"
#include "support/catch.hpp"

#include <string>

using namespace broker::test;

namespace {

struct row {
    const char* what;
    bytes sent;
    const char* reason;
};

std::vector<row> rows() {
    return {
        {"a length of zero", u32(0), "frame_too_short"},
        {"a length without room for the header", u32(2) + u8(5) + u8(0), "frame_too_short"},
        {"a length over the limit", u32(65537) + u8(5), "frame_too_long"},
        {"the largest length there is", u32(0xffffffff) + u8(5), "frame_too_long"},
        {"a topic that ends behind its frame", framed(u8(5) + u16(9) + "short"),
            "topic_beyond_frame"},
        {"an empty topic", seed_frame(5, "", "payload"), "topic_empty"},
        {"an over-long topic", seed_frame(5, std::string(256, 't'), ""), "topic_too_long"},
        {"a line end in the topic", seed_frame(5, "a\nb", ""), "topic_control_byte"},
        {"a zero byte in the topic", seed_frame(5, std::string("a\0b", 3), ""),
            "topic_control_byte"},
        {"a delete byte in the topic", seed_frame(5, "a\x7f", ""), "topic_control_byte"},
        {"a web browser", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "frame_too_long"},
    };
}

}  // namespace

TEST_CASE("a_malformed_frame_ends_a_seed_publisher_without_a_word") {
    broker_process broker;
    bystander other(broker);
    counters before = broker.table();
    for (const row& one : rows()) {
        INFO(one.what);
        peer bad(broker.tcp());
        bad.send(seed_frame(1, "good/before", "") + one.sent);
        CHECK(bad.was_closed());
        CHECK(bad.farewell().empty());
        const std::string counter = std::string("malformed_") + one.reason;
        const std::uint64_t wanted = value_of(before, counter) + 1;
        CHECK(broker.eventually(counter, wanted) == wanted);
        before[counter] = wanted;
        CHECK(other.is_served());
    }
    CHECK(broker.eventually("connections_closed_malformed", rows().size()) == rows().size());
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    CHECK(value_of(ending.table, "events_in_tcp") == 2 * rows().size());  // the good ones counted
}

TEST_CASE("a_malformed_frame_is_answered_when_hello_was_said_and_ends_the_connection") {
    broker_process broker;
    bystander other(broker);
    for (const row& one : rows()) {
        INFO(one.what);
        peer bad(broker.tcp());
        bad.greet().watch(1, "whatever");
        bad.send(one.sent);
        CHECK(bad.was_closed());
        REQUIRE(bad.farewell().size() == 1);
        CHECK(bad.farewell()[0].op == op_error);
        CHECK(parse_refusal(bad.farewell()[0]).code == err_malformed);
        CHECK(other.is_served());
    }
}

TEST_CASE("a_stream_cut_inside_a_frame_is_no_event") {
    broker_process broker;
    bystander other(broker);
    const bytes whole = seed_frame(5, "cut/short", "payload");
    std::uint64_t orderly = 0;  // a reset takes back what the broker has not read
    for (std::size_t size = 1; size < whole.size(); ++size) {
        peer bad(broker.tcp());
        bad.send(std::string_view(whole).substr(0, size));
        if (size % 2 == 0) {
            bad.reset();
        } else {
            ++orderly;
        }
    }
    CHECK(other.is_served());
    CHECK(broker.eventually("malformed_stream_cut_short", orderly) == orderly);
    CHECK(broker.eventually("connections_open", 2) == 2);  // the bystander's
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(value_of(ending.table, "events_in_tcp") == 1);
}

TEST_CASE("garbage_ends_its_connection_only") {
    dice random("garbage_ends_its_connection_only");
    broker_process broker;
    bystander other(broker);
    for (int round = 0; round < 60; ++round) {
        bytes garbage = random.bytes(random.from_to(1, 5000));
        if (round % 2 == 1) {  // a plausible length in front
            garbage = u32(static_cast<std::uint32_t>(random.from_to(0, 300))) + garbage;
        }
        peer bad(broker.tcp());
        if (round % 3 == 0) bad.greet();
        bad.send(garbage);
        bad.finish();
        CHECK(bad.was_closed());
    }
    CHECK(other.is_served());
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
}
