// SPDX-License-Identifier: MIT
// broker/net/errc.hpp — why input was refused and why a connection ended.
// Room: net. Reads: core, lfq codec. The names are the counters table's and do not change.
#pragma once

#include "broker/core/filter.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <cstddef>
#include <cstdint>

namespace broker::net {

/// Input that is no frame, no topic or no message (`malformed_<name>`). On TCP it ends the
/// connection, because a stream of lengths cannot find its feet again; a datagram is dropped.
enum class malformed : std::uint8_t {
    frame_too_short,
    frame_too_long,
    topic_empty,
    topic_too_long,
    topic_beyond_frame,
    topic_control_byte,
    before_hello,  // a session opcode from a client that never said hello
    message_cut_short,  // a session message whose body ends inside a field
    message_trailing_bytes,  // a session message with bytes behind its last field
    stream_cut_short,  // the peer closed inside a frame
    datagram_cut_short,  // the frame is longer than its datagram
    datagram_trailing_bytes,  // the datagram is longer than its frame
    datagram_opcode,  // a session opcode in a datagram
};
inline constexpr std::size_t malformed_count = 13;

[[nodiscard]] const char* to_string(malformed reason) noexcept;

/// The codec's and the core's answers in these words. `error` must not be `none`.
[[nodiscard]] malformed malformed_from(lfq::frame_error error) noexcept;
[[nodiscard]] malformed malformed_from(core::topic_error error) noexcept;

/// Why a TCP connection ended (`connections_closed_<name>`).
enum class close_reason : std::uint8_t {
    peer_closed,
    malformed,
    hello_refused,  // ERR told why
    idle_frame,  // half a frame was held to the idle limit
    slow_consumer,  // over its outbox budget
    write_deadline,  // none of its bytes reached it until the deadline, though some are pending
    pending_pool,  // the memory for all pending bytes is short, and it holds the most of its thread
    connections_max,  // one too many: closed before anything was read
    draining,  // the broker went
    io_error,
};
inline constexpr std::size_t close_reason_count = 10;

[[nodiscard]] const char* to_string(close_reason reason) noexcept;

}  // namespace broker::net
