// SPDX-License-Identifier: MIT
#include "broker/cli/bench.hpp"
#include "broker/cli/figures.hpp"

#include <array>
#include <cstdio>

namespace broker::cli {

namespace {

double per_second(std::uint64_t count, double seconds) {
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

double us(std::uint64_t ns) { return static_cast<double>(ns) / 1e3; }

const char* name_of(transport how) { return how == transport::tcp ? "tcp" : "udp"; }

// Every number once; `pairs` and `json` are this list.
figures numbers(const bench_options& options, const bench_result& result) {
    figures all;
    all.add("transport", name_of(options.how));
    all.add("publishers", options.publishers);
    all.add("subscribers", options.filters.size());
    all.add("payload_bytes", options.payload_bytes);
    all.add("rate_wanted", options.rate, 0);
    all.add("sent", result.sent);
    all.add("sent_bytes", result.wire_bytes);
    all.add("publish_seconds", result.publish_seconds, 4);
    all.add("publish_per_second", per_second(result.sent, result.publish_seconds), 0);
    all.add("expected", result.expected);
    all.add("received", result.received);
    all.add("missing", result.expected > result.received ? result.expected - result.received : 0);
    all.add("late", result.late);
    all.add("damaged", result.damaged);
    all.add("foreign", result.foreign);
    all.add("receive_seconds", result.receive_seconds, 4);
    all.add("receive_per_second", per_second(result.received, result.receive_seconds), 0);
    all.add("latency_p50_us", us(result.latency_ns.percentile(50)), 1);
    all.add("latency_p90_us", us(result.latency_ns.percentile(90)), 1);
    all.add("latency_p99_us", us(result.latency_ns.percentile(99)), 1);
    all.add("latency_p999_us", us(result.latency_ns.percentile(99.9)), 1);
    all.add("latency_max_us", us(result.latency_ns.max()), 1);
    all.add("broker_in", result.after.in - result.before.in);
    all.add("broker_delivered", result.after.delivered - result.before.delivered);
    all.add("broker_filtered", result.after.filtered - result.before.filtered);
    all.add("broker_dropped", result.after.dropped - result.before.dropped);
    all.add("broker_cpu_percent", result.broker_cpu_percent, 1);
    all.add("broker_rss_peak_bytes", result.after.rss_peak_bytes);
    all.add("broker_state", state_name(result.after.state));
    all.add("client_cpu_percent", result.client_cpu_percent, 1);
    all.add("as_promised", result.as_promised(options) ? "yes" : "no");
    return all;
}

template <class... Values>
void line(std::string& out, const char* format, Values... values) {
    std::array<char, 256> room;
    const int size = std::snprintf(room.data(), room.size(), format, values...);
    if (size > 0) out.append(room.data(), std::min<std::size_t>(size_t(size), room.size() - 1));
    out += '\n';
}

std::string verdict(const bench_options& options, const bench_result& result) {
    if (!result.as_promised(options)) {
        return "NOT as promised: " + std::to_string(result.expected - result.received) +
            " missing, " + std::to_string(result.late) + " repeated or out of order, " +
            std::to_string(result.damaged) + " damaged";
    }
    if (options.how == transport::tcp) {
        return "every event arrived once, whole, and in order per connection";
    }
    return "each at most once, whole and in order per connection; " +
        std::to_string(result.expected - result.received) + " datagrams did not arrive";
}

std::string table(const bench_options& options, const bench_result& result) {
    std::string out;
    const double sent = per_second(result.sent, result.publish_seconds);
    const double got = per_second(result.received, result.receive_seconds);
    line(out, "%u %s publishers, %zu subscribers, %u-byte payloads, %s", options.publishers,
        name_of(options.how), options.filters.size(), options.payload_bytes,
        options.rate > 0 ? (grouped(static_cast<std::uint64_t>(options.rate)) + "/s").c_str()
                         : "flat out");
    line(out, "  sent      %13s events in %7.3f s  %8.3f M/s", grouped(result.sent).c_str(),
        result.publish_seconds, sent / 1e6);
    line(out, "  received  %13s events in %7.3f s  %8.3f M/s", grouped(result.received).c_str(),
        result.receive_seconds, got / 1e6);
    const histogram& late = result.latency_ns;
    line(out, "  latency   p50 %s  p90 %s  p99 %s  p99.9 %s  max %s",
        spoken_time(late.percentile(50)).c_str(), spoken_time(late.percentile(90)).c_str(),
        spoken_time(late.percentile(99)).c_str(), spoken_time(late.percentile(99.9)).c_str(),
        spoken_time(late.max()).c_str());
    line(out, "  broker    cpu %.0f %%, memory peak %.1f MiB, state %s", result.broker_cpu_percent,
        static_cast<double>(result.after.rss_peak_bytes) / 1048576, state_name(result.after.state));
    line(out, "  client    cpu %.0f %%", result.client_cpu_percent);
    out += "  verdict   " + verdict(options, result) + "\n";
    return out;
}

}  // namespace

std::string report(const bench_options& options, const bench_result& result, output_format format) {
    switch (format) {
        case output_format::pairs: return numbers(options, result).pairs();
        case output_format::json: return numbers(options, result).json();
        case output_format::table: break;
    }
    return table(options, result);
}

}  // namespace broker::cli
