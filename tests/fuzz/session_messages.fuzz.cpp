// SPDX-License-Identifier: MIT
// Goal: the body of every message of the session protocol is read and written as the page says.
// Feeds: the body of a message, given to each of the ten.
// Promises: what is accepted, and the field where the rest goes wrong, is what a walk over the
//           layouts below finds; texts and payloads are views into the body; encode(decode(x)) is
//           x, of the size told before, and does not fit into one byte less; the short way to write
//           the head of an EVENT gives the same bytes as the long one.
// Cannot show: that a message means something (session_protocol.fuzz.cpp).
#include "broker/net/protocol.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/session_model.hpp"

#include <algorithm>
#include <array>

namespace {

using fuzz::byte_span;
using fuzz::byte_vector;
using fuzz::require;
namespace net = broker::net;

/// Of docs/broker/protocol.md. A kind is a number's size, or a text's with `s` before it; `*` is
/// the rest.
struct field {
    const char* name;
    char kind;
};
constexpr char str8 = 's';
constexpr char str16 = 'S';
constexpr char rest = '*';

template <class Message>
constexpr std::array<field, 0> layout{};
template <>
constexpr std::array layout<net::hello>{
    field{"version", 2}, field{"flags", 4}, field{"client_id", str8}, field{"token", str16}};
template <>
constexpr std::array layout<net::welcome>{field{"server_id", str8}, field{"session", 8},
    field{"producer_id", 8}, field{"max_frame", 4}, field{"credit", 4}, field{"features", 4}};
template <>
constexpr std::array layout<net::sub>{field{"sid", 4}, field{"filter", str16}, field{"group", str8},
    field{"from", 1}, field{"from_value", 8}, field{"credit", 4}, field{"policy", 1}};
template <>
constexpr std::array layout<net::subok>{field{"sid", 4}, field{"start_offset", 8}};
template <>
constexpr std::array layout<net::event>{field{"sid", 4}, field{"offset", 8},
    field{"timestamp_ns", 8}, field{"priority", 1}, field{"attempt", 1}, field{"topic", str16},
    field{"payload", rest}};
template <>
constexpr std::array layout<net::unsub>{field{"sid", 4}};
template <>
constexpr std::array layout<net::ping>{field{"ref", 8}};
template <>
constexpr std::array layout<net::pong>{field{"ref", 8}, field{"state", 1}, field{"cpu_us", 8},
    field{"rss_peak_bytes", 8}, field{"in", 8}, field{"delivered", 8}, field{"filtered", 8},
    field{"dropped", 8}, field{"queue_p50_us", 8}, field{"queue_p99_us", 8},
    field{"send_p50_us", 8}, field{"send_p99_us", 8}};
template <>
constexpr std::array layout<net::err>{
    field{"code", 2}, field{"retry_after_ms", 4}, field{"ref", 8}, field{"text", str16}};
template <>
constexpr std::array layout<net::drain>{field{"grace_ms", 4}, field{"addresses", str16}};

std::size_t size_of(const field& one, std::string_view body, std::size_t at) {
    const session_model::reader in(body);
    switch (one.kind) {
        case str8: return 1 + in.at(at, 1);
        case str16: return 2 + in.at(at, 2);
        case rest: return body.size() - at;
        default: return static_cast<std::size_t>(one.kind);
    }
}

template <class Message>
net::decode_outcome expected_outcome(std::string_view body) {
    std::size_t at = 0;
    for (const field& one : layout<Message>) {
        const std::size_t size = size_of(one, body, at);
        if (size > body.size() - at) return {net::message_error::cut_short, one.name};
        at += size;
    }
    if (at != body.size()) return {net::message_error::trailing_bytes, "end"};
    return {};
}

bool lies_in(std::string_view view, std::string_view body) {
    return view.empty() ||
        (view.data() >= body.data() && view.data() + view.size() <= body.data() + body.size());
}

template <class Message>
void views_lie_in(const Message& m, std::string_view body) {
    bool holds = true;
    if constexpr (requires { m.client_id; })
        holds = lies_in(m.client_id, body) && lies_in(m.token, body);
    if constexpr (requires { m.server_id; }) holds = lies_in(m.server_id, body);
    if constexpr (requires { m.filter; }) holds = lies_in(m.filter, body) && lies_in(m.group, body);
    if constexpr (requires { m.topic; })
        holds = lies_in(m.topic, body) && lies_in(fuzz::text_of(m.payload), body);
    if constexpr (requires { m.text; }) holds = lies_in(m.text, body);
    if constexpr (requires { m.addresses; }) holds = lies_in(m.addresses, body);
    require(holds, "texts and payload are views into the body");
}

template <class Message>
void decode_and_encode(byte_span body) {
    Message message;
    const auto got = net::decode(body, message);
    const auto expected = expected_outcome<Message>(fuzz::text_of(body));
    require(got.error == expected.error, "a body is read or refused as its layout says");
    require(got.field == expected.field, "the field where it went wrong is named");
    if (!got.ok()) return;
    views_lie_in(message, fuzz::text_of(body));

    require(net::encoded_bytes(message) == 5 + body.size(), "encoded_bytes tells the size");
    byte_vector wire(5 + body.size());
    const auto written = net::encode(wire, message);
    require(written.ok() && written.bytes == wire.size(), "encode writes the whole frame");
    require(fuzz::same(byte_span(wire).subspan(5), body), "encode(decode(x)) is x");
    const session_model::reader head(fuzz::text_of(wire));
    require(head.at(0, 4) == 1 + body.size(), "the length counts what follows it");
    require(head.at(4, 1) == static_cast<std::uint8_t>(Message::code), "the opcode is written");
    wire.pop_back();
    wire.shrink_to_fit();
    const auto refused = net::encode(wire, message);
    require(refused.error == net::message_error::output_too_small && refused.bytes == 0,
        "a frame does not fit into one byte less");
}

/// A delivery: 27 new bytes, then the publisher's own.
void deliver(byte_span body) {
    net::event event;
    if (!net::decode(body, event).ok()) return;
    event.offset = 0;
    event.attempt = 0;
    const auto tail_bytes =
        static_cast<std::uint32_t>(2 + event.topic.size() + event.payload.size());
    byte_vector quick(net::event_head_bytes + tail_bytes);
    net::encode_event_head(std::span(quick).first<net::event_head_bytes>(), event.sid,
        event.timestamp_ns, event.priority, tail_bytes);
    const byte_span tail = body.last(tail_bytes);
    std::copy(tail.begin(), tail.end(), quick.begin() + net::event_head_bytes);
    byte_vector slow(net::encoded_bytes(event));
    require(net::encode(slow, event).ok(), "an EVENT that was decoded can be encoded");
    require(quick == slow, "both ways to write an EVENT give the same bytes");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const byte_vector body = fuzz::exactly(std::as_bytes(std::span(data, size)));
    decode_and_encode<net::hello>(body);
    decode_and_encode<net::welcome>(body);
    decode_and_encode<net::sub>(body);
    decode_and_encode<net::subok>(body);
    decode_and_encode<net::event>(body);
    decode_and_encode<net::unsub>(body);
    decode_and_encode<net::ping>(body);
    decode_and_encode<net::pong>(body);
    decode_and_encode<net::err>(body);
    decode_and_encode<net::drain>(body);
    deliver(body);
    return 0;
}
