// SPDX-License-Identifier: MIT
// The way of an event through one process, as in a broker without a network: frames → events of a
// pool → mpsc_ring → dispatcher with topics → a ring for each of three processors. Every event is
// checked and counted. What it does is told by --help.
#include "arguments.hpp"
#include "pipeline/run.hpp"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <span>
#include <string_view>

namespace {

using namespace pipeline;
using example::exit_bad_usage;
using example::read_number;

constexpr std::uint64_t events_max = 1'000'000'000;
constexpr std::uint64_t per_second_max = 100'000'000;

constexpr const char* help =
    "usage: pipeline [events [per_second]]\n"
    "\n"
    "Clients send frames of three topics: quotes (realtime), orders (transactional; one in "
    "eight\n"
    "is sent twice) and telemetry (batch). First as fast as it goes, then at a pace, for the\n"
    "latencies; one event in 64 is timed. Then the table of stages beside what a seed says its\n"
    "own take, and how the times of each stage are spread. A batch event waits for its window to\n"
    "end: that has a row of its own, and is no part of its work, nor of the whole.\n"
    "\n"
    "  events      of each client as fast as it goes, 1 to 1000000000 (1000000); a tenth at a "
    "pace\n"
    "  per_second  of all clients together at a pace, 1000 to 100000000 (200000)\n"
    "\n"
    "Exit code: 0, or 1 when the counts disagree, or 64 when an argument is wrong.\n";

struct options {
    std::uint64_t events = 1'000'000;
    std::uint64_t per_second = 200'000;
};

bool read_arguments(std::span<char*> arguments, options& out) {
    if (arguments.size() > 2) {
        std::fprintf(stderr, "too many arguments; see --help\n");
        return false;
    }
    return (arguments.empty() || read_number("events", arguments[0], 1, events_max, out.events)) &&
        (arguments.size() < 2 ||
            read_number("per_second", arguments[1], 1'000, per_second_max, out.per_second));
}

struct row {
    stage of;
    const char* name;
    const char* seed;  // what EventStreamCore's breakdown says, ns
};
constexpr std::array<row, stage_count> rows{{{stage::parse, "parse, take from the pool", "180"},
    {stage::ingest_push, "push to the mpsc_ring", "120"},
    {stage::ingest_wait, "wait for the dispatcher", ""}, {stage::route, "route", "200"},
    {stage::worker_push, "push to the worker's ring", "80"},
    {stage::worker_wait, "wait for the worker", ""}, {stage::window, "batch: wait in a window", ""},
    {stage::work, "work", "450"}, {stage::whole, "all, but for the window", "1030"}}};

void print_times(stage_times& times) {
    std::printf("\n%-25s %9s %9s %9s %9s %9s\n", "ns, clock included", "events", "p50", "p99",
        "p99.9", "seed");
    for (const row& each : rows) {
        std::printf("%-25s %9zu %9" PRId64 " %9" PRId64 " %9" PRId64 " %9s\n", each.name,
            times.count(each.of), times.quantile_ns(each.of, 0.5), times.quantile_ns(each.of, 0.99),
            times.quantile_ns(each.of, 0.999), each.seed);
    }
}

/// Of each stage, how many in a hundred took up to so long; "<1" are some.
void print_histograms(const stage_times& times) {
    constexpr std::array<const char*, bucket_count> bounds{"128", "256", "512", "1u", "2u", "4u",
        "8u", "16u", "33u", "66u", "131u", "262u", "524u", "1m", "more"};
    std::printf("\n%-25s", "%, up to ns, us, ms");
    for (const char* const each : bounds) std::printf("%5s", each);
    for (const row& stage : rows) {
        const std::size_t all = std::max<std::size_t>(1, times.count(stage.of));
        std::printf("\n%-25s", stage.name);
        for (const std::size_t each : times.histogram(stage.of)) {
            const std::size_t percent = (each * 100 + all / 2) / all;
            if (percent != 0)
                std::printf("%5zu", percent);
            else
                std::printf("%5s", each == 0 ? "" : "<1");
        }
    }
    std::printf("\n");
}

std::uint64_t sum_of(const sent_counts& sent) {
    return sent.events[0] + sent.events[1] + sent.events[2];
}

void print_rate(const char* how, const outcome& found) {
    std::printf("%s: %" PRIu64 " events in %.3f s, %.2f M/s; %" PRIu64 " windows, %" PRIu64
                " undecided, %" PRIu64 " waits for the pool\n",
        how, sum_of(found.sent), found.seconds,
        static_cast<double>(sum_of(found.sent)) / found.seconds / 1e6, found.workers[2].windows,
        found.workers[1].undecided, found.sent.waits_for_pool);
}

int show(const options& asked) {
    const layout where = layout_for(lfq::sys::topology::of_this_machine());
    std::printf("%s\n%s\n", where.plan.text().c_str(),
        where.fused ? "fused: the processors run in the dispatcher's thread"
                    : "a thread for each processor");
    outcome fast = run(where, {asked.events, 0});
    print_rate("as fast as it goes", fast);
    const std::uint64_t at_a_pace = asked.events / 10 + 1;
    outcome paced = run(where, {at_a_pace, asked.per_second / where.clients});
    print_rate("at a pace", paced);
    print_times(paced.times);
    print_histograms(paced.times);

    const std::string complaint = fast.complaint() + paced.complaint();
    if (!complaint.empty()) {
        std::fprintf(stderr, "%s", complaint.c_str());
        return 1;
    }
    const auto& [realtime, transactional, batch] = fast.workers;
    std::printf("\nok: sent %" PRIu64 " = realtime %" PRIu64 " + transactional %" PRIu64
                " + repeated %" PRIu64 " + batch %" PRIu64
                ", broken 0, out of order 0, allocations 0\n",
        sum_of(fast.sent), realtime.events, transactional.events, transactional.repeated,
        batch.events);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::span<char*> arguments(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
    if (!arguments.empty() && std::string_view(arguments[0]) == "--help") {
        std::fputs(help, stdout);
        return 0;
    }
    options asked;
    if (!read_arguments(arguments, asked)) return exit_bad_usage;
    try {
        return show(asked);
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "pipeline: %s\n", failed.what());
        return 1;
    }
}
