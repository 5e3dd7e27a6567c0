// SPDX-License-Identifier: MIT
// broker/net/probe.hpp — what a network thread counts about connections and bytes.
// Room: net. Reads: core.
#pragma once

#include "broker/core/probe.hpp"
#include "broker/core/stage.hpp"
#include "broker/net/errc.hpp"

#include <lfq/base/cache_line.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace broker::net {

/// Written by its network thread, read by whoever reports. The books of events are core::probe's.
struct alignas(lfq::cache_line_pair_bytes) probe {
    core::counter accepted;
    core::counter sessions;
    core::counter slow_consumers;
    core::counter bytes_in;
    core::counter bytes_out;
    std::array<core::counter, malformed_count> malformed_input;
    std::array<core::counter, close_reason_count> closed;
    std::atomic<std::uint64_t> udp_socket_drops{0};  // as the kernel counts them

    // Priorities that came in since the control thread looked last; it takes them away.
    std::atomic<std::uint64_t> priorities_low{0};
    std::atomic<std::uint64_t> priorities_high{0};

    core::stage_board sending;  // from received to taken by the kernel for a subscriber

    void count(malformed reason) noexcept {
        malformed_input[static_cast<std::size_t>(reason)].add();
    }
    void count(close_reason reason) noexcept { closed[static_cast<std::size_t>(reason)].add(); }
};

}  // namespace broker::net
