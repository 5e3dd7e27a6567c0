// SPDX-License-Identifier: MIT
// Goal: every session message has exactly the bytes of docs/broker/protocol.md, both ways.
// Method: the expected bytes are written a second time through wire.hpp, or in hex; each message
//         is cut at every byte and lengthened by one.
// Cannot show: that a peer means the same by them (session.unit.cpp, the end-to-end tests).
#include "broker/net/protocol.hpp"
#include "broker/core/state.hpp"

#include "support/catch.hpp"
#include "wire.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace broker::test;
namespace net = broker::net;

template <class Message>
std::string encoded(const Message& message) {
    std::string out(net::encoded_bytes(message), '\0');
    const auto room = std::as_writable_bytes(std::span(out));
    const net::encode_outcome result = net::encode(room, message);
    REQUIRE(result.ok());
    REQUIRE(result.bytes == out.size());
    return out;
}

template <class Message>
net::decode_outcome decoded(const std::string& body, Message& out) {
    return net::decode(std::as_bytes(std::span(body)), out);
}

/// One of each, no field zero, no text empty.
const net::hello hello_all{.version = 0x0102, .flags = 3, .client_id = "id", .token = "secret"};
const net::welcome welcome_all{.server_id = "server",
    .session = 1,
    .producer_id = 2,
    .max_frame = 3,
    .credit = 4,
    .features = 5};
const net::sub sub_all{
    .sid = 1, .filter = "a.>", .group = "g", .from = 2, .from_value = 3, .credit = 4, .policy = 5};
const net::pong pong_all{.ref = 1,
    .state = 2,
    .cpu_us = 3,
    .rss_peak_bytes = 4,
    .in = 5,
    .delivered = 6,
    .filtered = 7,
    .dropped = 8,
    .queue_p50_us = 9,
    .queue_p99_us = 10,
    .send_p50_us = 11,
    .send_p99_us = 12};
const net::err err_all{
    .reason = net::err_code::limit, .retry_after_ms = 9, .ref = 10, .text = "why"};
const net::event event_all{.sid = 1,
    .offset = 2,
    .timestamp_ns = 3,
    .priority = 4,
    .attempt = 5,
    .topic = "a/b",
    .payload = {}};

template <class Message>
void is_refused_at_every_cut(const Message& message) {
    const std::string frame = encoded(message);
    for (std::size_t size = 0; size + 5 < frame.size(); ++size) {
        Message out;
        const net::decode_outcome got = decoded(frame.substr(5, size), out);
        CHECK(got.error == net::message_error::cut_short);
        CHECK_FALSE(got.field.empty());
    }
    Message out;
    CHECK(decoded(frame.substr(5), out).ok());
}

template <class Message>
void is_refused_with_a_byte_behind_it(const Message& message) {
    Message out;
    const net::decode_outcome got = decoded(encoded(message).substr(5) + "x", out);
    CHECK(got.error == net::message_error::trailing_bytes);
}

}  // namespace

TEST_CASE("every_message_has_the_bytes_that_the_document_gives_it") {
    CHECK(encoded(net::hello{.client_id = "tester"}) ==
        framed(u8(0x80) + u16(1) + u32(0) + str8("tester") + str16("")));
    CHECK(encoded(welcome_all) ==
        framed(u8(0x81) + str8("server") + u64(1) + u64(2) + u32(3) + u32(4) + u32(5)));
    CHECK(encoded(sub_all) ==
        framed(u8(0x84) + u32(1) + str16("a.>") + str8("g") + u8(2) + u64(3) + u32(4) + u8(5)));
    CHECK(encoded(net::subok{.sid = 7}) == framed(u8(0x85) + u32(7) + u64(0)));
    CHECK(encoded(event_all) ==
        framed(u8(0x86) + u32(1) + u64(2) + u64(3) + u8(4) + u8(5) + str16("a/b")));
    CHECK(encoded(net::unsub{.sid = 7}) == framed(u8(0x8a) + u32(7)));
    CHECK(encoded(net::ping{.ref = 8}) == framed(u8(0x8b) + u64(8)));
    CHECK(encoded(pong_all) ==
        framed(u8(0x8c) + u64(1) + u8(2) + u64(3) + u64(4) + u64(5) + u64(6) + u64(7) + u64(8) +
            u64(9) + u64(10) + u64(11) + u64(12)));
    CHECK(encoded(err_all) == framed(u8(0x8d) + u16(8) + u32(9) + u64(10) + str16("why")));
    CHECK(encoded(net::drain{.grace_ms = 5000}) == framed(u8(0x8e) + u32(5000) + str16("")));
}

TEST_CASE("a_subscription_decodes_to_the_fields_that_were_encoded") {
    net::sub out;
    const std::string body = encoded(sub_all).substr(5);
    REQUIRE(decoded(body, out).ok());
    CHECK(out.sid == 1);
    CHECK(out.filter == "a.>");
    CHECK(out.group == "g");
    CHECK(out.from == 2);
    CHECK(out.from_value == 3);
    CHECK(out.credit == 4);
    CHECK(out.policy == 5);
}

TEST_CASE("texts_and_payload_are_views_into_the_callers_bytes") {
    const std::string body =
        u32(1) + u64(0) + u64(0) + u8(4) + u8(0) + str16("sensor/temp") + "payload";
    net::event out;
    REQUIRE(decoded(body, out).ok());
    CHECK(out.topic == "sensor/temp");
    CHECK(static_cast<const void*>(out.topic.data()) == body.data() + 24);
    CHECK(out.payload.size() == 7);
    CHECK(static_cast<const void*>(out.payload.data()) == body.data() + 35);
}

TEST_CASE("a_message_cut_at_any_byte_is_refused_and_the_field_is_named") {
    is_refused_at_every_cut(hello_all);
    is_refused_at_every_cut(welcome_all);
    is_refused_at_every_cut(sub_all);
    is_refused_at_every_cut(net::subok{});
    is_refused_at_every_cut(event_all);
    is_refused_at_every_cut(net::unsub{});
    is_refused_at_every_cut(net::ping{});
    is_refused_at_every_cut(pong_all);
    is_refused_at_every_cut(err_all);
    is_refused_at_every_cut(net::drain{.grace_ms = 1, .addresses = "x"});
    net::hello out;
    CHECK(decoded(u16(1) + u32(0) + u8(3) + "ab", out).field == "client_id");
}

TEST_CASE("a_message_with_a_byte_behind_its_last_field_is_refused") {
    is_refused_with_a_byte_behind_it(hello_all);
    is_refused_with_a_byte_behind_it(welcome_all);
    is_refused_with_a_byte_behind_it(sub_all);
    is_refused_with_a_byte_behind_it(net::subok{});
    is_refused_with_a_byte_behind_it(net::unsub{});
    is_refused_with_a_byte_behind_it(net::ping{});
    is_refused_with_a_byte_behind_it(pong_all);
    is_refused_with_a_byte_behind_it(err_all);
    is_refused_with_a_byte_behind_it(net::drain{});
}

TEST_CASE("encode_says_which_text_is_too_long_and_writes_nothing_into_a_span_too_small") {
    const std::string long_id(256, 'i');
    std::array<std::byte, 600> room{};
    const auto too_long = net::encode(room, net::hello{.client_id = long_id});
    CHECK(too_long.error == net::message_error::text_too_long);
    CHECK(too_long.field == "client_id");
    CHECK(too_long.bytes == 0);

    const net::ping message{.ref = ~0ULL};
    for (std::size_t size = 0; size < net::encoded_bytes(message); ++size) {
        const auto result = net::encode(std::span(room).first(size), message);
        CHECK(result.error == net::message_error::output_too_small);
    }
    CHECK(room == std::array<std::byte, 600>{});
}

TEST_CASE("a_field_whose_part_is_not_built_in_is_named") {
    CHECK(net::field_not_built_in(net::hello{.client_id = "any"}).empty());
    CHECK(net::field_not_built_in(net::hello{.flags = 1}) == "flags");
    CHECK(net::field_not_built_in(net::hello{.token = "t"}) == "token");
    CHECK(net::field_not_built_in(net::sub{.sid = 9, .filter = "a"}).empty());
    CHECK(net::field_not_built_in(net::sub{.group = "g"}) == "group");
    CHECK(net::field_not_built_in(net::sub{.from = 1}) == "from");
    CHECK(net::field_not_built_in(net::sub{.from_value = 1}) == "from_value");
    CHECK(net::field_not_built_in(net::sub{.credit = 1}) == "credit");
    CHECK(net::field_not_built_in(net::sub{.policy = 1}) == "policy");
}

TEST_CASE("an_event_is_its_head_and_then_the_seed_frames_own_bytes") {
    const std::string seed = seed_frame(5, "sensor/temp", "{\"temp\": 23.5}");
    const std::string tail = seed.substr(net::seed_head_bytes);
    std::array<std::byte, net::event_head_bytes> head{};
    net::encode_event_head(
        head, 0x01020304, 0x1122334455667788, 5, static_cast<std::uint32_t>(tail.size()));
    std::string sent(reinterpret_cast<const char*>(head.data()), head.size());
    sent += tail;

    const std::string payload = "{\"temp\": 23.5}";
    const net::event whole{.sid = 0x01020304,
        .timestamp_ns = 0x1122334455667788,
        .priority = 5,
        .topic = "sensor/temp",
        .payload = std::as_bytes(std::span(payload))};
    CHECK(sent == encoded(whole));
    CHECK(sent.size() == seed.size() + net::event_extra_bytes);
}

TEST_CASE("a_message_is_an_extension_frame_of_the_librarys_codec") {
    const std::string frame = encoded(net::ping{.ref = 3});
    const auto got = lfq::frame_decoder().decode_datagram(std::as_bytes(std::span(frame)));
    REQUIRE(got.error == lfq::frame_error::none);
    CHECK(got.frame.priority == static_cast<std::uint8_t>(net::opcode::ping));
    net::ping out;
    REQUIRE(net::decode(got.frame.payload, out).ok());
    CHECK(out.ref == 3);
}

TEST_CASE("states_have_the_numbers_and_names_that_pong_carries") {
    using broker::core::state;
    CHECK(std::string(to_string(static_cast<state>(0))) == "RUNNING");
    CHECK(std::string(to_string(static_cast<state>(1))) == "PAUSED");
    CHECK(std::string(to_string(static_cast<state>(2))) == "DRAINING");
    CHECK(std::string(to_string(static_cast<state>(3))) == "DROPPING");
    CHECK(std::string(to_string(static_cast<state>(4))) == "EMERGENCY");
    CHECK(std::string(to_string(static_cast<state>(5))) == "UNKNOWN");
}
