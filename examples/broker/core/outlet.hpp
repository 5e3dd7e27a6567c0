// SPDX-License-Identifier: MIT
// broker/core/outlet.hpp — the way of routed events from one thread to the workers.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/exchange.hpp"
#include "broker/core/processor.hpp"
#include "broker/core/worker.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace broker::core {

/// Collects what goes to each worker and publishes it together. Where the only worker is inside
/// this thread, it is called instead.
///
/// Threads   one; each thread that routes or processes events has its own.
/// Progress  waits for room in a worker's ring; workers never wait for an outlet.
/// Memory    none per event.
class outlet final : public outcome {
public:
    /// The `index`th of shared.outlets().
    outlet(exchange& shared, std::uint32_t index, probe& counts);
    ~outlet() = default;

    void hand_on(std::span<const event> events) override;
    void drop(const event& one, drop_reason why) override {
        probe_.drop(why);
        drops_.add(one.block);
    }
    /// Nobody subscribed to it.
    void filter(const event& one) {
        probe_.filtered.add();
        drops_.add(one.block);
    }

    /// To every worker, behind all that was handed on.
    void send_marker(retirement* marker);

    /// Now the workers have all of it.
    void publish_all();

    /// Nothing more will come. The last outlet to say so closes the workers' rings.
    void close();

private:
    // Edges:
    //   closed  close() of each outlet → close() of the last one, which closes the rings: behind
    //           all that others published.
    static constexpr std::size_t batch_entries = 256;

    struct stage {
        std::array<work, batch_entries> entries;
        std::size_t count = 0;
    };

    void fan_out(const event& one, const route& where);
    void put(std::uint32_t worker, const work& entry) {
        stage& mine = *stages_[worker];
        if (mine.count == batch_entries) publish(worker);
        mine.entries[mine.count++] = entry;
    }
    void publish(std::uint32_t worker);

    exchange& shared_;
    probe& probe_;
    tally_lane tallies_;
    reference_drops drops_;
    std::optional<worker> inside_;  // fused only
    std::vector<std::unique_ptr<stage>> stages_;  // per worker
};

}  // namespace broker::core
