// SPDX-License-Identifier: MIT
// lfq-broker: reads its configuration, runs one broker, prints what it counted.

#include "broker/broker.hpp"
#include "broker/config.hpp"
#include "broker/report.hpp"

#include <lfq/version.hpp>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace {

/// Standard output is for the line `ready`, and the counters; the log goes to standard error.
void open_log(const broker::log_options& wanted) {
    std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_color_sink_mt>()};
    if (!wanted.file.empty()) {
        sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(wanted.file));
    }
    auto log = std::make_shared<spdlog::logger>("broker", sinks.begin(), sinks.end());
    log->set_level(spdlog::level::from_str(wanted.level));
    log->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(log));
}

int serve(broker::config settings) {
    const sigset_t handled = broker::server::handled_signals();
    ::pthread_sigmask(SIG_BLOCK, &handled, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    open_log(settings.log);
    settings.net.server_id = "lfq-broker/" LFQ_VERSION_STRING;
    broker::server server(settings);
    spdlog::info("thread map: {}", server.thread_map());
    server.run([&] {
        const std::string& address = settings.net.address;
        std::printf("ready tcp=%s:%u udp=%s:%u\n", address.c_str(), unsigned{server.tcp_port()},
            address.c_str(), unsigned{server.udp_port()});
        std::fflush(stdout);
    });
    std::fputs(broker::table(server.count()).c_str(), stdout);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    broker::start start = broker::read_command_line(argc, argv, LFQ_VERSION_STRING);
    if (start.next == broker::start::what::exit) {
        std::fputs(start.to_stdout.c_str(), stdout);
        std::fputs(start.to_stderr.c_str(), stderr);
        return start.exit_code;
    }
    try {
        if (start.next == broker::start::what::print_plan) {
            std::printf("%s\n", broker::server::planned_map(start.settings).c_str());
            return 0;
        }
        return serve(std::move(start.settings));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "lfq-broker: %s\n", error.what());
        return 1;
    }
}
