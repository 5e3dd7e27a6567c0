// SPDX-License-Identifier: MIT
// broker/core/thread_plan.hpp — how many threads of which kind, where they run, and how they wait.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/processor.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace broker::core {

/// A place for one thread.
struct thread_place {
    unsigned cpu = 0;
    unsigned node = 0;
    unsigned memory = 0;  // the node of its rings or its home: its own, if the process may use it
};

struct thread_plan {
    std::uint32_t net_threads = 1;
    std::uint32_t workers = 1;
    bool fused = true;  // the only worker runs inside the dispatcher thread
    std::vector<processor_kind> apart{};  // processors with a thread of their own; fused: none
    std::chrono::nanoseconds spin{
        0};  // before a core thread sleeps; 0 where threads outnumber cpus
    // In the order dispatcher, processors, workers, network threads; empty: none is pinned.
    std::vector<thread_place> places{};
    // The nodes that have a home of slabs, if several nodes have cpus.
    std::vector<unsigned> homes{};

    // Numbers of threads in that order.
    [[nodiscard]] std::size_t processor(std::size_t index) const noexcept { return 1 + index; }
    [[nodiscard]] std::size_t worker(std::size_t index) const noexcept {
        return 1 + apart.size() + index;
    }
    [[nodiscard]] std::size_t network(std::size_t index) const noexcept {
        return 1 + apart.size() + (fused ? 0 : workers) + index;
    }
    [[nodiscard]] std::size_t threads() const noexcept { return network(net_threads); }

    /// The node of a core thread's rings, or of a network thread's home; nothing: any.
    [[nodiscard]] std::optional<unsigned> node_of(std::size_t thread) const noexcept {
        if (homes.empty()) return std::nullopt;
        return places[thread].memory;
    }
    /// From which home of slabs a network thread takes.
    [[nodiscard]] std::size_t home_of(std::size_t net_thread) const noexcept {
        if (homes.empty()) return 0;
        const unsigned memory = places[network(net_thread)].memory;
        const auto found = std::find(homes.begin(), homes.end(), memory);
        return static_cast<std::size_t>(found - homes.begin());
    }
    /// How many of `count` slabs each home has: as many for one of its threads as for any other.
    [[nodiscard]] std::vector<std::size_t> slabs_of_homes(std::size_t count) const {
        if (homes.size() < 2) return {count};
        std::vector<std::size_t> shares(homes.size());
        for (std::size_t i = 0; i < net_threads; ++i) {
            shares[home_of(i)] += count / net_threads + (i < count % net_threads ? 1U : 0U);
        }
        return shares;
    }
    /// Network threads that take from a home.
    [[nodiscard]] std::size_t threads_at(std::size_t home) const noexcept {
        std::size_t count = 0;
        for (std::size_t i = 0; i < net_threads; ++i) count += home_of(i) == home ? 1U : 0U;
        return count;
    }
};

}  // namespace broker::core
