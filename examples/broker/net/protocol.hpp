// SPDX-License-Identifier: MIT
// broker/net/protocol.hpp — the messages of the session protocol: encoded, decoded as views.
// Room: net. Reads: std. Pure: no I/O, no memory; the client uses it too.
// Bytes: docs/broker/protocol.md.
#pragma once

#include "broker/net/big_endian.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace broker::net {

inline constexpr std::uint16_t protocol_version = 1;

/// A frame's first body byte: below it a priority and so a seed frame, from it on an opcode.
inline constexpr std::uint8_t first_opcode = 0x80;

enum class opcode : std::uint8_t {
    hello = 0x80,
    welcome = 0x81,
    pub = 0x82,  // not built in
    puback = 0x83,  // not built in
    sub = 0x84,
    subok = 0x85,
    event = 0x86,
    ack = 0x87,  // not built in
    nack = 0x88,  // not built in
    credit = 0x89,  // not built in
    unsub = 0x8a,
    ping = 0x8b,
    pong = 0x8c,
    err = 0x8d,
    drain = 0x8e,
    redirect = 0x8f,  // not built in
};

/// ERR's code. The numbers are the protocol.
enum class err_code : std::uint16_t {
    malformed = 1,
    unsupported = 2,
    not_hello = 3,  // reserved: a client that never said hello is closed, not answered
    field_not_built_in = 4,
    bad_filter = 5,
    duplicate_sid = 6,
    unknown_sid = 7,
    limit = 8,
    version = 9,
    draining = 10,
    slow_consumer = 11,
    repeated_hello = 12,
};
[[nodiscard]] const char* to_string(err_code code) noexcept;

// Messages. Members stand in wire order; text and payload are views into the caller's bytes.

struct hello {
    static constexpr opcode code = opcode::hello;
    std::uint16_t version = protocol_version;
    std::uint32_t flags = 0;  // not built in
    std::string_view client_id{};  // str8, for logs
    std::string_view token{};  // str16, not built in
};

struct welcome {
    static constexpr opcode code = opcode::welcome;
    std::string_view server_id{};  // str8
    std::uint64_t session = 0;
    std::uint64_t producer_id = 0;  // not built in
    std::uint32_t max_frame =
        0;  // largest `len` a client may send; an EVENT's is event_extra_bytes larger
    std::uint32_t credit = 0;  // not built in
    std::uint32_t features = 0;  // not built in
};

struct sub {
    static constexpr opcode code = opcode::sub;
    std::uint32_t sid = 0;
    std::string_view filter{};  // str16
    std::string_view group{};  // str8, not built in
    std::uint8_t from = 0;  // not built in: 0 = what is new
    std::uint64_t from_value = 0;  // not built in
    std::uint32_t credit = 0;  // not built in
    std::uint8_t policy = 0;  // not built in: 0 = disconnect when slow
};

struct subok {
    static constexpr opcode code = opcode::subok;
    std::uint32_t sid = 0;
    std::uint64_t start_offset = 0;  // not built in
};

struct event {
    static constexpr opcode code = opcode::event;
    std::uint32_t sid = 0;
    std::uint64_t offset = 0;  // not built in
    std::uint64_t timestamp_ns = 0;  // since the epoch, when the broker received it
    std::uint8_t priority = 0;
    std::uint8_t attempt = 0;  // not built in
    std::string_view topic{};  // str16, as published
    std::span<const std::byte> payload{};  // the rest
};

struct unsub {
    static constexpr opcode code = opcode::unsub;
    std::uint32_t sid = 0;
};

struct ping {
    static constexpr opcode code = opcode::ping;
    std::uint64_t ref = 0;
};

struct pong {
    static constexpr opcode code = opcode::pong;
    std::uint64_t ref = 0;
    std::uint8_t state = 0;  // core::state
    std::uint64_t cpu_us = 0;  // of the process since its start
    std::uint64_t rss_peak_bytes = 0;  // of the process
    std::uint64_t in = 0;
    std::uint64_t delivered = 0;
    std::uint64_t filtered = 0;
    std::uint64_t dropped = 0;
    // Of the oldest event of each batch, from received to taken by the dispatcher.
    std::uint64_t queue_p50_us = 0;
    std::uint64_t queue_p99_us = 0;
    // Of the oldest event of each write, from received to taken by the kernel for a subscriber.
    std::uint64_t send_p50_us = 0;
    std::uint64_t send_p99_us = 0;
};

struct err {
    static constexpr opcode code = opcode::err;
    err_code reason = err_code::malformed;
    std::uint32_t retry_after_ms = 0;
    std::uint64_t ref = 0;  // the sid, the opcode or 0; the text says which message was meant
    std::string_view text{};  // str16
};

struct drain {
    static constexpr opcode code = opcode::drain;
    std::uint32_t grace_ms = 0;
    std::string_view addresses{};  // str16, not built in
};

template <class Message>
concept wire_message = requires {
    { Message::code } -> std::convertible_to<opcode>;
};

enum class message_error : std::uint8_t {
    none,
    cut_short,  // decode: the body ends inside the named field
    trailing_bytes,  // decode: bytes behind the last field
    text_too_long,  // encode: the named field does not fit its length prefix
    output_too_small,  // encode: nothing usable was written
};
[[nodiscard]] const char* to_string(message_error error) noexcept;

struct decode_outcome {
    message_error error = message_error::none;
    std::string_view field;  // where it went wrong; empty when it did not
    [[nodiscard]] bool ok() const noexcept { return error == message_error::none; }
};

struct encode_outcome {
    std::size_t bytes = 0;  // written, length prefix included; 0 on an error
    message_error error = message_error::none;
    std::string_view field;
    [[nodiscard]] bool ok() const noexcept { return error == message_error::none; }
};

/// `body` is what follows the opcode byte (lfq::frame::payload of an extension frame). On an error
/// `out` is unspecified.
template <wire_message Message>
[[nodiscard]] decode_outcome decode(std::span<const std::byte> body, Message& out) noexcept;

/// The whole frame: length, opcode, body.
template <wire_message Message>
[[nodiscard]] encode_outcome encode(std::span<std::byte> out, const Message& message) noexcept;

/// What encode will write.
template <wire_message Message>
[[nodiscard]] std::size_t encoded_bytes(const Message& message) noexcept;

/// The name of the first field that is neither zero nor empty although its part is not built in;
/// empty if all are.
[[nodiscard]] std::string_view field_not_built_in(const hello& message) noexcept;
[[nodiscard]] std::string_view field_not_built_in(const sub& message) noexcept;

// EVENT on the hot path. Behind its first 27 bytes an EVENT carries `topic_len topic payload`, and
// those are byte for byte the seed frame's own bytes from offset 5 to its end. So a delivery is 27
// new bytes and one piece of the slab.

/// A seed frame's bytes before `topic_len`: length and priority.
inline constexpr std::size_t seed_head_bytes = 5;

/// An EVENT's bytes before `topic_len`, length prefix included.
inline constexpr std::size_t event_head_bytes = 27;

/// An EVENT's `len` is this much larger than that of the seed frame it carries; a client's frame
/// limit allows for it.
inline constexpr std::uint32_t event_extra_bytes = event_head_bytes - seed_head_bytes;

/// `tail_bytes`: 2 + topic + payload, which is the seed frame's `len` - 1.
inline void encode_event_head(std::span<std::byte, event_head_bytes> out, std::uint32_t sid,
    std::uint64_t timestamp_ns, std::uint8_t priority, std::uint32_t tail_bytes) noexcept {
    constexpr std::uint32_t behind_length = event_head_bytes - 4;
    store_be(out.data(), behind_length + tail_bytes);
    out[4] = static_cast<std::byte>(opcode::event);
    store_be(out.data() + 5, sid);
    store_be(out.data() + 9, std::uint64_t{0});  // offset
    store_be(out.data() + 17, timestamp_ns);
    out[25] = static_cast<std::byte>(priority);
    out[26] = std::byte{0};  // attempt
}

}  // namespace broker::net
