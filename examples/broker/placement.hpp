// SPDX-License-Identifier: MIT
// broker/placement.hpp — how many threads of which kind, and on which cpus.
// For the root only. Reads: config.hpp, core. Pure.
#pragma once

#include "broker/config.hpp"
#include "broker/core/exchange.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace broker {

/// What was asked for, and where nothing was: what suits so many cpus. Network threads that are
/// chosen are never more than the slabs can serve.
[[nodiscard]] core::thread_plan plan_for(const config& settings, std::size_t cpus);

/// The cpu of the n-th thread in the order core, workers, network threads; nothing where none is
/// pinned: where they outnumber the cpus, or there are few.
[[nodiscard]] std::optional<unsigned> cpu_for(
    const core::thread_plan& plan, std::span<const unsigned> cpus, std::size_t thread);

/// What the thread map tells besides the threads.
struct map_facts {
    std::string tcp;  // address:port
    std::string udp;
    std::uint32_t tick_ms = 0;
};

/// Which thread does what, and where: a line each.
[[nodiscard]] std::string thread_map(
    const core::thread_plan& plan, std::span<const unsigned> cpus, const map_facts& facts);

}  // namespace broker
