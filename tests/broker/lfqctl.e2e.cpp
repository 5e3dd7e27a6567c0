// SPDX-License-Identifier: MIT
// Goal: the client does what its help says, measures and verifies truly, and ends with a sentence
// and an exit code when it cannot.
// Method: lfqctl as a process against the broker as a process, and against ports without a broker.
// Cannot show: speed.
#include "fixture.hpp"
#include "support/catch.hpp"

#include <cstdint>
#include <iomanip>
#include <sstream>
#include <string>

using namespace broker::test;

namespace {

std::vector<std::string> lfqctl(const broker_process& to, std::vector<std::string> arguments) {
    std::vector<std::string> command{LFQ_CTL_EXE};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.insert(command.end(), {"--port", std::to_string(to.tcp())});
    return command;
}

std::vector<std::string> bench(const broker_process& to, std::vector<std::string> arguments) {
    auto command = lfqctl(to, {"bench", "--format", "pairs"});
    command.insert(command.end(), {"--udp-port", std::to_string(to.udp())});
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

std::map<std::string, std::string> pairs(const std::string& text) {
    std::map<std::string, std::string> out;
    std::istringstream in(text);
    for (std::string name, value; in >> name >> value;) out[name] = value;
    return out;
}

// A time in microseconds as the table says it.
std::string spoken(std::uint64_t us) {
    const auto value = static_cast<double>(us);
    std::ostringstream out;
    out << std::fixed << std::setprecision(us >= 10 && us < 1'000 ? 0 : 2);
    if (us < 1'000) {
        out << value << " us";
    } else if (us < 1'000'000) {
        out << value / 1e3 << " ms";
    } else {
        out << value / 1e6 << " s";
    }
    return out.str();
}

const std::string many = sanitized ? "20000" : "200000";

}  // namespace

TEST_CASE("pub_and_sub_carry_a_line_from_one_terminal_to_another") {
    broker_process broker;
    program sub(lfqctl(broker, {"sub", "sensor.>", "-n", "3"}));
    CHECK(broker.eventually("subscriptions_open", 1) == 1);

    program one(lfqctl(broker, {"pub", "sensor/temp", "{\"temp\": 23.5}"}));
    CHECK(one.exit_code() == 0);
    CHECK(sub.next_line() == "sensor/temp {\"temp\": 23.5}");

    program lines(lfqctl(broker, {"pub", "sensor/log"}));
    lines.send_input("first\n", false);
    CHECK(sub.next_line() == "sensor/log first");  // before the input has ended
    lines.send_input("a\x1b[31mb", true);
    CHECK(lines.exit_code() == 0);
    CHECK(sub.next_line() == "sensor/log a\\x1b[31mb");  // it may not colour the terminal
    CHECK(sub.exit_code() == 0);
}

TEST_CASE("pub_by_datagram_arrives") {
    broker_process broker;
    program sub(lfqctl(broker, {"sub", "x", "-n", "1", "--style", "payload"}));
    CHECK(broker.eventually("subscriptions_open", 1) == 1);
    auto command = lfqctl(broker, {"pub", "x", "by udp", "--udp"});
    command.insert(command.end(), {"--udp-port", std::to_string(broker.udp())});
    program pub(std::move(command));
    CHECK(pub.exit_code() == 0);
    CHECK(sub.next_line() == "by udp");
    CHECK(sub.exit_code() == 0);
}

TEST_CASE("sub_ends_in_good_order_when_the_broker_drains") {
    broker_process broker;
    program sub(lfqctl(broker, {"sub", "x"}));
    CHECK(broker.eventually("subscriptions_open", 1) == 1);
    CHECK(broker.stop().exit_code == 0);
    CHECK(sub.exit_code() == 0);
}

TEST_CASE("state_tells_the_state_and_the_books") {
    broker_process broker;
    program state(lfqctl(broker, {"state", "--format", "pairs"}));
    auto told = pairs(state.rest_of_output());
    CHECK(state.exit_code() == 0);
    CHECK(told["state"] == "RUNNING");
    CHECK(told["in"] == "0");
    for (const char* time : {"queue_p50_us", "queue_p99_us", "send_p50_us", "send_p99_us"})
        CHECK(told[time] == "0");
}

TEST_CASE("state_tells_the_times_that_pong_carries") {
    broker_process broker;
    program run(bench(broker, {"--count", many}));
    CHECK(run.exit_code() == 0);
    const pong now = broker.pong_with_times();
    program state(lfqctl(broker, {"state", "--format", "pairs"}));
    auto told = pairs(state.rest_of_output());
    CHECK(told["queue_p50_us"] == std::to_string(now.queue_p50_us));
    CHECK(told["queue_p99_us"] == std::to_string(now.queue_p99_us));
    CHECK(told["send_p50_us"] == std::to_string(now.send_p50_us));
    CHECK(told["send_p99_us"] == std::to_string(now.send_p99_us));
    program table(lfqctl(broker, {"state"}));
    const std::string text = table.rest_of_output();
    const auto has_row = [&text](const std::string& name, std::uint64_t p50, std::uint64_t p99) {
        const std::string row = name + "p50 " + spoken(p50) + ", p99 " + spoken(p99) + "\n";
        INFO(row << "in\n" << text);
        CHECK(text.find(row) != std::string::npos);
    };
    has_row("in queue   ", now.queue_p50_us, now.queue_p99_us);
    has_row("until sent ", now.send_p50_us, now.send_p99_us);
}

TEST_CASE("bench_verifies_every_event_at_every_subscriber") {
    broker_process broker;
    program run(bench(broker,
        {"--count", many, "--publishers", "4", "--filter", "bench.>", "--filter", "bench.1",
            "--filter", "*.2", "--filter", "none"}));
    auto told = pairs(run.rest_of_output());
    CHECK(run.exit_code() == 0);
    CHECK(told["as_promised"] == "yes");
    CHECK(told["sent"] == many);
    const std::string wanted = std::to_string(std::stoul(many) / 2 * 3);  // all, and two quarters
    CHECK(told["expected"] == wanted);
    CHECK(told["received"] == wanted);
    CHECK(told["missing"] == "0");
    CHECK(told["late"] == "0");
    CHECK(told["broker_delivered"] == many);
    CHECK(broker.eventually("deliveries", std::stoul(wanted)) == std::stoul(wanted));
}

TEST_CASE("bench_over_udp_accounts_for_every_datagram") {
    broker_process broker;
    program run(
        bench(broker, {"--udp", "--count", many, "--publishers", "2", "--filter", "bench.1"}));
    auto told = pairs(run.rest_of_output());
    CHECK(run.exit_code() == 0);
    CHECK(told["as_promised"] == "yes");
    CHECK(told["late"] == "0");
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    CHECK(value_of(ending.table, "events_in_udp") + value_of(ending.table, "udp_socket_drops") ==
        std::stoul(many));
    CHECK(told["received"] == std::to_string(value_of(ending.table, "deliveries")));
}

TEST_CASE("a_paced_bench_sends_at_its_rate_and_reports_json") {
    broker_process broker;
    program run(bench(broker, {"--rate", "20000", "--count", "10000", "--json"}));
    const std::string told = run.rest_of_output();
    CHECK(run.exit_code() == 0);
    CHECK(told.find("{\"transport\": \"tcp\"") == 0);
    CHECK(told.find("\"as_promised\": \"yes\"") != std::string::npos);
    CHECK(told.find("\"received\": 10000,") != std::string::npos);
}

TEST_CASE("without_a_broker_every_command_says_so_and_ends_with_69") {
    std::string port;
    {
        broker_process gone;
        port = std::to_string(gone.tcp());
    }
    for (const std::vector<std::string>& words :
        {std::vector<std::string>{"state"}, {"pub", "t", "p"}, {"sub", "t"}, {"bench"}}) {
        std::vector<std::string> command{LFQ_CTL_EXE};
        command.insert(command.end(), words.begin(), words.end());
        command.insert(command.end(), {"--port", port});
        program run(std::move(command));
        CHECK(run.exit_code() == 69);
        CHECK(run.errors() ==
            "lfqctl: cannot connect to 127.0.0.1:" + port + ": Connection refused\n");
    }
}

TEST_CASE("what_the_broker_refuses_is_told_and_ends_with_69") {
    broker_process broker;
    program sub(lfqctl(broker, {"sub", "a.>.b"}));
    CHECK(sub.exit_code() == 69);
    CHECK(sub.errors().find("filter") != std::string::npos);
    program pub(lfqctl(broker, {"pub", "a\nb", "x"}));
    CHECK(pub.exit_code() == 69);
    CHECK(pub.errors().find("malformed") != std::string::npos);
}

TEST_CASE("a_command_line_that_makes_no_sense_ends_with_64") {
    for (const std::vector<std::string>& words :
        {std::vector<std::string>{}, {"dance"}, {"pub"}, {"pub", "t", "p", "--priority", "128"},
            {"bench", "--size", "8"}, {"pub", std::string(256, 't'), "p", "--udp"}}) {
        std::vector<std::string> command{LFQ_CTL_EXE};
        command.insert(command.end(), words.begin(), words.end());
        program run(std::move(command));
        CHECK(run.exit_code() == 64);
        CHECK_FALSE(run.errors().empty());
    }
    program help({LFQ_CTL_EXE, "--help"});
    CHECK(help.rest_of_output().find("bench") != std::string::npos);
    CHECK(help.exit_code() == 0);
}
