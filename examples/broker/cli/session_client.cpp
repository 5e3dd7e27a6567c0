// SPDX-License-Identifier: MIT
#include "broker/cli/session_client.hpp"

#include <array>

namespace broker::cli {

namespace {

using clock = std::chrono::steady_clock;

template <class Message>
Message parsed(const lfq::frame& frame, const endpoint& from) {
    Message message;
    const net::decode_outcome outcome = net::decode(frame.payload, message);
    if (!outcome.ok()) {
        throw failure(exit_code::unavailable,
            to_string(from) + " sent a message with a bad field: " + std::string(outcome.field));
    }
    return message;
}

}  // namespace

session_client::session_client(
    const endpoint& where, std::string_view name, std::chrono::milliseconds patience)
    : socket_(where, transport::tcp, patience), reader_(socket_), patience_(patience) {
    say(net::hello{.client_id = name, .token = {}});
    wait_for(net::opcode::welcome);
}

void session_client::subscribe(
    std::uint32_t sid, std::string_view filter, const event_sink& meanwhile) {
    say(net::sub{.sid = sid, .filter = filter, .group = {}});
    wait_for(net::opcode::subok, meanwhile);
}

net::pong session_client::ping() {
    say(net::ping{.ref = 1});
    wait_for(net::opcode::pong);
    return pong_;
}

template <class Message>
void session_client::say(const Message& message) {
    std::array<std::byte, 1024> room;
    const net::encode_outcome outcome = net::encode(std::span<std::byte>(room), message);
    if (!outcome.ok()) {
        throw failure(
            exit_code::usage, std::string(outcome.field) + ": " + net::to_string(outcome.error));
    }
    write_all(std::span<const std::byte>(room).first(outcome.bytes));
}

void session_client::wait_for(net::opcode answer, const event_sink& meanwhile) {
    const auto end = clock::now() + patience_;
    for (heard_ = {}; heard_ != answer;) {
        if (clock::now() > end) refuse("gave no answer within the time limit");
        read(std::chrono::milliseconds(100), [&](const event_view& event) {
            if (meanwhile) meanwhile(event);
        });
        if (draining_ && heard_ != answer) refuse("is draining");
    }
}

void session_client::note(const lfq::frame& frame) {
    heard_ = static_cast<net::opcode>(frame.priority);
    switch (heard_) {
        case net::opcode::welcome:
            frame_bytes_max_ = parsed<net::welcome>(frame, socket_.where()).max_frame;
            break;
        case net::opcode::pong: pong_ = parsed<net::pong>(frame, socket_.where()); break;
        case net::opcode::drain: draining_ = true; break;
        case net::opcode::err: {
            const auto error = parsed<net::err>(frame, socket_.where());
            refuse("refused: " + std::string(net::to_string(error.reason)) + ": " +
                std::string(error.text));
        }
        default: break;
    }
}

void session_client::refuse(const std::string& what) const {
    throw failure(exit_code::unavailable, to_string(socket_.where()) + " " + what);
}

}  // namespace broker::cli
