// SPDX-License-Identifier: MIT
// pipeline/ingest.hpp — a producer: a client's frames, parsed into events of the pool.
#pragma once

#include "pipeline/event.hpp"
#include "pipeline/stage_times.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pipeline {

struct traffic {
    std::uint64_t events = 0;  // of each producer
    std::uint64_t per_second = 0;  // of each producer; 0: as fast as it goes
};

/// Counts of what was sent, to be compared with what the workers got.
struct sent_counts {
    std::array<std::uint64_t, processor_count> events{};
    std::uint64_t repeated = 0;  // transactional events with the id of the one before
    std::uint64_t waits_for_pool = 0;
};

/// Stands for a connection: writes the client's frames into a buffer, as a socket would, and takes
/// them apart again. One transactional event in eight is the one before, sent again.
class ingest {
public:
    ingest(std::uint32_t producer, const traffic& wanted, event_pool& pool, ingest_ring& out,
        std::size_t samples);

    void run();

    [[nodiscard]] const sent_counts& sent() const noexcept { return sent_; }
    [[nodiscard]] const stage_times& times() const noexcept { return times_; }

private:
    /// What the client sends next: up to `count` frames. Answers how many bytes they are.
    [[nodiscard]] std::size_t write_frames(std::size_t count);
    void take_in(std::span<const std::byte> bytes);
    void hand_on(const lfq::frame& found);
    void fill(event& one, const lfq::frame& found);

    std::uint32_t producer_;
    traffic wanted_;
    event_cache cache_;
    ingest_ring& out_;
    std::vector<std::byte> buffer_;
    std::uint64_t written_ = 0;  // frames
    std::uint64_t last_order_ = 0;  // the id of the client's last transactional event
    std::uint64_t read_ = 0;  // frames
    std::int64_t before_ns_ = 0;  // when the event that is timed next began to be parsed
    sent_counts sent_;
    stage_times times_;
};

}  // namespace pipeline
