// SPDX-License-Identifier: MIT
// pipeline/event.hpp — what goes through the pipeline, and the handles it travels by.
#pragma once

#include <lfq/policy/sleep.hpp>
#include <lfq/pool/event_pool.hpp>
#include <lfq/ring/fan_out.hpp>
#include <lfq/ring/mpsc_ring.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pipeline {

/// Who works on an event: the seeds' three processors, in the order of their rings.
enum class processor : std::uint8_t { realtime, transactional, batch };
inline constexpr std::size_t processor_count = 3;

inline constexpr std::size_t topic_bytes_max = 64;
inline constexpr std::size_t payload_bytes = 32;
inline constexpr std::size_t marks_bytes = 16;  // of a payload: id, producer, sequence
inline constexpr std::size_t at_once = 64;  // events that a stage takes together

/// Lives in the pool and keeps its buffers, so filling it again allocates nothing.
struct event {
    event() {
        topic.reserve(topic_bytes_max);
        payload.reserve(payload_bytes);
    }

    std::uint64_t id = 0;  // equal ids: the same event, sent again
    std::uint32_t producer = 0;
    std::uint32_t sequence = 0;  // of its producer, without a gap
    std::uint8_t priority = 0;  // higher is more urgent
    std::string topic;
    std::vector<std::byte> payload;
    std::int64_t arrived_ns = 0;  // 0: nobody takes its times
    std::int64_t handed_ns = 0;  // to the ring that it came out of last
    std::int64_t taken_ns = 0;  // by its worker
};

using event_pool = lfq::event_pool<event>;
using event_cache = event_pool::cache_type;
using event_handle = event_pool::handle;
using ingest_ring = lfq::mpsc_ring<event_handle, lfq::storage::heap, lfq::wait::park>;
using worker_rings = lfq::fan_out<event_handle, lfq::storage::heap, lfq::wait::park>;

/// A cache for one of the threads. Throws std::runtime_error if there are more than the pool knows.
[[nodiscard]] inline event_cache cache_of(event_pool& pool) {
    std::optional<event_cache> cache = pool.cache();
    if (!cache) throw std::runtime_error("pipeline: more threads than caches of the pool");
    return std::move(*cache);
}

/// What stands in a payload behind the id, the producer and the sequence: bytes that the id
/// decides, so that whoever has the event can tell whether it is whole.
[[nodiscard]] constexpr std::byte filler(std::uint64_t id, std::size_t at) noexcept {
    return static_cast<std::byte>((id * 0x9e37'79b9'7f4a'7c15U) >> (at % 8 * 8));
}

}  // namespace pipeline
