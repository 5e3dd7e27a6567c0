// SPDX-License-Identifier: MIT
// pipeline/dispatcher.hpp — the only consumer of the ingest ring: topics, and who works on them.
#pragma once

#include "pipeline/event.hpp"
#include "pipeline/stage_times.hpp"
#include "pipeline/topic_table.hpp"
#include "pipeline/workers.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <span>

namespace pipeline {

using worker_list = std::array<std::unique_ptr<worker>, processor_count>;

/// Threads   one. Fused, the workers' steps run in it, too, between its batches.
class dispatcher {
public:
    /// `inside` are the workers that share this thread: all of them, or none.
    dispatcher(ingest_ring& in, const topic_table& topics, worker_rings& out,
        std::span<const std::unique_ptr<worker>> inside, std::size_t samples)
        : in_(in), topics_(topics), out_(out), inside_(inside), times_(samples) {}

    /// Until the ingest ring is closed and drained; then closes the workers' rings.
    void run();

    [[nodiscard]] const stage_times& times() const noexcept { return times_; }

private:
    void deal(std::span<event_handle> batch);
    void push(std::size_t to, event_handle&& one);
    void step_inside();

    ingest_ring& in_;
    const topic_table& topics_;
    worker_rings& out_;
    std::span<const std::unique_ptr<worker>> inside_;
    std::array<event_handle, at_once> batch_;
    stage_times times_;
};

}  // namespace pipeline
