// SPDX-License-Identifier: MIT
// broker/cli/bench.hpp — publishers and subscribers against one broker: how much, how late, how
// whole. Room: cli. Reads: net/protocol, cli.
#pragma once

#include "broker/cli/histogram.hpp"
#include "broker/cli/socket.hpp"
#include "broker/net/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace broker::cli {

struct bench_options {
    endpoint session;  // subscribers, the control connection and TCP publishers
    std::uint16_t udp_port = 8082;
    transport how = transport::tcp;
    std::string topic = "bench";  // connection i publishes to <topic>/<i>
    std::uint64_t count = 1'000'000;  // events, shared out among the publishers
    double rate = 0;  // events per second of all publishers together; 0: flat out
    std::uint32_t payload_bytes = 64;
    std::uint8_t priority = 5;
    std::uint32_t publishers = 1;
    std::vector<std::string> filters;  // one subscriber each
    std::chrono::milliseconds patience{10'000};
    bool progress = false;  // a line on standard error that rewrites itself
};

struct bench_result {
    std::uint64_t sent = 0;
    std::uint64_t wire_bytes = 0;
    double publish_seconds = 0;
    double receive_seconds = 0;  // from the first write to the last event received

    std::uint64_t expected = 0;  // sum over subscribers of the events that their filters match
    std::uint64_t received = 0;
    std::uint64_t skipped = 0;
    std::uint64_t late = 0;  // again, or out of order
    std::uint64_t damaged = 0;  // topic, priority, size or content not as sent
    std::uint64_t foreign = 0;
    histogram latency_ns;

    net::pong before;
    net::pong after;
    double broker_cpu_percent = 0;
    double client_cpu_percent = 0;

    // TCP: every event once, in order per connection, as sent. UDP: the same, but some may be
    // missing.
    [[nodiscard]] bool as_promised(const bench_options& options) const noexcept;
};

// Throws cli::failure when the broker cannot be reached or goes away.
[[nodiscard]] bench_result run_bench(const bench_options& options);

enum class output_format : std::uint8_t { table, pairs, json };

[[nodiscard]] std::string report(
    const bench_options& options, const bench_result& result, output_format format);

}  // namespace broker::cli
