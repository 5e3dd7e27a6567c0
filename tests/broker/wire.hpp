// SPDX-License-Identifier: MIT
// The wire written down a second time, as plain bytes: the tests do not borrow the broker's codec.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace broker::test {

using bytes = std::string;

// The wire. Integers are big-endian.
[[nodiscard]] bytes u8(unsigned value);
[[nodiscard]] bytes u16(unsigned value);
[[nodiscard]] bytes u32(std::uint32_t value);
[[nodiscard]] bytes u64(std::uint64_t value);
[[nodiscard]] bytes str8(std::string_view text);
[[nodiscard]] bytes str16(std::string_view text);
[[nodiscard]] bytes framed(std::string_view body);  // the length in front
[[nodiscard]] bytes seed_frame(unsigned priority, std::string_view topic, std::string_view payload);

enum opcode : std::uint8_t {
    op_hello = 0x80,
    op_welcome = 0x81,
    op_publish = 0x82,
    op_subscribe = 0x84,
    op_subscribed = 0x85,
    op_event = 0x86,
    op_acknowledge = 0x87,
    op_credit = 0x89,
    op_unsubscribe = 0x8A,
    op_ping = 0x8B,
    op_pong = 0x8C,
    op_error = 0x8D,
    op_drain = 0x8E,
};

enum error_code : unsigned {
    err_malformed = 1,
    err_unsupported = 2,
    err_field_not_built_in = 4,
    err_bad_filter = 5,
    err_duplicate_sid = 6,
    err_unknown_sid = 7,
    err_limit = 8,
    err_version = 9,
};

[[nodiscard]] bytes hello();
[[nodiscard]] bytes subscribe(std::uint32_t sid, std::string_view filter);
[[nodiscard]] bytes unsubscribe(std::uint32_t sid);
[[nodiscard]] bytes ping(std::uint64_t ref);

// What the broker says.
struct message {
    unsigned op = 0;
    bytes body;
};

struct event {
    std::uint32_t sid = 0;
    std::uint64_t ts = 0;
    unsigned priority = 0;
    bytes topic;
    bytes payload;
};

struct pong {
    std::uint64_t ref = 0;
    unsigned state = 0;
    std::uint64_t cpu_us = 0, rss_peak_bytes = 0, in = 0, delivered = 0, filtered = 0, dropped = 0;
    std::uint64_t queue_p50_us = 0, queue_p99_us = 0, send_p50_us = 0, send_p99_us = 0;
};

struct refusal {
    unsigned code = 0;
    std::uint64_t ref = 0;
    bytes text;
};

[[nodiscard]] event parse_event(const message& from);
[[nodiscard]] pong parse_pong(const message& from);
[[nodiscard]] refusal parse_refusal(const message& from);

}  // namespace broker::test
