// SPDX-License-Identifier: MIT
#include "broker/config.hpp"
#include "broker/config_keys.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <sstream>
#include <utility>
#include <vector>

namespace broker {

namespace {

/// The options that stand for one key each; all others are reached by --set.
struct short_cut {
    const char* option;
    const char* key;
    const char* value;
    const char* help;
};
constexpr std::array<short_cut, 7> short_cuts{{
    {"--bind", "listen.address", "ADDRESS", "address to listen on (127.0.0.1)"},
    {"--tcp-port", "listen.tcp_port", "PORT", "TCP port, 0 for any free one (8081)"},
    {"--udp-port", "listen.udp_port", "PORT", "UDP port, 0 for any free one (8082)"},
    {"--net-threads", "threads.network", "N", "network threads, 0 to choose (0)"},
    {"--workers", "threads.workers", "N", "worker threads, 0 to choose (0)"},
    {"--log-level", "log.level", "LEVEL", "trace, debug, info, warn, error or off (info)"},
    {"--log-file", "log.file", "FILE", "log file, \"\" for none (logs/eventstream.log)"},
}};

const std::string origin = "command line";

void set_by_name(draft& into, const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    const std::string name = assignment.substr(0, equals);
    if (equals == std::string::npos) {
        throw config_error(
            origin + ": --set " + printable(assignment) + ": no value, expected KEY=VALUE");
    }
    const config_key* const key = find_config_key(name);
    if (key == nullptr) {
        throw config_error(origin + ": " + printable(name) +
            ": unknown key, expected one such as listen.tcp_port");
    }
    set_value(into, *key, {assignment.substr(equals + 1), false, origin, name});
}

start ending(int exit_code, std::string to_stdout, std::string to_stderr) {
    start result;
    result.next = start::what::exit;
    result.exit_code = exit_code;
    result.to_stdout = std::move(to_stdout);
    result.to_stderr = std::move(to_stderr);
    return result;
}

struct words {
    std::string file;
    std::array<std::string, short_cuts.size()> values;
    std::vector<std::string> assignments;
    bool insecure = false;
    bool check = false;
    bool plan = false;
};

draft draft_from(const words& said, const CLI::App& app) {
    draft all;
    if (app.count("--config") != 0) read_yaml_file(all, said.file);
    for (const std::string& assignment : said.assignments) set_by_name(all, assignment);
    for (std::size_t i = 0; i < short_cuts.size(); ++i) {
        const auto& [option, key, value, help] = short_cuts[i];
        if (app.count(option) == 0) continue;
        set_value(all, *find_config_key(key), {said.values[i], false, origin, option});
    }
    if (said.insecure) {
        set_value(all, *find_config_key("listen.insecure"), {"true", false, origin, "--insecure"});
    }
    check_together(all);
    return all;
}

/// As CLI11 takes them, the last first. `--option=` becomes `--option ""`, or it would take the
/// next word for its value.
std::vector<std::string> backwards(int argc, const char* const* argv) {
    std::vector<std::string> list;
    for (int i = argc - 1; i > 0; --i) {
        std::string word = argv[i];
        if (word.starts_with("--") && word.find('=') == word.size() - 1) {
            word.pop_back();
            list.emplace_back();
        }
        list.push_back(std::move(word));
    }
    return list;
}

}  // namespace

start read_command_line(int argc, const char* const* argv, const std::string& version) {
    words said;
    CLI::App app("Takes events over TCP and UDP and delivers them to subscribers.", "lfq-broker");
    app.set_version_flag("--version", version);
    app.add_option("--config", said.file, "configuration file; without it: the defaults")
        ->type_name("FILE");
    for (std::size_t i = 0; i < short_cuts.size(); ++i) {
        app.add_option(short_cuts[i].option, said.values[i], short_cuts[i].help)
            ->type_name(short_cuts[i].value);
    }
    app.add_option("--set", said.assignments, "any key of the file; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.add_flag("--insecure", said.insecure, "listen beyond loopback without authentication");
    app.add_flag("--check-config", said.check, "read the configuration, say what is wrong, exit");
    app.add_flag("--print-plan", said.plan, "say which threads there would be, and where; exit");

    try {
        app.parse(backwards(argc, argv));
        start result;
        result.settings = draft_from(said, app).values;
        if (said.plan) result.next = start::what::print_plan;
        if (!said.check) return result;
        const std::string read = said.file.empty() ? "the command line" : said.file;
        return ending(0, read + ": the configuration is valid\n", "");
    } catch (const config_error& error) {
        return ending(exit_bad_config, "", std::string(error.what()) + "\n");
    } catch (const CLI::ParseError& error) {
        std::ostringstream out;
        std::ostringstream err;
        const int code = app.exit(error, out, err);
        return ending(code == 0 ? 0 : exit_bad_usage, out.str(), err.str());
    }
}

}  // namespace broker
