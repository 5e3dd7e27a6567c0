// SPDX-License-Identifier: MIT
// broker/report.hpp — the counters of a whole broker at one moment, and their table.
// Reads: the rooms' errc headers, core. Pure: the root fills it from the threads' counters.
#pragma once

#include "broker/core/errc.hpp"
#include "broker/core/stage.hpp"
#include "broker/net/errc.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace broker {

/// Plain numbers. An event that went to k >= 1 subscribers is one `delivered` and k `deliveries`.
struct counters {
    // The books: in = delivered + filtered + dropped.
    std::uint64_t events_in_tcp = 0;  // frames whose topic is valid
    std::uint64_t events_in_udp = 0;  // datagrams received, malformed ones included
    std::uint64_t delivered = 0;  // reached at least one subscriber's outbox
    std::uint64_t filtered = 0;  // no subscription matched
    std::array<std::uint64_t, core::drop_reason_count> dropped{};
    std::uint64_t deliveries = 0;

    // Beside the books.
    std::array<std::uint64_t, net::malformed_count> malformed{};
    std::uint64_t udp_socket_drops =
        0;  // datagrams the kernel dropped before the broker saw them (SO_MEMINFO)
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t connections_accepted = 0;
    std::uint64_t connections_open = 0;
    std::array<std::uint64_t, net::close_reason_count> connections_closed{};
    std::uint64_t sessions = 0;  // clients that said hello
    std::uint64_t subscriptions_open = 0;
    std::uint64_t slow_consumers = 0;
    std::uint64_t priority_batches = 0;  // in which a less urgent event waited for others
    std::uint64_t dedup_fresh = 0;  // events of transactional topics that were not seen before
    std::uint64_t dedup_full = 0;  // and those of which nobody can say so
    std::uint64_t windows_by_count = 0;  // of batch topics, by why they closed
    std::uint64_t windows_by_time = 0;
    std::uint64_t windows_early = 0;
    std::uint64_t topics = 0;
    std::uint64_t slabs_taken = 0;
    std::uint64_t slabs_taken_max = 0;
    core::stage_figures queue;  // from received to taken by the dispatcher
    core::stage_figures sending;  // from received to taken by the kernel for a subscriber
    std::uint64_t state_changes = 0;
    std::uint64_t cpu_us = 0;
    std::uint64_t rss_peak_bytes = 0;
};

[[nodiscard]] std::uint64_t events_in(const counters& c) noexcept;
[[nodiscard]] std::uint64_t events_dropped(const counters& c) noexcept;

/// In, but not yet delivered, filtered or dropped; 0 when the broker is at rest. Negative is a bug
/// in the counting (or a snapshot of running threads, read in an unlucky order).
[[nodiscard]] std::int64_t events_in_flight(const counters& c) noexcept;

/// One `name value` a line, stable names in a stable order, then `in_flight N`, then the line
/// `balance ok: I in = D delivered + F filtered + X dropped` (or `balance off by N: …`).
[[nodiscard]] std::string table(const counters& c);

}  // namespace broker
