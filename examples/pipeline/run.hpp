// SPDX-License-Identifier: MIT
// pipeline/run.hpp — the whole pipeline, once: who runs where, and what came of it.
#pragma once

#include "pipeline/ingest.hpp"
#include "pipeline/stage_times.hpp"
#include "pipeline/workers.hpp"

#include <lfq/sys/placement.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace pipeline {

struct layout {
    std::uint32_t clients = 1;
    bool fused = true;  // the workers run in the dispatcher's thread
    lfq::sys::placement plan;
};

/// Two clients and a thread for every stage where there are cpus for them, else fused; with two
/// cpus, one client.
[[nodiscard]] layout layout_for(const lfq::sys::topology& machine);

struct outcome {
    explicit outcome(std::size_t samples) : times(samples) {}

    sent_counts sent;
    std::array<worker_counts, processor_count> workers{};
    stage_times times;
    std::size_t timed_in_windows = 0;  // events
    double seconds = 0;
    std::uint64_t allocations = 0;  // from the first event to the last
    std::uint64_t events_out = 0;  // of the pool, when all is over

    /// What does not add up, in words; empty: everything does.
    [[nodiscard]] std::string complaint() const;
};

/// Throws std::system_error with a sentence where the plan's cpus are not all allowed any more, or
/// a thread does not start.
[[nodiscard]] outcome run(const layout& where, const traffic& wanted);

}  // namespace pipeline
