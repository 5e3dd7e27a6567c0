// SPDX-License-Identifier: MIT
// broker/placement.hpp — how many threads of which kind, and on which cpus.
// For the root only. Reads: config.hpp, core. Pure, but for try_pin().
#pragma once

#include "broker/config.hpp"
#include "broker/core/thread_plan.hpp"

#include <lfq/sys/topology.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace broker {

/// What was asked for, and where nothing was: what suits the machine. Network threads that are
/// chosen are never more than the slabs can serve. Threads are pinned where there are more than a
/// few cpus, and more than threads: the core's stay on one node, network threads spread over all.
/// A thread on a node without memory for this process has its memory on another.
[[nodiscard]] core::thread_plan plan_for(const config& settings, const lfq::sys::topology& machine);

/// Throws std::system_error with a sentence if the plan pins a thread to a cpu that is not among
/// these.
void check(const core::thread_plan& plan, std::span<const unsigned> allowed);

/// Pins the calling thread; if that is refused, says why. A cpu that is taken away while the broker
/// starts costs time, as one that is taken away later, when the kernel moves the thread.
[[nodiscard]] std::string try_pin(unsigned cpu);

/// What the thread map tells besides the threads.
struct map_facts {
    std::string tcp;  // address:port
    std::string udp;
    std::uint32_t tick_ms = 0;
    std::array<std::size_t, core::processor_kind_count> rules{};  // of each kind of processor
};

[[nodiscard]] map_facts facts_of(const config& settings);

/// Which thread does what, and where: a line each.
[[nodiscard]] std::string thread_map(
    const core::thread_plan& plan, const lfq::sys::topology& machine, const map_facts& facts);

}  // namespace broker
