// SPDX-License-Identifier: MIT
// Goal: a session answers any conversation as docs/broker/protocol.md says, message by message.
// Feeds: subscriptions_max (1 byte, 0…3), size of the server id (1), then records: kind (1), size
//        (1, from 0xf0 on in steps of 16 bytes), and so many bytes. A kind from 0x80 on is an
//        opcode with its body; 0 to 3 are what else can happen to a connection; another one is an
//        event.
// Promises: every action is the model's (session_model.hpp), which reads bytes by itself: its kind,
//           why it closes, sid, filter, ref; a reply is one well-formed frame that lies in the room
//           given, carries the code and ref of the page and a text without control bytes; nothing
//           is said before hello; the subscriptions are those taken and not given back.
// Cannot show: that replies are sent and subscriptions kept (end-to-end tests).
#include "broker/net/session.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/session_model.hpp"

#include <string>

namespace {

using fuzz::byte_span;
using fuzz::byte_vector;
using fuzz::require;
namespace net = broker::net;

/// The reply's opcode and body; checks the frame around them.
byte_span body_of(byte_span reply, std::uint8_t opcode) {
    const auto result = lfq::frame_decoder().decode_datagram(reply);
    require(result.error == lfq::frame_error::none, "a reply is one whole frame");
    require(result.frame.priority == opcode, "a reply is the message expected");
    return result.frame.payload;
}

void is_err(byte_span reply, const session_model::answer& expected) {
    const std::string_view body = fuzz::text_of(body_of(reply, 0x8d));
    require(body.size() > 16, "an ERR has all its fields");
    const session_model::reader fields(body);
    require(fields.at(0, 2) == expected.code, "an ERR has the code of the page");
    require(fields.at(2, 4) == 0, "an ERR has no time to retry");
    require(fields.at(6, 8) == expected.ref, "an ERR has the ref of the page");
    require(fields.at(14, 2) == body.size() - 16, "an ERR ends with its text");
    require(
        std::none_of(body.begin() + 16, body.end(), [](char c) { return c < 0x20 || c > 0x7e; }),
        "an ERR's text is plain");
}

void is_welcome(byte_span reply, std::string_view server_id) {
    const std::string_view body = fuzz::text_of(body_of(reply, 0x81));
    require(body.size() == 1 + server_id.size() + 28, "a WELCOME has all its fields");
    require(body.substr(1, server_id.size()) == server_id, "a WELCOME names the server");
    const session_model::reader rest(body.substr(1 + server_id.size()));
    require(
        rest.at(0, 8) == 77 && rest.at(8, 8) == 0, "a WELCOME has the session, and no producer");
    require(rest.at(16, 4) == 65'536 && rest.at(20, 8) == 0, "a WELCOME has the largest frame");
}

void is_drain(byte_span reply) {
    const session_model::reader fields(fuzz::text_of(body_of(reply, 0x8e)));
    require(fields.size() == 6 && fields.at(0, 4) == 5'000 && fields.at(4, 2) == 0,
        "a DRAIN has the grace, and no addresses");
}

void is_as_expected(const net::action& got, const session_model::answer& expected, byte_span room,
    std::string_view server_id) {
    require(got.kind == expected.kind, "the kind of action is the model's");
    if (expected.kind == net::action_kind::close) {
        require(got.closed == expected.closed, "the close reason is the model's");
        if (expected.closed == net::close_reason::malformed)
            require(got.why == expected.why, "what was malformed is the model's");
    }
    require(got.sid == expected.sid, "the sid is the model's");
    require(got.filter == expected.filter, "the filter is the model's");
    require(got.kind != net::action_kind::pong || got.ref == expected.ref, "PONG has PING's ref");
    require(got.reply.empty() ||
            (got.reply.data() >= room.data() &&
                got.reply.data() + got.reply.size() <= room.data() + room.size()),
        "a reply lies in the room");
    switch (expected.says) {
        case session_model::reply::nothing: require(got.reply.empty(), "nothing is said"); break;
        case session_model::reply::error: is_err(got.reply, expected); break;
        case session_model::reply::welcome: is_welcome(got.reply, server_id); break;
        case session_model::reply::drain: is_drain(got.reply); break;
    }
}

std::size_t take_size(fuzz::input& in) {
    const std::size_t size = in.number<std::uint8_t>();
    return size < 0xf0 ? size : 0xf0 + (size - 0xf0) * 16;
}

/// The record as a frame on the wire, found again by the library's decoder.
class wire_frame {
public:
    wire_frame(std::uint8_t kind, byte_span body) {
        const bool event = kind < 0x80;
        const std::size_t length = 1 + (event ? 3 : 0) + body.size();
        for (const std::size_t shift : {24U, 16U, 8U, 0U})
            bytes_.push_back(static_cast<std::byte>(length >> shift & 0xffU));
        bytes_.push_back(static_cast<std::byte>(kind));
        if (event) bytes_.insert(bytes_.end(), {std::byte{0}, std::byte{1}, std::byte{'t'}});
        bytes_.insert(bytes_.end(), body.begin(), body.end());
        bytes_.shrink_to_fit();
    }
    [[nodiscard]] lfq::frame found() const {
        const auto result = lfq::frame_decoder().decode_datagram(bytes_);
        require(result.error == lfq::frame_error::none, "a record is a frame");
        return result.frame;
    }

private:
    byte_vector bytes_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const auto subscriptions_max = in.number<std::uint8_t>() % 4U;
    const std::string server_id(in.number<std::uint8_t>(), 's');
    const net::session_limits limits{
        .server_id = server_id, .subscriptions_max = subscriptions_max};
    net::session session(limits, 77);
    session_model::conversation model(subscriptions_max);
    byte_vector room(net::reply_bytes_max);

    while (!in.empty()) {
        const auto kind = in.number<std::uint8_t>();
        const byte_span body = in.take(take_size(in));
        const wire_frame frame(kind, body);
        net::action got;
        switch (kind) {
            case 0: got = session.on_drain(5'000, room); break;
            case 1: got = session.on_idle_frame(room); break;
            case 2: got = session.on_slow_consumer(room); break;
            case 3: got = session.on_malformed(net::malformed::topic_control_byte, room); break;
            default: got = session.on_frame(frame.found(), room);
        }
        is_as_expected(got, model.hear(kind, fuzz::text_of(body)), room, server_id);
        const auto held = session.subscriptions();
        require(
            std::is_permutation(held.begin(), held.end(), model.sids().begin(), model.sids().end()),
            "the subscriptions are the model's");
        require(session.hello_said() == model.hello_said(), "hello was said or not");
        if (got.kind == net::action_kind::close) break;
    }
    return 0;
}
