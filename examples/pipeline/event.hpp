// SPDX-License-Identifier: MIT
// pipeline/event.hpp — what goes through the pipeline, and the moments it passed.
#pragma once

#include <lfq/pool/event_pool.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pipeline {

/// Who works on an event: the seeds' three processors, in the order of their workers.
enum class processor : std::uint8_t { realtime, transactional, batch };
inline constexpr std::size_t processor_count = 3;

/// The moments that are noted of a sampled event; the time between two neighbours is a stage.
enum class moment : std::uint8_t { arrived, parsed, pushed, taken, routed, dealt, reached, done };
inline constexpr std::size_t moment_count = 8;

inline constexpr std::size_t topic_bytes_max = 64;
inline constexpr std::size_t payload_bytes_max = 256;

/// Lives in the pool and keeps its buffers, so that filling it again allocates nothing.
struct event {
    event() {
        topic.reserve(topic_bytes_max);
        payload.reserve(payload_bytes_max);
    }

    std::uint64_t id = 0;  // equal ids: the same event, sent again
    std::uint32_t producer = 0;
    std::uint32_t sequence = 0;  // of its producer, without a gap
    std::uint8_t priority = 0;
    bool sampled = false;
    std::string topic;
    std::vector<std::byte> payload;
    std::array<std::int64_t, moment_count> at_ns{};  // of a sampled event

    void note(moment which, std::int64_t now_ns) noexcept {
        at_ns[static_cast<std::size_t>(which)] = now_ns;
    }
};

using event_pool = lfq::event_pool<event>;
using event_handle = lfq::pooled<event>;

}  // namespace pipeline
