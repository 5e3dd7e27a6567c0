// SPDX-License-Identifier: MIT
// broker/core/worker.hpp — puts copies of events into the rings of its subscribers.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/exchange.hpp"
#include "broker/core/routes.hpp"
#include "broker/core/subscriber.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace broker::core {

/// A subscriber belongs to one worker, so its events keep the dispatcher's order.
///
/// Threads   one: its own (run), or an outlet's (work_on) when fused.
/// Memory    none per event.
class worker {
public:
    worker(exchange& shared, std::uint32_t index);

    /// Called by the outlet that has it inside. The network threads know of all deliveries when it
    /// returns.
    void work_on(std::span<work> batch);

    /// Until the last outlet has closed the ring and it is drained.
    void run();

private:
    static constexpr std::size_t batch_entries = 256;

    [[nodiscard]] std::size_t pass();
    void take(std::span<work> batch);
    void add_references(std::span<const work> batch);
    void deliver(std::span<const work> run);
    [[nodiscard]] std::size_t give(const target& one, std::span<const work> run, bool first_target);
    void wait_for_room(subscriber& to, const delivery& one);
    void wait_for_budget(subscriber& to, std::size_t bytes);
    [[nodiscard]] bool in_a_hurry() const noexcept {
        return grace_over_.load(std::memory_order_relaxed);  // hint: looked at again
    }
    void lose(std::span<const work> run, bool first_target);
    void touch(subscriber& one);
    void tell_touched();

    work_ring* entries_;  // nullptr: inside an outlet
    tally_table& tallies_;
    probe& probe_;
    const std::atomic<bool>& grace_over_;
    reference_drops drops_;
    std::vector<subscriber*> touched_;
};

}  // namespace broker::core
