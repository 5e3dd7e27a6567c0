// SPDX-License-Identifier: MIT
// broker/cli/bench_subscriber.hpp — one subscribing connection of a bench run, and what it saw.
// Room: cli. Reads: cli/session_client, cli/bench_stamp, cli/histogram.
#pragma once

#include "broker/cli/bench_stamp.hpp"
#include "broker/cli/histogram.hpp"
#include "broker/cli/session_client.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace broker::cli {

struct subscriber_plan {
    std::string filter;
    std::uint32_t run = 0;
    std::vector<std::string> topics;  // by publishing connection
    std::uint8_t priority = 5;
    std::uint32_t payload_bytes = 64;
    std::uint64_t expected = 0;  // events that the filter matches
    bool all_must_arrive = true;  // false (UDP): some may be missing, and silence is the end
};

// Threads  run() on one; received() from any; the rest when run() has returned
// Failure  a lost connection or an ERR throws cli::failure out of run()
class bench_subscriber {
public:
    bench_subscriber(
        const endpoint& where, subscriber_plan plan, std::chrono::milliseconds patience);

    // Takes events until all have arrived, or until none has come for a while although
    // `publishing_is_over`.
    void run(const std::atomic<bool>& publishing_is_over);

    [[nodiscard]] std::uint64_t received() const noexcept {
        return received_.load(std::memory_order_relaxed);  // count: for the progress line
    }

    [[nodiscard]] const subscriber_plan& plan() const noexcept { return plan_; }
    [[nodiscard]] const ledger& events() const noexcept { return events_; }
    [[nodiscard]] const histogram& latency_ns() const noexcept { return latency_ns_; }
    [[nodiscard]] std::uint64_t damaged() const noexcept {
        return damaged_;
    }  // ours, but not as sent
    [[nodiscard]] std::uint64_t foreign() const noexcept { return foreign_; }  // somebody else's
    [[nodiscard]] std::uint64_t first_ns() const noexcept { return first_ns_; }
    [[nodiscard]] std::uint64_t last_ns() const noexcept { return last_ns_; }

private:
    void take(const event_view& event, std::uint64_t now_ns);

    subscriber_plan plan_;
    std::chrono::milliseconds patience_;
    session_client client_;
    ledger events_;
    histogram latency_ns_;
    std::uint64_t damaged_ = 0;
    std::uint64_t foreign_ = 0;
    std::uint64_t first_ns_ = 0;
    std::uint64_t last_ns_ = 0;
    std::atomic<std::uint64_t> received_{0};  // written by run(), read by anyone
};

}  // namespace broker::cli
