// SPDX-License-Identifier: MIT
// Goal: a configuration that is wrong is refused before any port is opened, with the place and what
// was expected, and exit code 78.
// Method: the program with one wrong file each; its standard error and exit code.
// Cannot show: every key and range; config.unit does that without processes.
#include "fixture.hpp"
#include "support/catch.hpp"

#include <string>

using namespace broker::test;

namespace {

struct refused {
    int exit_code;
    std::string errors;
    std::string output;
};

refused start_with(const scratch& directory, std::vector<std::string> arguments) {
    std::vector<std::string> command{LFQ_BROKER_EXE, "--log-file", directory.path() / "broker.log"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    program broker(std::move(command));
    const std::string output = broker.rest_of_output();
    const int code = broker.exit_code();
    return {code, broker.errors(), output};
}

}  // namespace

TEST_CASE("a_wrong_configuration_is_refused_with_its_place_and_78") {
    struct {
        const char* text;
        const char* place;  // file:line: key:
    } const rows[] = {
        {"listen:\n  tcp_prot: 1\n", "config.yaml:2: listen.tcp_prot:"},
        {"lisen:\n  tcp_port: 1\n", "config.yaml:1: lisen:"},
        {"listen:\n  tcp_port: many\n", "config.yaml:2: listen.tcp_port:"},
        {"listen:\n  tcp_port: \"1\"\n", "config.yaml:2: listen.tcp_port:"},
        {"listen:\n  tcp_port: 65536\n", "config.yaml:2: listen.tcp_port:"},
        {"listen:\n  tcp_port: -1\n", "config.yaml:2: listen.tcp_port:"},
        {"limits:\n\n  connections_max: [1]\n", "config.yaml:3: limits.connections_max:"},
        {"storage:\n  backend: sqlite\n",
            "config.yaml:2: storage.backend: only memory is built in"},
        {"processor_threads:\n  batch: 2\n", "config.yaml:2: processor_threads.batch:"},
        {"processors:\n  - topics: a\n    use: quick\n",
            "config.yaml:3: processors.0.use: quick is not possible, expected realtime, "
            "transactional or batch"},
        {"listen:\n  address: 0.0.0.0\n", "config.yaml:2: listen.address:"},
        {"log:\n  level: loud\n", "config.yaml:2: log.level:"},
        {"listen: [\n", "config.yaml:"},
    };
    for (const auto& one : rows) {
        INFO(one.text);
        scratch directory;
        const auto file = directory.write("config.yaml", one.text);
        const refused answer = start_with(directory, {"--config", file});
        CHECK(answer.exit_code == 78);
        INFO(answer.errors);
        CHECK(answer.errors.find(one.place) != std::string::npos);
        CHECK(answer.output.find("ready") == std::string::npos);
    }
}

TEST_CASE("a_wrong_value_on_the_command_line_is_refused_with_78") {
    scratch directory;
    const refused answer = start_with(directory, {"--tcp-port", "70000"});
    CHECK(answer.exit_code == 78);
    CHECK(answer.errors.find("--tcp-port") != std::string::npos);
}

TEST_CASE("an_unknown_option_is_refused_with_64") {
    scratch directory;
    const refused answer = start_with(directory, {"--no-such-option"});
    CHECK(answer.exit_code == 64);
    CHECK(answer.errors.find("--no-such-option") != std::string::npos);
}

TEST_CASE("a_configuration_that_is_not_there_is_refused_with_78") {
    scratch directory;
    const std::string file = directory.path() / "nowhere.yaml";
    const refused answer = start_with(directory, {"--config", file});
    CHECK(answer.exit_code == 78);
    CHECK(answer.errors.find(file) != std::string::npos);
}

TEST_CASE("the_plan_is_printed_without_a_port_being_opened") {
    scratch directory;
    const auto file = directory.write(
        "config.yaml", "processors: [{topics: a, use: batch}]\nthreads: {workers: 1}\n");
    broker_process running;  // its ports are in use
    program planning({LFQ_BROKER_EXE, "--print-plan", "--config", file, "--tcp-port",
        std::to_string(running.tcp()), "--log-file", directory.path() / "broker.log"});
    const std::string plan = planning.rest_of_output();
    CHECK(planning.exit_code() == 0);
    CHECK(plan.find("core: dispatcher, realtime") != std::string::npos);
    CHECK(plan.find("\n  batch: 1 rule") != std::string::npos);
    CHECK(plan.find("\n  worker-0: subscribers 0 of 1") != std::string::npos);
    CHECK(plan.find("TCP 127.0.0.1:" + std::to_string(running.tcp())) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(directory.path() / "broker.log"));
}
