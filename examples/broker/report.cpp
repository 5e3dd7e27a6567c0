// SPDX-License-Identifier: MIT
#include "broker/report.hpp"

#include <numeric>
#include <string_view>

namespace broker {

namespace {

void line(std::string& out, std::string_view name, std::string_view rest, std::uint64_t value) {
    out.append(name).append(rest).append(" ").append(std::to_string(value)).append("\n");
}

template <class Reason, std::size_t Count>
void lines(
    std::string& out, std::string_view prefix, const std::array<std::uint64_t, Count>& values) {
    for (std::size_t i = 0; i < Count; ++i) {
        line(out, prefix, to_string(static_cast<Reason>(i)), values[i]);
    }
}

void lines(std::string& out, std::string_view stage, const core::stage_figures& figures) {
    line(out, stage, "_batches", figures.batches);
    line(out, stage, "_p50_us", figures.p50_us);
    line(out, stage, "_p99_us", figures.p99_us);
    line(out, stage, "_max_us", figures.max_us);
}

std::string balance(const counters& c) {
    const std::int64_t off = events_in_flight(c);
    const std::string verdict = off == 0 ? "ok" : "off by " + std::to_string(off);
    return "balance " + verdict + ": " + std::to_string(events_in(c)) +
        " in = " + std::to_string(c.delivered) + " delivered + " + std::to_string(c.filtered) +
        " filtered + " + std::to_string(events_dropped(c)) + " dropped\n";
}

}  // namespace

std::uint64_t events_in(const counters& c) noexcept { return c.events_in_tcp + c.events_in_udp; }

std::uint64_t events_dropped(const counters& c) noexcept {
    return std::accumulate(c.dropped.begin(), c.dropped.end(), std::uint64_t{0});
}

std::int64_t events_in_flight(const counters& c) noexcept {
    return static_cast<std::int64_t>(events_in(c) - c.delivered - c.filtered - events_dropped(c));
}

std::string table(const counters& c) {
    std::string out;
    out.reserve(2048);
    line(out, "events_in_tcp", "", c.events_in_tcp);
    line(out, "events_in_udp", "", c.events_in_udp);
    line(out, "delivered", "", c.delivered);
    line(out, "filtered", "", c.filtered);
    line(out, "dropped", "", events_dropped(c));
    lines<core::drop_reason>(out, "dropped_", c.dropped);
    line(out, "deliveries", "", c.deliveries);
    lines<net::malformed>(out, "malformed_", c.malformed);
    line(out, "udp_socket_drops", "", c.udp_socket_drops);
    line(out, "bytes_in", "", c.bytes_in);
    line(out, "bytes_out", "", c.bytes_out);
    line(out, "connections_accepted", "", c.connections_accepted);
    line(out, "connections_open", "", c.connections_open);
    lines<net::close_reason>(out, "connections_closed_", c.connections_closed);
    line(out, "sessions", "", c.sessions);
    line(out, "subscriptions_open", "", c.subscriptions_open);
    line(out, "slow_consumers", "", c.slow_consumers);
    line(out, "priority_batches", "", c.priority_batches);
    line(out, "dedup_fresh", "", c.dedup_fresh);
    line(out, "dedup_full", "", c.dedup_full);
    line(out, "windows_by_count", "", c.windows_by_count);
    line(out, "windows_by_time", "", c.windows_by_time);
    line(out, "windows_early", "", c.windows_early);
    line(out, "topics", "", c.topics);
    line(out, "slabs_taken", "", c.slabs_taken);
    line(out, "slabs_taken_max", "", c.slabs_taken_max);
    lines(out, "queue", c.queue);
    lines(out, "send", c.sending);
    line(out, "state_changes", "", c.state_changes);
    line(out, "cpu_us", "", c.cpu_us);
    line(out, "rss_peak_bytes", "", c.rss_peak_bytes);
    out.append("in_flight ").append(std::to_string(events_in_flight(c))).append("\n");
    return out += balance(c);
}

}  // namespace broker
