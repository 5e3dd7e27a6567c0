// SPDX-License-Identifier: MIT
// broker/core/dispatcher.hpp — the only consumer of the ingest ring: topics, routes, fan-out.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/exchange.hpp"
#include "broker/core/routes.hpp"
#include "broker/core/topic_table.hpp"
#include "broker/core/worker.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace broker::core {

/// Threads   one.
/// Memory    none per event; see topic_table and routes for what is new.
class dispatcher {
public:
    explicit dispatcher(exchange& shared);

    /// Until the ingest ring is closed and drained; then the workers' rings are closed.
    void run();

private:
    static constexpr std::size_t batch_events = 256;

    struct stage {
        std::array<work, batch_events> entries;
        std::size_t count = 0;
    };

    [[nodiscard]] std::size_t pass();
    void take(std::span<const event> batch);
    void handle(const event& one);
    void obey(std::unique_ptr<command> order);
    void retire(std::unique_ptr<generation> old, subscriber* leaving);
    void put(std::uint32_t worker, const work& entry);
    void publish(std::uint32_t worker);
    void finish_batch();
    void give_room();

    exchange& shared_;
    probe& probe_;
    topic_table topics_;
    routes routes_;
    reference_drops drops_;
    std::optional<worker> inline_worker_;  // fused only
    std::vector<std::unique_ptr<stage>> stages_;  // per worker: published together
};

}  // namespace broker::core
