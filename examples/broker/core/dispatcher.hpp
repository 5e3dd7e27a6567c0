// SPDX-License-Identifier: MIT
// broker/core/dispatcher.hpp — the only consumer of the ingest ring: topics, routes, processors.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/exchange.hpp"
#include "broker/core/outlet.hpp"
#include "broker/core/processing.hpp"
#include "broker/core/processor.hpp"
#include "broker/core/routes.hpp"
#include "broker/core/stage.hpp"
#include "broker/core/topic_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace broker::core {

/// Threads   one.
/// Memory    none per event; see topic_table and routes for what is new.
class dispatcher {
public:
    /// `rules` and its processors outlive it.
    dispatcher(exchange& shared, const processing_rules& rules);

    /// Until the ingest ring is closed and drained; then what is held is handed on, and its outlet
    /// and the rings of the processors are closed.
    void run();

private:
    static constexpr std::size_t batch_events = 256;

    [[nodiscard]] bool wait_for(event& first);
    [[nodiscard]] std::size_t pass();
    void take(std::span<event> batch);
    void route_all(std::span<event> events);
    [[nodiscard]] bool route_one(event& one);
    void process_others();
    void obey(std::unique_ptr<command> order);
    void retire(std::unique_ptr<generation> old, subscriber* leaving);
    void finish_batch();
    void give_room();

    exchange& shared_;
    probe& probe_;
    stage_meter queued_;
    const processing_rules& rules_;
    topic_table topics_;
    routes routes_;
    std::vector<std::uint8_t> rule_of_topic_;  // as many as topics_
    outlet out_;
    processing inside_;
    std::array<processor_ring*, processing_rules::rules_max + 1> apart_{};  // by rule

    std::array<event, batch_events> batch_;
    // Of it: those that are not realtime, in the order in which they came.
    std::array<event, batch_events> others_;
    std::size_t others_count_ = 0;
};

}  // namespace broker::core
