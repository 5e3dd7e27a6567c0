// SPDX-License-Identifier: MIT
// broker/core/exchange.hpp — everything that threads of the broker share, built before they start.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/options.hpp"
#include "broker/core/placed.hpp"
#include "broker/core/port.hpp"
#include "broker/core/probe.hpp"
#include "broker/core/process_use.hpp"
#include "broker/core/processor.hpp"
#include "broker/core/slab_homes.hpp"
#include "broker/core/stage.hpp"
#include "broker/core/state.hpp"
#include "broker/core/subscriber.hpp"
#include "broker/core/tally.hpp"
#include "broker/core/thread_plan.hpp"
#include "broker/core/work_ring.hpp"

#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace broker::core {

using ingest_ring = lfq::mpsc_ring<event, placed, lfq::wait::park>;
using processor_ring = lfq::spsc_ring<event, placed, lfq::wait::park>;

struct exchange {
    // More events with several copies than rings and a few lagging subscribers hold.
    static constexpr std::size_t tally_cells = 1 << 20;

    exchange(const options& o, const thread_plan& p, std::size_t notices, std::uint64_t seed)
        : settings(o),
          plan(p),
          topic_seed(seed),
          slabs(p.slabs_of_homes(o.slab_count), o.slab_bytes),
          ingest(o.ingest_capacity, {p.node_of(0)}, lfq::wait::park{.spin = p.spin}),
          probes(p.net_threads + 1 + p.apart.size() + p.workers) {
        const lfq::wait::park wait{.spin = p.spin};
        for (std::uint32_t i = 0; i < p.workers && !p.fused; ++i) {
            works.push_back(std::make_unique<work_ring>(
                outlets(), o.worker_capacity, placed{p.node_of(p.worker(i))}, wait));
        }
        for (std::size_t i = 0; i < p.apart.size(); ++i) {
            processings.push_back(std::make_unique<processor_ring>(
                o.worker_capacity, placed{p.node_of(p.processor(i))}, wait));
        }
        for (std::uint32_t i = 0; i < p.net_threads; ++i) {
            ports.push_back(std::make_unique<port>(notices));
        }
    }

    const options settings;
    const thread_plan plan;
    const std::uint64_t topic_seed;
    slab_homes slabs;
    ingest_ring ingest;
    std::vector<std::unique_ptr<work_ring>> works;  // one per worker thread
    std::vector<std::unique_ptr<processor_ring>> processings;  // one per processor thread
    std::vector<std::unique_ptr<port>> ports;  // one per network thread
    tally_table tallies{tally_cells};
    state_word state;
    pressure pressing{0};
    process_use_board use;
    std::atomic<bool> grace_over{false};  // of the drain: nobody is waited for any more
    counter topics;  // the dispatcher's
    stage_board queue;  // the dispatcher's: from received to taken out of the ingest ring
    stage_notice queue_told;
    stage_notice sending_told;  // from received to taken by the kernel for a subscriber
    std::atomic<std::uint64_t> subscriptions{0};

    // So many slabs of a home are taken when its publishers are no longer read; and so many, half
    // of the way there, when nothing is held any longer. Each of its network threads is filling a
    // slab, which may be a new one since what is held was looked at. So together with those, too,
    // it must not stop publishers.

    [[nodiscard]] std::size_t reading_ends_at(std::size_t home) const noexcept {
        const std::size_t count = slabs.home(home).count();
        return std::min(count, count / 8 + plan.threads_at(home) + 1);
    }
    [[nodiscard]] std::size_t holding_ends_at(std::size_t home) const noexcept {
        const std::size_t count = slabs.home(home).count();
        return std::min(count / 16 + plan.threads_at(home), count / 8) + 1;
    }

    // Threads that route or process events, each with an outlet.
    [[nodiscard]] std::uint32_t outlets() const noexcept {
        return 1 + static_cast<std::uint32_t>(plan.apart.size());
    }
    std::atomic<std::uint32_t> outlets_open{outlets()};

    // One per thread that counts: network threads, the dispatcher, processors, workers.
    std::vector<probe> probes;
    [[nodiscard]] probe& net_probe(std::uint32_t index) { return probes[index]; }
    [[nodiscard]] probe& dispatcher_probe() { return probes[plan.net_threads]; }
    [[nodiscard]] probe& processor_probe(std::size_t index) {
        return probes[plan.net_threads + 1 + index];
    }
    [[nodiscard]] probe& worker_probe(std::uint32_t index) {
        return probes[plan.net_threads + outlets() + index];
    }

    void tell_all(notice::kind what) {
        for (const auto& each : ports) each->tell(what);
    }
};

}  // namespace broker::core
