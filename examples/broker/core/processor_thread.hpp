// SPDX-License-Identifier: MIT
// broker/core/processor_thread.hpp — processors of one kind, beside the dispatcher.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/exchange.hpp"
#include "broker/core/outlet.hpp"
#include "broker/core/processing.hpp"
#include "broker/core/processor.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace broker::core {

/// Between the dispatcher and the workers: events come through a ring of its own, already routed,
/// and go on to the workers' rings. So there is no circle in which threads could wait for each
/// other.
///
/// Threads   one: its own.
/// Memory    none per event.
class processor_thread {
public:
    /// The kind is shared.plan.apart[index]; the rules outlive it.
    processor_thread(exchange& shared, std::size_t index, const processing_rules& rules);

    /// Until the dispatcher has closed the ring and it is drained; what is held is handed on.
    void run();

private:
    static constexpr std::size_t batch_events = 256;

    [[nodiscard]] bool wait_for(event& first);
    [[nodiscard]] std::size_t pass();
    void take(std::span<event> batch);

    processor_ring& events_;
    outlet out_;
    processing inside_;
    std::array<event, batch_events> batch_;
};

}  // namespace broker::core
