// SPDX-License-Identifier: MIT
// broker/core/probe.hpp — what every thread of the broker counts about events.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/errc.hpp"

#include <lfq/base/cache_line.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace broker::core {

/// A number with one writing thread and any number of readers, who may be late.
class counter {
public:
    void add(std::uint64_t n = 1) noexcept {
        // own: one writer, so that no locked instruction is needed.
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }

    [[nodiscard]] std::uint64_t read() const noexcept {
        return value_.load(std::memory_order_relaxed);  // count: stale is harmless
    }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// One thread's part of the books: in = delivered + filtered + dropped, summed over all threads.
struct alignas(lfq::cache_line_pair_bytes) probe {
    counter in_tcp;
    counter in_udp;
    counter taken;  // by the dispatcher, out of the ingest ring
    counter delivered;  // events whose first copy the kernel took for a subscriber
    counter deliveries;  // copies
    counter filtered;  // no subscription matched
    std::array<counter, drop_reason_count> dropped;

    void drop(drop_reason reason, std::uint64_t n = 1) noexcept {
        dropped[static_cast<std::size_t>(reason)].add(n);
    }
};

}  // namespace broker::core
