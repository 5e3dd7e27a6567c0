// SPDX-License-Identifier: MIT
// broker/net/session.hpp — one connection's conversation: frames in, what to do about them out.
// Room: net. Reads: core, lfq codec. Pure: no I/O, no clock.
#pragma once

#include "broker/net/errc.hpp"
#include "broker/net/protocol.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace broker::net {

/// The same for every session of a network thread, which keeps it alive.
struct session_limits {
    std::string_view server_id = "lfq-broker";  // up to 255 bytes
    std::uint32_t frame_bytes_max = 65'536;  // told in WELCOME
    std::uint32_t subscriptions_max = 64;
};

/// Enough room for any reply of a session.
inline constexpr std::size_t reply_bytes_max = 512;

enum class action_kind : std::uint8_t {
    nothing,
    publish,  // the frame is an event; its topic still wants core::check_topic
    reply,  // write `reply`
    welcome,  // write `reply`: from now on this is a subscriber-to-be
    subscribe,  // sid, filter; SUBOK is for the dispatcher to cause, so that no event is missed
    unsubscribe,  // sid
    pong,  // answer with PONG ref: its numbers are not the session's
    close,  // write `reply` (it may be empty), count `closed` (and `why`), close
};

struct action {
    action_kind kind = action_kind::nothing;
    close_reason closed = close_reason::peer_closed;  // close
    malformed why = malformed::before_hello;  // close for close_reason::malformed
    std::uint32_t sid = 0;  // subscribe, unsubscribe
    std::uint64_t ref = 0;  // pong
    std::string_view filter{};  // subscribe: a view into the frame
    std::span<const std::byte> reply{};  // a view into the caller's room; empty: nothing to write
};

/// Threads   the connection's network thread only.
/// Memory    one vector of sids, which grows with the first subscriptions; nothing else.
/// Failure   every malformed or forbidden message has an answer; only that vector may throw.
class session {
public:
    /// `limits` must outlive the session.
    session(const session_limits& limits, std::uint64_t id) noexcept : limits_(&limits), id_(id) {}

    /// `room` receives the reply, at least reply_bytes_max. After a close no further frame is
    /// given.
    [[nodiscard]] action on_frame(const lfq::frame& frame, std::span<std::byte> room) {
        if (frame.priority < first_opcode) [[likely]]
            return {.kind = action_kind::publish};
        return on_message(frame, room);
    }

    /// The decoder or the topic check refused the stream: a close, with ERR for a client that said
    /// hello.
    [[nodiscard]] action on_malformed(malformed reason, std::span<std::byte> room) const noexcept;

    /// Half a frame was held to the idle limit: a close, with ERR for a client that said hello.
    [[nodiscard]] action on_idle_frame(std::span<std::byte> room) const noexcept;

    /// Its outbox is over the budget: a close with ERR.
    [[nodiscard]] action on_slow_consumer(std::span<std::byte> room) const noexcept;

    /// The broker drains: DRAIN for a client that said hello, and no new subscription from here on.
    [[nodiscard]] action on_drain(std::uint32_t grace_ms, std::span<std::byte> room) noexcept;

    /// Nothing is ever written to a client of which this is false.
    [[nodiscard]] bool hello_said() const noexcept { return hello_said_; }

    [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
    [[nodiscard]] std::span<const std::uint32_t> subscriptions() const noexcept { return sids_; }

private:
    [[nodiscard]] action on_message(const lfq::frame& frame, std::span<std::byte> room);
    [[nodiscard]] action on_hello(std::span<const std::byte> body, std::span<std::byte> room);
    [[nodiscard]] action on_sub(std::span<const std::byte> body, std::span<std::byte> room);
    [[nodiscard]] action on_unsub(std::span<const std::byte> body, std::span<std::byte> room);
    [[nodiscard]] action on_ping(std::span<const std::byte> body, std::span<std::byte> room) const;
    [[nodiscard]] action on_bad_body(
        opcode code, const decode_outcome& got, std::span<std::byte> room) const noexcept;

    const session_limits* limits_;
    std::uint64_t id_;
    std::vector<std::uint32_t> sids_;  // few: searched from the front
    bool hello_said_ = false;
    bool draining_ = false;
};

}  // namespace broker::net
