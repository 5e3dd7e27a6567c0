// SPDX-License-Identifier: MIT
// broker/config.hpp — config.yaml and the command line, checked, as one struct.
// For the root only. Reads: the rooms' options. Keys: docs/broker/configuration.md.
#pragma once

#include "broker/control/options.hpp"
#include "broker/core/options.hpp"
#include "broker/core/processor.hpp"
#include "broker/net/options.hpp"
#include "broker/processors/batch/options.hpp"
#include "broker/processors/transactional/options.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace broker {

/// sysexits.h: the configuration is wrong; the command line is wrong.
inline constexpr int exit_bad_config = 78;
inline constexpr int exit_bad_usage = 64;

struct log_options {
    std::string level = "info";  // trace debug info warn error off
    std::string file = "logs/eventstream.log";  // empty: console only
};

/// One of `processors`: the topics that a filter matches, and what happens to their events.
struct processor_choice {
    std::string topics;  // a filter
    core::processor_kind use = core::processor_kind::realtime;
    processors::transactional_options transactional{};  // of that kind
    processors::batch_options batch{};  // of that kind
};

struct processing_options {
    std::vector<processor_choice> rules;  // the first that matches a topic is its rule
    std::size_t held_max = 65'536;  // events in all windows of batch processors
    std::uint32_t transactional_threads = 1;  // 0: inside the dispatcher
    std::uint32_t batch_threads = 1;
};

struct config {
    net::options net;
    core::options core;
    processing_options processing;
    control::options control;
    log_options log;
    bool insecure = false;  // an address beyond loopback was meant
    std::string file;  // where it came from; empty: defaults and command line only
};

/// what() is the whole line: `file:line: key: what, expected` (`command line: --option: …` for the
/// command line).
class config_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Defaults, then `path` over them. Throws config_error.
[[nodiscard]] config load_config(const std::string& path);

/// The same from text already read; `name` stands for the file in messages.
[[nodiscard]] config parse_config(const std::string& text, const std::string& name);

/// What main has to do next.
struct start {
    enum class what : unsigned char { run, print_plan, exit };
    what next = what::run;
    config settings;  // run, print_plan
    int exit_code = 0;  // exit: after --help, --version, --check-config, or a mistake
    std::string to_stdout;  // exit: print these
    std::string to_stderr;
};

/// The command line over the file over the defaults. Never throws config_error: a mistake is an
/// exit with 78 (a wrong value) or 64 (an unknown option) and its sentence. `version` is what
/// --version prints.
[[nodiscard]] start read_command_line(
    int argc, const char* const* argv, const std::string& version);

}  // namespace broker
