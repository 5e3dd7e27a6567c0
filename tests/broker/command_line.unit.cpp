// SPDX-License-Identifier: MIT
// Goal: the command line stands over the file over the defaults; a mistake has its exit code.
// Method: command lines as main would hand them over, with files in a directory of the test's own.
// Cannot show: that the program really exits so (configuration.e2e.cpp).
#include "broker/config.hpp"

#include "fixture.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

namespace {

using broker::read_command_line;
using broker::start;
using broker::test::scratch;

start run_with(std::vector<const char*> words) {
    words.insert(words.begin(), "lfq-broker");
    return read_command_line(static_cast<int>(words.size()), words.data(), "lfq-broker 9");
}

}  // namespace

TEST_CASE("a_file_that_cannot_be_read_is_refused_by_name") {
    CHECK_THROWS_AS(broker::load_config("/nowhere/c.yaml"), broker::config_error);
    const start missing = run_with({"--config", "/nowhere/c.yaml"});
    CHECK(missing.exit_code == 78);
    CHECK(missing.to_stderr ==
        "/nowhere/c.yaml: cannot be read: No such file or directory, expected a YAML file\n");
    CHECK(
        run_with({"--config", "/tmp"}).to_stderr == "/tmp: is a directory, expected a YAML file\n");
    const scratch directory;
    const std::string large = directory.write("large.yaml", "#" + std::string(1'048'576, ' '));
    CHECK(run_with({"--config", large.c_str()}).to_stderr.find("larger than 1 MiB") !=
        std::string::npos);
}

TEST_CASE("the_command_line_stands_over_the_file_and_the_file_over_the_defaults") {
    const scratch directory;
    const std::string file = directory.write(
        "file.yaml", "listen: {tcp_port: 1000, udp_port: 1001}\nlog: {level: warn}\n");
    const start s = run_with(
        {"--config", file.c_str(), "--tcp-port", "2000", "--set", "limits.frame_bytes_max=1024",
            "--log-file", "", "--net-threads", "4", "--workers", "2", "--bind", "::1"});
    REQUIRE(s.next == start::what::run);
    CHECK(s.settings.net.tcp_port == 2'000);
    CHECK(s.settings.net.udp_port == 1'001);
    CHECK(s.settings.net.frame_bytes_max == 1'024);
    CHECK(s.settings.net.threads == 4);
    CHECK(s.settings.core.workers == 2);
    CHECK(s.settings.net.address == "::1");
    CHECK(s.settings.log.level == "warn");
    CHECK(s.settings.log.file.empty());
    CHECK(s.settings.file == file);
    CHECK(run_with({}).settings.net.tcp_port == 8'081);
    CHECK(run_with({}).settings.file.empty());
}

TEST_CASE("a_wrong_value_on_the_command_line_is_named_by_its_option_and_exits_78") {
    const start port = run_with({"--tcp-port", "99999"});
    CHECK(port.exit_code == 78);
    CHECK(port.to_stderr ==
        "command line: --tcp-port: 99999 is out of range, expected a whole number 0 to 65535\n");
    CHECK(run_with({"--set", "storage.backend=file"}).to_stderr ==
        "command line: storage.backend: only memory is built in\n");
    CHECK(run_with({"--set", "nothing=1"}).exit_code == 78);
    CHECK(run_with({"--set", "log.level"}).exit_code == 78);
    CHECK(run_with({"--bind", "0.0.0.0"}).exit_code == 78);
    CHECK(run_with({"--bind", "0.0.0.0", "--insecure"}).next == start::what::run);
}

TEST_CASE("an_option_takes_one_value_and_no_more_than_that") {
    const start two = run_with({"--set", "log.level=warn", "--set=queues.ingest=64"});
    REQUIRE(two.next == start::what::run);
    CHECK(two.settings.log.level == "warn");
    CHECK(two.settings.core.ingest_capacity == 64);
    CHECK(run_with({"--set", "log.level=warn", "stray"}).exit_code == 64);
    const start empty = run_with({"--log-file=", "--check-config"});
    CHECK(empty.next == start::what::exit);
    CHECK(empty.exit_code == 0);
    CHECK(run_with({"--log-file="}).settings.log.file.empty());
    CHECK(run_with({"--set=log.file="}).settings.log.file.empty());
    CHECK(run_with({"--tcp-port", "1", "--tcp-port", "2"}).exit_code == 64);
    CHECK(run_with({"--tcp-port="}).exit_code == 78);
}

TEST_CASE("an_unknown_option_exits_64_and_help_and_version_exit_0") {
    const start unknown = run_with({"--nothing"});
    CHECK(unknown.next == start::what::exit);
    CHECK(unknown.exit_code == 64);
    CHECK_FALSE(unknown.to_stderr.empty());
    CHECK(run_with({"stray"}).exit_code == 64);
    CHECK(run_with({"--tcp-port"}).exit_code == 64);
    const start help = run_with({"--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.to_stdout.find("--check-config") != std::string::npos);
    CHECK(run_with({"--version"}).to_stdout == "lfq-broker 9\n");
}

TEST_CASE("check_config_says_valid_or_what_is_wrong") {
    const scratch directory;
    const std::string good = directory.write("good.yaml", "log: {level: warn}\n");
    const start valid = run_with({"--config", good.c_str(), "--check-config"});
    CHECK(valid.next == start::what::exit);
    CHECK(valid.exit_code == 0);
    CHECK(valid.to_stdout == good + ": the configuration is valid\n");
    const std::string bad = directory.write("bad.yaml", "\nlog: {lvel: warn}\n");
    const start wrong = run_with({"--config", bad.c_str(), "--check-config"});
    CHECK(wrong.exit_code == 78);
    CHECK(wrong.to_stderr.find(bad + ":2: log.lvel: unknown key") == 0);
}

TEST_CASE("a_plan_is_printed_for_what_the_command_line_says_and_not_where_that_is_wrong") {
    const start plan = run_with({"--print-plan", "--workers", "3"});
    CHECK(plan.next == start::what::print_plan);
    CHECK(plan.settings.core.workers == 3);
    CHECK(run_with({"--print-plan", "--check-config"}).next == start::what::exit);
    CHECK(run_with({"--print-plan", "--workers", "x"}).exit_code == 78);
}

TEST_CASE("rules_stand_in_the_file_only") {
    CHECK(run_with({"--set", "processors=[]"}).to_stderr ==
        "command line: processors: is a single value, expected a list of rules in the file, each "
        "with topics and use\n");
}
