// SPDX-License-Identifier: MIT
#include "broker/net/errc.hpp"

namespace broker::net {

const char* to_string(malformed reason) noexcept {
    switch (reason) {
        case malformed::frame_too_short: return "frame_too_short";
        case malformed::frame_too_long: return "frame_too_long";
        case malformed::topic_empty: return "topic_empty";
        case malformed::topic_too_long: return "topic_too_long";
        case malformed::topic_beyond_frame: return "topic_beyond_frame";
        case malformed::topic_control_byte: return "topic_control_byte";
        case malformed::before_hello: return "before_hello";
        case malformed::message_cut_short: return "message_cut_short";
        case malformed::message_trailing_bytes: return "message_trailing_bytes";
        case malformed::stream_cut_short: return "stream_cut_short";
        case malformed::datagram_cut_short: return "datagram_cut_short";
        case malformed::datagram_trailing_bytes: return "datagram_trailing_bytes";
        case malformed::datagram_opcode: return "datagram_opcode";
    }
    return "unknown";
}

malformed malformed_from(lfq::frame_error error) noexcept {
    switch (error) {
        case lfq::frame_error::frame_too_long: return malformed::frame_too_long;
        case lfq::frame_error::topic_empty: return malformed::topic_empty;
        case lfq::frame_error::topic_too_long: return malformed::topic_too_long;
        case lfq::frame_error::topic_beyond_frame: return malformed::topic_beyond_frame;
        case lfq::frame_error::cut_short: return malformed::datagram_cut_short;
        case lfq::frame_error::trailing_bytes: return malformed::datagram_trailing_bytes;
        case lfq::frame_error::none:
        case lfq::frame_error::frame_too_short:
        case lfq::frame_error::output_too_small:
        case lfq::frame_error::priority_out_of_range:
        case lfq::frame_error::opcode_out_of_range: break;
    }
    return malformed::frame_too_short;  // the others are no answers of a decoder
}

malformed malformed_from(core::topic_error error) noexcept {
    switch (error) {
        case core::topic_error::empty: return malformed::topic_empty;
        case core::topic_error::too_long: return malformed::topic_too_long;
        case core::topic_error::none:
        case core::topic_error::control_byte: break;
    }
    return malformed::topic_control_byte;
}

const char* to_string(close_reason reason) noexcept {
    switch (reason) {
        case close_reason::peer_closed: return "peer_closed";
        case close_reason::malformed: return "malformed";
        case close_reason::hello_refused: return "hello_refused";
        case close_reason::idle_frame: return "idle_frame";
        case close_reason::slow_consumer: return "slow_consumer";
        case close_reason::write_deadline: return "write_deadline";
        case close_reason::pending_pool: return "pending_pool";
        case close_reason::connections_max: return "connections_max";
        case close_reason::draining: return "draining";
        case close_reason::io_error: return "io_error";
    }
    return "unknown";
}

}  // namespace broker::net
