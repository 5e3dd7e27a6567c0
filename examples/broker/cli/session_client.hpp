// SPDX-License-Identifier: MIT
// broker/cli/session_client.hpp — a client that said hello: asks, subscribes, and hears events.
// Room: cli. Reads: net/protocol, cli/socket, cli/frame_reader.
#pragma once

#include "broker/cli/failure.hpp"
#include "broker/cli/frame_reader.hpp"
#include "broker/cli/socket.hpp"
#include "broker/net/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace broker::cli {

// An EVENT as views into the receive buffer.
struct event_view {
    std::uint32_t sid;
    std::uint64_t timestamp_ns;
    std::uint8_t priority;
    std::string_view topic;
    std::span<const std::byte> payload;
};

// The one message that comes by the million is taken apart here, inline, at fixed places.
// False: the body is cut short.
[[nodiscard]] inline bool parse_event(std::span<const std::byte> body, event_view& out) noexcept {
    constexpr std::size_t fixed_bytes = net::event_head_bytes - 5 + 2;
    if (body.size() < fixed_bytes) return false;
    const std::size_t topic_size = net::load_be<std::uint16_t>(body.data() + 22);
    if (topic_size > body.size() - fixed_bytes) return false;
    out.sid = net::load_be<std::uint32_t>(body.data());
    out.timestamp_ns = net::load_be<std::uint64_t>(body.data() + 12);
    out.priority = std::to_integer<std::uint8_t>(body[20]);
    out.topic = {reinterpret_cast<const char*>(body.data()) + fixed_bytes, topic_size};
    out.payload = body.subspan(fixed_bytes + topic_size);
    return true;
}

// Threads  one
// Failure  every ERR, an end by the broker and a silence beyond the time limit throw cli::failure
class session_client {
public:
    // Connects and says hello.
    session_client(
        const endpoint& where, std::string_view name, std::chrono::milliseconds patience);

    using event_sink = std::function<void(const event_view&)>;

    // Subscribes and waits until the broker has the subscription; `meanwhile` gets the events of
    // earlier subscriptions that come before the answer.
    void subscribe(std::uint32_t sid, std::string_view filter, const event_sink& meanwhile = {});

    // Asks for the broker's state. Everything that was written before has been read by then.
    [[nodiscard]] net::pong ping();

    void write_all(std::span<const std::byte> bytes) { socket_.write_all(bytes); }

    // Reads once and visits the events among what came: visit(const event_view&). Returns false
    // when the time is up or a DRAIN tells that the broker will close.
    template <class Visit>
    bool read(std::chrono::milliseconds wait, Visit&& visit) {
        const std::size_t got = reader_.read(wait, [&](const lfq::frame& frame) {
            event_view event;
            if (frame.priority == static_cast<std::uint8_t>(net::opcode::event)) [[likely]] {
                if (!parse_event(frame.payload, event)) refuse("sent an EVENT cut short");
                visit(event);
            } else {
                note(frame);
            }
        });
        if (got == 0 && reader_.ended() && !draining_) refuse("closed the connection");
        return got != 0;
    }

    // The broker said DRAIN: it finishes what it has and closes.
    [[nodiscard]] bool draining() const noexcept { return draining_; }
    [[nodiscard]] bool ended() const noexcept { return reader_.ended(); }
    [[nodiscard]] std::uint32_t frame_bytes_max() const noexcept { return frame_bytes_max_; }

private:
    template <class Message>
    void say(const Message& message);
    void wait_for(net::opcode answer, const event_sink& meanwhile = {});
    void note(const lfq::frame& frame);
    [[noreturn]] void refuse(const std::string& what) const;

    socket socket_;
    frame_reader reader_;
    std::chrono::milliseconds patience_;
    std::uint32_t frame_bytes_max_ = 0;
    net::opcode heard_{};  // the last answer that is no event
    net::pong pong_;
    bool draining_ = false;
};

}  // namespace broker::cli
