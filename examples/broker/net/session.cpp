// SPDX-License-Identifier: MIT
#include "broker/net/session.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace broker::net {

namespace {

/// A sentence put together in fixed memory, cut at its end if it must.
class sentence {
public:
    template <class... Parts>
    explicit sentence(const Parts&... parts) noexcept {
        (append(parts), ...);
    }
    [[nodiscard]] std::string_view text() const noexcept { return {chars_.data(), size_}; }

private:
    void append(std::string_view part) noexcept {
        const std::size_t size = std::min(part.size(), chars_.size() - size_);
        std::memcpy(chars_.data() + size_, part.data(), size);
        size_ += size;
    }

    std::array<char, 200> chars_;
    std::size_t size_ = 0;
};

template <wire_message Message>
std::span<const std::byte> written(std::span<std::byte> room, const Message& message) noexcept {
    return room.first(encode(room, message).bytes);
}

action error_reply(
    std::span<std::byte> room, err_code code, std::uint64_t ref, std::string_view text) noexcept {
    const err message{.reason = code, .retry_after_ms = 0, .ref = ref, .text = text};
    return {.kind = action_kind::reply, .reply = written(room, message)};
}

action closing(close_reason reason, action with = {}) noexcept {
    with.kind = action_kind::close;
    with.closed = reason;
    return with;
}

std::string_view name_of(std::uint8_t code) noexcept {
    switch (static_cast<opcode>(code)) {
        case opcode::hello: return "HELLO";
        case opcode::welcome: return "WELCOME";
        case opcode::pub: return "PUB";
        case opcode::puback: return "PUBACK";
        case opcode::sub: return "SUB";
        case opcode::subok: return "SUBOK";
        case opcode::event: return "EVENT";
        case opcode::ack: return "ACK";
        case opcode::nack: return "NACK";
        case opcode::credit: return "CREDIT";
        case opcode::unsub: return "UNSUB";
        case opcode::ping: return "PING";
        case opcode::pong: return "PONG";
        case opcode::err: return "ERR";
        case opcode::drain: return "DRAIN";
        case opcode::redirect: return "REDIRECT";
    }
    return "this opcode";
}

}  // namespace

action session::on_message(const lfq::frame& frame, std::span<std::byte> room) {
    const auto code = static_cast<opcode>(frame.priority);
    if (code == opcode::hello) return on_hello(frame.payload, room);
    if (!hello_said_) return on_malformed(malformed::before_hello, room);
    if (code == opcode::sub) return on_sub(frame.payload, room);
    if (code == opcode::unsub) return on_unsub(frame.payload, room);
    if (code == opcode::ping) return on_ping(frame.payload, room);
    const sentence text(name_of(frame.priority), " from a client is not built in");
    return error_reply(room, err_code::unsupported, frame.priority, text.text());
}

action session::on_hello(std::span<const std::byte> body, std::span<std::byte> room) {
    hello message;
    if (const decode_outcome got = decode(body, message); !got.ok()) {
        return on_bad_body(opcode::hello, got, room);
    }
    constexpr auto ref = static_cast<std::uint64_t>(opcode::hello);
    if (hello_said_) {
        return error_reply(room, err_code::repeated_hello, ref, "HELLO was said before");
    }
    if (message.version != protocol_version) {
        return closing(close_reason::hello_refused,
            error_reply(room, err_code::version, ref, "HELLO: version: only 1 is built in"));
    }
    if (const std::string_view field = field_not_built_in(message); !field.empty()) {
        const sentence text("HELLO: ", field, ": not built in, expected zero or empty");
        return closing(close_reason::hello_refused,
            error_reply(room, err_code::field_not_built_in, ref, text.text()));
    }
    if (draining_) {
        return closing(close_reason::draining,
            error_reply(room, err_code::draining, ref, "HELLO: the broker is draining"));
    }
    hello_said_ = true;
    const welcome reply{.server_id = limits_->server_id,
        .session = id_,
        .producer_id = 0,
        .max_frame = limits_->frame_bytes_max,
        .credit = 0,
        .features = 0};
    return {.kind = action_kind::welcome, .reply = written(room, reply)};
}

action session::on_sub(std::span<const std::byte> body, std::span<std::byte> room) {
    sub message;
    if (const decode_outcome got = decode(body, message); !got.ok()) {
        return on_bad_body(opcode::sub, got, room);
    }
    if (const std::string_view field = field_not_built_in(message); !field.empty()) {
        const sentence text("SUB: ", field, ": not built in, expected zero or empty");
        return error_reply(room, err_code::field_not_built_in, message.sid, text.text());
    }
    if (draining_) {
        return error_reply(room, err_code::draining, message.sid, "SUB: the broker is draining");
    }
    if (const auto error = core::check_filter(message.filter); error != core::filter_error::none) {
        const sentence text("SUB: filter: ", core::to_string(error));
        return error_reply(room, err_code::bad_filter, message.sid, text.text());
    }
    if (std::find(sids_.begin(), sids_.end(), message.sid) != sids_.end()) {
        return error_reply(room, err_code::duplicate_sid, message.sid, "SUB: sid: in use");
    }
    if (sids_.size() >= limits_->subscriptions_max) {
        return error_reply(
            room, err_code::limit, message.sid, "SUB: this connection has subscriptions_max");
    }
    sids_.push_back(message.sid);
    return {.kind = action_kind::subscribe, .sid = message.sid, .filter = message.filter};
}

action session::on_unsub(std::span<const std::byte> body, std::span<std::byte> room) {
    unsub message;
    if (const decode_outcome got = decode(body, message); !got.ok()) {
        return on_bad_body(opcode::unsub, got, room);
    }
    const auto found = std::find(sids_.begin(), sids_.end(), message.sid);
    if (found == sids_.end()) {
        return error_reply(room, err_code::unknown_sid, message.sid, "UNSUB: sid: not in use");
    }
    sids_.erase(found);
    return {.kind = action_kind::unsubscribe, .sid = message.sid};
}

action session::on_ping(std::span<const std::byte> body, std::span<std::byte> room) const {
    ping message;
    if (const decode_outcome got = decode(body, message); !got.ok()) {
        return on_bad_body(opcode::ping, got, room);
    }
    return {.kind = action_kind::pong, .ref = message.ref};
}

action session::on_bad_body(
    opcode code, const decode_outcome& got, std::span<std::byte> room) const noexcept {
    action answer;
    if (hello_said_) {
        const auto number = static_cast<std::uint8_t>(code);
        const sentence text(name_of(number), ": ", got.field, ": ", to_string(got.error));
        answer = error_reply(room, err_code::malformed, number, text.text());
    }
    answer.why = got.error == message_error::cut_short ? malformed::message_cut_short
                                                       : malformed::message_trailing_bytes;
    return closing(close_reason::malformed, answer);
}

action session::on_malformed(malformed reason, std::span<std::byte> room) const noexcept {
    action answer;
    if (hello_said_) answer = error_reply(room, err_code::malformed, 0, to_string(reason));
    answer.why = reason;
    return closing(close_reason::malformed, answer);
}

action session::on_idle_frame(std::span<std::byte> room) const noexcept {
    if (!hello_said_) return closing(close_reason::idle_frame);
    return closing(close_reason::idle_frame,
        error_reply(room, err_code::limit, 0, "half a frame was held to idle_frame_ms"));
}

action session::on_slow_consumer(std::span<std::byte> room) const noexcept {
    if (!hello_said_) return closing(close_reason::slow_consumer);
    return closing(close_reason::slow_consumer,
        error_reply(room, err_code::slow_consumer, 0, "pending bytes exceed outbox_bytes_max"));
}

action session::on_drain(std::uint32_t grace_ms, std::span<std::byte> room) noexcept {
    draining_ = true;
    if (!hello_said_) return {};
    return {.kind = action_kind::reply,
        .reply = written(room, drain{.grace_ms = grace_ms, .addresses = {}})};
}

}  // namespace broker::net
