// SPDX-License-Identifier: MIT
#include "broker/cli/commands.hpp"
#include "broker/cli/figures.hpp"
#include "broker/cli/session_client.hpp"

#include <cstdio>

namespace broker::cli {

namespace {

figures numbers(const net::pong& pong) {
    figures all;
    all.add("state", state_name(pong.state));
    all.add("cpu_seconds", static_cast<double>(pong.cpu_us) / 1e6, 3);
    all.add("rss_peak_bytes", pong.rss_peak_bytes);
    all.add("in", pong.in);
    all.add("delivered", pong.delivered);
    all.add("filtered", pong.filtered);
    all.add("dropped", pong.dropped);
    all.add("queue_p50_us", pong.queue_p50_us);
    all.add("queue_p99_us", pong.queue_p99_us);
    all.add("send_p50_us", pong.send_p50_us);
    all.add("send_p99_us", pong.send_p99_us);
    return all;
}

std::string table(const net::pong& pong) {
    const auto times = [](std::uint64_t p50_us, std::uint64_t p99_us) {
        return "p50 " + spoken_time(p50_us * 1000) + ", p99 " + spoken_time(p99_us * 1000);
    };
    const auto row = [](const char* name, const std::string& value) {
        return std::string(name) + value + "\n";
    };
    return row("state      ", state_name(pong.state)) +
        row("cpu        ", spoken_time(pong.cpu_us * 1000)) +
        row("memory     ", grouped(pong.rss_peak_bytes / 1024) + " KiB at its peak") +
        row("in         ", grouped(pong.in)) + row("delivered  ", grouped(pong.delivered)) +
        row("filtered   ", grouped(pong.filtered)) + row("dropped    ", grouped(pong.dropped)) +
        row("in queue   ", times(pong.queue_p50_us, pong.queue_p99_us)) +
        row("until sent ", times(pong.send_p50_us, pong.send_p99_us));
}

}  // namespace

exit_code show_state(const state_options& options) {
    session_client client(options.target, "lfqctl state", options.patience);
    const net::pong pong = client.ping();
    std::string text;
    switch (options.format) {
        case output_format::table: text = table(pong); break;
        case output_format::pairs: text = numbers(pong).pairs(); break;
        case output_format::json: text = numbers(pong).json(); break;
    }
    std::fputs(text.c_str(), stdout);
    return exit_code::fine;
}

}  // namespace broker::cli
