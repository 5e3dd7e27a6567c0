// SPDX-License-Identifier: MIT
// broker/cli/commands.hpp — what lfqctl can do besides bench: pub, sub, state.
// Room: cli. Reads: cli/bench.
#pragma once

#include "broker/cli/bench.hpp"
#include "broker/cli/failure.hpp"
#include "broker/cli/socket.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace broker::cli {

struct pub_options {
    endpoint target;
    transport how = transport::tcp;
    std::string topic;
    std::optional<std::string> payload;  // none: each line of standard input is one
    std::uint8_t priority = 5;
    std::chrono::milliseconds patience{10'000};
};

// Over TCP it returns when the broker has read every event; over UDP when they are sent.
exit_code publish(const pub_options& options);

enum class event_style : std::uint8_t {
    line,  // topic payload
    full,  // time priority topic payload
    payload,  // the payload's bytes as they are
};

struct sub_options {
    endpoint target;
    std::vector<std::string> filters;
    std::uint64_t count = 0;  // 0: without end
    event_style style = event_style::line;
    std::chrono::milliseconds patience{10'000};
};

// Prints events until there were enough, the broker drains, or SIGINT or SIGTERM comes.
exit_code subscribe(const sub_options& options);

struct state_options {
    endpoint target;
    output_format format = output_format::table;
    std::chrono::milliseconds patience{10'000};
};

exit_code show_state(const state_options& options);

}  // namespace broker::cli
