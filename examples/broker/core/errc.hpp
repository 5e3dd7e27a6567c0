// SPDX-License-Identifier: MIT
// broker/core/errc.hpp — why an event that came in did not go out.
// Room: core. Reads: std.
#pragma once

#include <cstddef>
#include <cstdint>

namespace broker::core {

/// Every event that is neither delivered nor filtered is counted under exactly one of these. The
/// names are those of the counters table (`dropped_<name>`) and do not change.
enum class drop_reason : std::uint8_t {
    udp_ring_full,  // a datagram met a full ingest ring (TCP waits instead)
    udp_malformed,  // a datagram that is no frame
    udp_no_slab,  // a datagram found no free slab
    udp_paused,  // a datagram came in while the state was PAUSED
    state_dropping,  // its priority is below DROPPING's cut-off
    state_emergency,  // its priority is below EMERGENCY's cut-off
    topics_max,  // the topic table is full and the topic is new
    route_targets_max,  // who gets it cannot be remembered: the routes of other topics are too many
    duplicate,  // its topic is transactional, and it came within the window before
    subscriber_gone,  // every subscriber it matched was disconnected before it was sent
    drain_deadline,  // still inside when the drain's grace was over
};
inline constexpr std::size_t drop_reason_count = 11;

[[nodiscard]] constexpr const char* to_string(drop_reason reason) noexcept {
    switch (reason) {
        case drop_reason::udp_ring_full: return "udp_ring_full";
        case drop_reason::udp_malformed: return "udp_malformed";
        case drop_reason::udp_no_slab: return "udp_no_slab";
        case drop_reason::udp_paused: return "udp_paused";
        case drop_reason::state_dropping: return "state_dropping";
        case drop_reason::state_emergency: return "state_emergency";
        case drop_reason::topics_max: return "topics_max";
        case drop_reason::route_targets_max: return "route_targets_max";
        case drop_reason::duplicate: return "duplicate";
        case drop_reason::subscriber_gone: return "subscriber_gone";
        case drop_reason::drain_deadline: return "drain_deadline";
    }
    return "unknown";
}

}  // namespace broker::core
