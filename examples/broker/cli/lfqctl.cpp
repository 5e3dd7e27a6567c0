// SPDX-License-Identifier: MIT
// The broker's client: publishes, subscribes, measures, and asks how the broker is.
#include "broker/cli/bench_stamp.hpp"
#include "broker/cli/commands.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace broker::cli;

const std::map<std::string, output_format> format_names{{"table", output_format::table},
    {"pairs", output_format::pairs}, {"json", output_format::json}};
const std::map<std::string, event_style> style_names{
    {"line", event_style::line}, {"full", event_style::full}, {"payload", event_style::payload}};

// What every command takes.
struct common {
    endpoint broker{"127.0.0.1", 8081};
    std::uint16_t udp_port = 8082;
    bool udp = false;
    double timeout_seconds = 10;
    output_format format = output_format::table;

    [[nodiscard]] std::chrono::milliseconds patience() const {
        return std::chrono::milliseconds(std::lround(timeout_seconds * 1000));
    }
};

void add_connection(CLI::App& to, common& shared) {
    to.add_option("--host", shared.broker.host, "the broker's name or address")
        ->capture_default_str();
    to.add_option("--port", shared.broker.port, "its TCP port")->capture_default_str();
    to.add_option("--timeout", shared.timeout_seconds, "seconds without any progress that end it")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 3600.0));
}

void add_udp(CLI::App& to, common& shared) {
    to.add_flag("--udp", shared.udp, "publish by datagrams, without any answer");
    to.add_option("--udp-port", shared.udp_port, "the broker's UDP port")->capture_default_str();
}

void add_format(CLI::App& to, common& shared) {
    to.add_option("--format", shared.format, "table, pairs (name value) or json")
        ->transform(CLI::CheckedTransformer(format_names));
    to.add_flag_callback(
        "--json", [&shared] { shared.format = output_format::json; }, "the same as --format json");
}

struct commands {
    common shared;
    pub_options pub;
    std::string payload;
    sub_options sub;
    bench_options bench;
    std::uint32_t subscribers = 1;
    CLI::App app{"lfqctl: client of lfq-broker", "lfqctl"};
    CLI::App* pub_command = nullptr;
    CLI::App* sub_command = nullptr;
    CLI::App* state_command = nullptr;
    CLI::App* bench_command = nullptr;
    CLI::Option* payload_option = nullptr;

    commands() {
        app.require_subcommand(1);
        app.footer("Exit codes: 0 done, 1 not the promised outcome, 64 usage, 69 no broker.");
        add_pub();
        add_sub();
        add_state();
        add_bench();
    }

    void add_pub() {
        pub_command =
            app.add_subcommand("pub", "publish one event, or each line of standard input");
        add_connection(*pub_command, shared);
        add_udp(*pub_command, shared);
        pub_command->add_option("topic", pub.topic, "such as sensor/temp")->required();
        payload_option = pub_command->add_option("payload", payload, "without it: standard input");
        pub_command->add_option("--priority", pub.priority, "0 to 127, higher is more urgent")
            ->capture_default_str()
            ->check(CLI::Range(0, 127));
    }

    void add_sub() {
        sub_command = app.add_subcommand("sub", "print the events that any of the filters matches");
        add_connection(*sub_command, shared);
        sub_command->add_option("filter", sub.filters, "a/b, a/* or a/>")->required();
        sub_command->add_option("-n,--count", sub.count, "end after so many (0: go on)");
        sub_command->add_option("--style", sub.style, "line, full or payload")
            ->transform(CLI::CheckedTransformer(style_names));
    }

    void add_state() {
        state_command = app.add_subcommand("state", "the broker's state, cpu, memory and books");
        add_connection(*state_command, shared);
        add_format(*state_command, shared);
    }

    void add_bench() {
        bench_command = app.add_subcommand("bench", "publish and subscribe, measure and verify");
        add_connection(*bench_command, shared);
        add_udp(*bench_command, shared);
        add_format(*bench_command, shared);
        bench_command->add_option("--topic", bench.topic, "connection i publishes to <topic>/<i>")
            ->capture_default_str();
        bench_command->add_option("--count", bench.count, "events of all publishers together")
            ->capture_default_str();
        bench_command->add_option("--rate", bench.rate, "events per second; 0: flat out")
            ->check(CLI::NonNegativeNumber);
        bench_command->add_option("--size", bench.payload_bytes, "bytes of a payload")
            ->capture_default_str()
            ->check(CLI::Range(bench_payload_bytes_min, std::size_t{60'000}));
        bench_command->add_option("--priority", bench.priority)->check(CLI::Range(0, 127));
        bench_command->add_option("--publishers", bench.publishers, "publishing connections")
            ->capture_default_str()
            ->check(CLI::Range(1, 256));
        bench_command
            ->add_option(
                "--subscribers", subscribers, "subscribers of <topic>/>, where no --filter")
            ->capture_default_str()
            ->check(CLI::Range(0, 256));
        bench_command->add_option("--filter", bench.filters, "one subscriber for each --filter");
    }

    exit_code run() {
        const auto patience = shared.patience();
        const transport how = shared.udp ? transport::udp : transport::tcp;
        if (pub_command->parsed()) {
            pub.target = shared.broker;
            if (shared.udp) pub.target.port = shared.udp_port;
            pub.how = how;
            pub.patience = patience;
            if (payload_option->count() != 0) pub.payload = payload;
            return publish(pub);
        }
        if (sub_command->parsed()) {
            sub.target = shared.broker;
            sub.patience = patience;
            return subscribe(sub);
        }
        if (state_command->parsed()) return show_state({shared.broker, shared.format, patience});
        bench.session = shared.broker;
        bench.udp_port = shared.udp_port;
        bench.how = how;
        bench.patience = patience;
        bench.progress = ::isatty(STDERR_FILENO) != 0;
        if (bench.filters.empty()) bench.filters.assign(subscribers, bench.topic + "/>");
        const bench_result result = run_bench(bench);
        std::fputs(report(bench, result, shared.format).c_str(), stdout);
        return result.as_promised(bench) ? exit_code::fine : exit_code::failed;
    }
};

}  // namespace

int main(int argc, char** argv) {
    try {
        commands all;
        try {
            all.app.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            const int code = all.app.exit(error);
            return code == 0 ? 0 : static_cast<int>(exit_code::usage);
        }
        return static_cast<int>(all.run());
    } catch (const failure& error) {
        std::fprintf(stderr, "lfqctl: %s\n", error.what());
        return static_cast<int>(error.code());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "lfqctl: %s\n", error.what());
        return static_cast<int>(exit_code::failed);
    }
}
