// SPDX-License-Identifier: MIT
// broker/core/event.hpp — what travels between threads instead of bytes.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/slab.hpp"
#include "broker/core/tally.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace broker::core {

class subscriber;
struct generation;
struct retirement;
struct route;
struct target;

/// A subscription begins or ends, in band with the events: what comes behind it in the ingest ring
/// sees it. The dispatcher deletes it.
struct command {
    enum class verb : std::uint8_t { subscribe, unsubscribe, leave };
    verb what = verb::leave;
    std::uint32_t sid = 0;  // subscribe, unsubscribe
    subscriber* who = nullptr;
    std::string filter;  // subscribe; has passed check_filter
};

/// Network thread → dispatcher → a processor. Holds one reference to its slab; commands and markers
/// hold none.
struct event {
    slab* block = nullptr;  // nullptr: a command, or a marker
    union {
        std::uint64_t topic_hash = 0;
        command* order;  // of a command
        const route* where;  // from when the dispatcher has routed it
        retirement* retired;  // of a marker, which the dispatcher sends through the processors
    };
    std::uint64_t received_ns = 0;  // since the epoch
    std::uint32_t offset = 0;  // of the topic in the slab; the payload follows it
    std::uint32_t payload_bytes = 0;
    std::uint32_t topic_number = 0;  // a topic_id; routed ones
    std::uint16_t topic_bytes = 0;
    std::uint8_t priority = 0;
    std::uint8_t rule = 0;  // routed ones: which rule of the processors its topic falls under

    [[nodiscard]] std::string_view topic() const noexcept {
        return {reinterpret_cast<const char*>(block->bytes + offset), topic_bytes};
    }
    [[nodiscard]] std::span<const std::byte> payload() const noexcept {
        return {block->bytes + offset + topic_bytes, payload_bytes};
    }
};
static_assert(sizeof(event) == 40);

/// Dispatcher → worker: one event and those of its subscribers that are this worker's. Holds one
/// reference to its slab.
struct work {
    union {
        slab* block = nullptr;
        retirement* retired;  // of a marker
    };
    const target* targets = nullptr;  // nullptr: a marker
    std::uint64_t received_ns = 0;
    std::uint32_t offset = 0;
    std::uint32_t payload_bytes = 0;
    std::uint32_t target_count = 0;
    booking how = booked_alone;  // of the copies; booked_alone: of the first, the others are not
    std::uint16_t topic_bytes = 0;
    std::uint8_t priority = 0;
};
static_assert(sizeof(work) == 48);

/// Worker → network thread: one copy for one subscription. Holds one reference to its slab.
struct delivery {
    slab* block = nullptr;
    std::uint64_t received_ns = 0;
    std::uint32_t offset = 0;
    std::uint32_t payload_bytes = 0;
    std::uint32_t sid = 0;
    booking how = booked_alone;
    std::uint16_t topic_bytes = 0;
    std::uint8_t priority = 0;
};
static_assert(sizeof(delivery) == 40);

/// A copy's size on the wire: what a subscriber's byte budget counts.
inline constexpr std::size_t delivery_head_bytes = 29;
[[nodiscard]] constexpr std::size_t wire_bytes(const delivery& one) noexcept {
    return delivery_head_bytes + one.topic_bytes + one.payload_bytes;
}

}  // namespace broker::core
