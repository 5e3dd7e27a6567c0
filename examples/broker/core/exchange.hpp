// SPDX-License-Identifier: MIT
// broker/core/exchange.hpp — everything that threads of the broker share, built before they start.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/options.hpp"
#include "broker/core/port.hpp"
#include "broker/core/probe.hpp"
#include "broker/core/process_use.hpp"
#include "broker/core/slab.hpp"
#include "broker/core/state.hpp"
#include "broker/core/subscriber.hpp"
#include "broker/core/tally.hpp"

#include <lfq/policy/sleep.hpp>
#include <lfq/ring/fan_out.hpp>
#include <lfq/ring/mpsc_ring.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace broker::core {

/// How many threads of which kind, and whether waiting ones may spin.
struct thread_plan {
    std::uint32_t net_threads = 1;
    std::uint32_t workers = 1;
    bool fused = true;  // the only worker runs inside the dispatcher thread
    std::chrono::nanoseconds spin{
        0};  // before a core thread sleeps; 0 where threads outnumber cpus
};

using ingest_ring = lfq::mpsc_ring<event, lfq::storage::heap, lfq::wait::park>;
using work_rings = lfq::fan_out<work, lfq::storage::heap, lfq::wait::park>;

struct exchange {
    // More events with several copies than rings and a few lagging subscribers hold.
    static constexpr std::size_t tally_cells = 1 << 20;

    exchange(const options& o, const thread_plan& p, std::size_t notices, std::uint64_t seed)
        : settings(o),
          plan(p),
          topic_seed(seed),
          slabs(o.slab_count, o.slab_bytes),
          ingest(o.ingest_capacity, {}, lfq::wait::park{.spin = p.spin}),
          works(p.workers, o.worker_capacity, {}, lfq::wait::park{.spin = p.spin}),
          probes(p.net_threads + 1 + p.workers) {
        for (std::uint32_t i = 0; i < p.net_threads; ++i) {
            ports.push_back(std::make_unique<port>(notices));
        }
    }

    const options settings;
    const thread_plan plan;
    const std::uint64_t topic_seed;
    slab_pool slabs;
    ingest_ring ingest;
    work_rings works;
    std::vector<std::unique_ptr<port>> ports;  // one per network thread
    tally_table tallies{tally_cells};
    state_word state;
    pressure pressing{0};
    process_use_board use;
    std::atomic<bool> grace_over{false};  // of the drain: nobody is waited for any more
    counter topics;  // the dispatcher's
    std::atomic<std::uint64_t> subscriptions{0};

    // One per thread that counts: network threads, the dispatcher, workers.
    std::vector<probe> probes;
    [[nodiscard]] probe& net_probe(std::uint32_t index) { return probes[index]; }
    [[nodiscard]] probe& dispatcher_probe() { return probes[plan.net_threads]; }
    [[nodiscard]] probe& worker_probe(std::uint32_t index) {
        return probes[plan.net_threads + 1 + index];
    }

    void tell_all(notice::kind what) {
        for (const auto& each : ports) each->tell(what);
    }
};

}  // namespace broker::core
