// SPDX-License-Identifier: MIT
// Goal: the broker starts with a line that tells its ports, answers signals, and goes in good
// order. Method: the process, its standard output, its exit code, and what its clients still
// received. Cannot show: what a crash or a power cut leaves behind; nothing is durable here.
#include "fixture.hpp"
#include "support/catch.hpp"

#include <sched.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

using namespace broker::test;

TEST_CASE("the_threads_that_run_are_those_of_the_map_that_is_printed_at_the_start") {
    // A thread gives itself its name a little after it was started.
    const auto runs = [](program& of, const std::string& wanted) {
        const std::string tasks = "/proc/" + std::to_string(of.id()) + "/task";
        for (const auto& each : std::filesystem::directory_iterator(tasks)) {
            std::ifstream file(each.path() / "comm");
            std::string name;
            if (std::getline(file, name) && name == wanted) return true;
        }
        return false;
    };
    const auto comes = [&runs](program& of, const std::string& wanted) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (!runs(of, wanted) && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return runs(of, wanted);
    };
    const auto holds = [](const std::string& all, const std::string& part) {
        INFO(part << " in " << all);
        CHECK(all.find(part) != std::string::npos);
    };
    SECTION("as_asked_for") {
        broker_process broker(
            "processors: [{topics: a, use: batch}, {topics: b, use: transactional}]\n",
            {"--net-threads", "2", "--workers", "2"});
        const std::string said = broker.process().errors();
        const std::string at = "127.0.0.1:";
        holds(said, "thread map: ");
        holds(said, " core: dispatcher");
        holds(said, " worker-0: subscribers 0 of 2");
        holds(said, " worker-1: subscribers 1 of 2");
        holds(said,
            " net-0: TCP " + at + std::to_string(broker.tcp()) + ", UDP " + at +
                std::to_string(broker.udp()));
        holds(said, " net-1: TCP " + at + std::to_string(broker.tcp()));
        CHECK(said.find("(fused)") == std::string::npos);
        holds(said, " transactional: 1 rule");
        for (const char* name :
            {"core", "transactional", "batch", "worker-0", "worker-1", "net-0", "net-1"}) {
            INFO(name);
            CHECK(comes(broker.process(), name));
        }
    }
    SECTION("on_one_cpu") {
        cpu_set_t before;
        REQUIRE(::sched_getaffinity(0, sizeof before, &before) == 0);
        std::size_t first = 0;
        while (!CPU_ISSET(first, &before)) ++first;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(first, &one);
        REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
        broker_process broker;  // it has what its parent has
        CHECK(::sched_setaffinity(0, sizeof before, &before) == 0);
        const std::string said = broker.process().errors();
        holds(said, ", 1 cpu; ");
        holds(said, "; not pinned, nothing spins\n");
        holds(said, " core: dispatcher, realtime, and the only worker (fused)\n");
        CHECK(comes(broker.process(), "core"));
        CHECK(comes(broker.process(), "net-0"));
        CHECK_FALSE(runs(broker.process(), "worker-0"));
        CHECK_FALSE(runs(broker.process(), "batch"));
        CHECK_FALSE(runs(broker.process(), "net-1"));
    }
}

TEST_CASE("sigterm_sigint_and_sighup_end_with_balanced_books_and_exit_0") {
    const int number = GENERATE(SIGTERM, SIGINT, SIGHUP);
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "a.*");
    peer publisher(broker.tcp());
    publisher.send(seed_frame(1, "a/b", "1") + seed_frame(1, "nobody", "2"));
    CHECK(subscriber.next_event().payload == "1");
    CHECK(broker.eventually("events_in_tcp", 2) == 2);

    broker.process().signal(number);
    const auto ending = broker.wait_for_end();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    CHECK(value_of(ending.table, "delivered") == 1);
    CHECK(value_of(ending.table, "filtered") == 1);
}

TEST_CASE("a_drain_delivers_what_is_inside_says_so_and_closes") {
    broker_process broker;
    peer subscriber(broker.tcp(), 16'384);
    subscriber.greet().watch(1, "drain");
    peer publisher(broker.tcp());
    const std::size_t count = sanitized ? 2'000 : 20'000;  // more than the sockets hold
    const bytes payload(200, 'x');
    for (std::size_t i = 0; i < count; i += 100) {
        bytes batch;
        for (std::size_t k = i; k < i + 100; ++k) {
            batch += seed_frame(1, "drain", std::to_string(k) + payload);
        }
        publisher.send(batch);
    }
    CHECK(broker.eventually("events_in_tcp", count) == count);
    broker.process().signal(SIGTERM);

    std::size_t next = 0;
    bool drain_said = false;
    CHECK(subscriber.was_closed());
    for (const message& one : subscriber.farewell()) {
        if (one.op == op_drain) drain_said = true;
        if (one.op != op_event) continue;
        const event got = parse_event(one);
        if (got.payload == std::to_string(next) + payload) ++next;
    }
    CHECK(next == count);
    CHECK(drain_said);
    CHECK(publisher.was_closed());
    CHECK(publisher.farewell().empty());
    const auto ending = broker.wait_for_end();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    CHECK(value_of(ending.table, "delivered") == count);
}

TEST_CASE("a_second_signal_ends_a_drain_that_somebody_keeps_waiting") {
    const int number = GENERATE(SIGTERM, SIGINT);
    broker_process broker("limits: {drain_grace_ms: 3600000, write_deadline_ms: 3600000}\n");
    peer silent(broker.tcp(), 4096);
    silent.greet().watch(1, "drain");
    peer publisher(broker.tcp());
    // More than the sockets hold, less than the budget: it is still owed when the drain begins.
    const std::size_t count = 700;
    const bytes payload(10'000, 'x');
    for (std::size_t i = 0; i < count; ++i) publisher.send(seed_frame(1, "drain", payload));
    CHECK(broker.eventually("events_in_tcp", count) == count);
    broker.process().signal(SIGTERM);
    const auto begun = [&] {
        return broker.process().errors().find("DRAINING") != std::string::npos;
    };
    for (int look = 0; look < 1'000 && !begun(); ++look) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    REQUIRE(begun());  // two signals of a kind may become one before that
    broker.process().signal(number);
    const auto ending = broker.wait_for_end();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    CHECK(value_of(ending.table, "dropped_drain_deadline") > 0);
    CHECK(value_of(ending.table, "dropped_subscriber_gone") == 0);
}

TEST_CASE("a_broker_under_nohup_outlives_its_terminal") {
    ::signal(SIGHUP, SIG_IGN);  // as nohup does: children begin with it
    broker_process broker;
    ::signal(SIGHUP, SIG_DFL);
    bystander other(broker);
    broker.process().signal(SIGHUP);
    for (std::uint64_t i = 1; i <= 3; ++i) {
        CHECK(other.is_served());
        CHECK(broker.eventually("delivered", i) == i);
    }
    CHECK(value_of(broker.table(), "state_changes") == 0);
    CHECK(broker.stop().exit_code == 0);
}

TEST_CASE("a_drain_without_grace_counts_what_was_inside_and_ends") {
    const std::string workers = GENERATE("0", "2");
    broker_process broker("limits:\n  drain_grace_ms: 0\n", {"--workers", workers});
    peer stuck(broker.tcp(), 4096);
    stuck.greet().watch(1, "drain");
    peer publisher(broker.tcp());
    const bytes payload(10'000, 'x');
    const std::size_t count = 700;  // more than the sockets hold, less than the budget
    for (std::size_t i = 0; i < count; ++i) publisher.send(seed_frame(1, "drain", payload));
    CHECK(broker.eventually("events_in_tcp", count) == count);
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    CHECK(value_of(ending.table, "dropped_drain_deadline") > 0);
    CHECK(value_of(ending.table, "dropped_subscriber_gone") == 0);
}

TEST_CASE("a_drain_under_load_balances_the_books") {
    const std::string grace_ms = GENERATE("5000", "0");
    broker_process broker("limits: {drain_grace_ms: " + grace_ms + "}\n");
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "load.>");
    std::atomic<bool> over{false};
    std::thread reading([&] {
        try {
            static_cast<void>(subscriber.was_closed());
        } catch (const std::exception&) {
        }
        over.store(true, std::memory_order_relaxed);  // hint: ends the publisher
    });
    std::thread publishing([&] {
        try {
            peer publisher(broker.tcp());
            const bytes batch = seed_frame(1, "load/a", "x") + seed_frame(1, "other", "y");
            while (!over.load(std::memory_order_relaxed)) {  // hint: one batch more
                publisher.send(batch);
            }
        } catch (const std::exception&) {  // the broker went: that is the point
        }
    });
    while (value_of(broker.table(), "delivered") < 1000) std::this_thread::yield();
    const auto ending = broker.stop();
    reading.join();
    publishing.join();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    CHECK(value_of(ending.table, "delivered") >= 1000);
}

TEST_CASE("sigusr1_prints_the_table_and_nothing_stops") {
    broker_process broker;
    bystander other(broker);
    for (std::uint64_t i = 1; i <= 3; ++i) {
        CHECK(other.is_served());
        CHECK(broker.eventually("delivered", i) == i);
    }
    const counters table = broker.table();
    for (const char* name : {"events_in_tcp", "events_in_udp", "delivered", "filtered",
             "deliveries", "dropped_udp_ring_full", "udp_socket_drops", "connections_open",
             "slow_consumers", "malformed_topic_empty", "cpu_us", "rss_peak_bytes"}) {
        INFO(name);
        CHECK(table.count(name) == 1);
    }
    CHECK(value_of(table, "connections_open") == 2);
}

TEST_CASE("a_thread_that_cannot_be_started_is_named_and_ends_with_1") {
    if (sanitized) SKIP("a sanitizer needs the addresses that are forbidden here");
    // Of stacks of 1.5 GiB one fits: the first thread runs when the second is refused.
    const std::string limited = R"(ulimit -s 1572864 && ulimit -v 2600000 && exec "$0" "$@")";
    program looking({"/bin/sh", "-c", limited, LFQ_BROKER_EXE, "--version"});
    if (looking.exit_code() != 0) SKIP("the limits cannot be set here: " + looking.errors());
    const std::string workers = GENERATE("0", "1");  // 0: as many as the cpus suggest, or none
    scratch directory;
    program broker({"/bin/sh", "-c", limited, LFQ_BROKER_EXE, "--tcp-port", "0", "--udp-port", "0",
        "--workers", workers, "--log-file", directory.path() / "broker.log"});
    CHECK(broker.rest_of_output().empty());  // not `ready`
    CHECK(broker.exit_code() == 1);
    const std::string said = broker.errors();
    INFO("workers " << workers << ": " << said);
    const auto names = [&said](const std::string& thread) {
        return said.find("lfq-broker: thread " + thread + " does not start: ") != said.npos;
    };
    CHECK((names("worker-0") || (workers == "0" && names("net-0"))));
}

TEST_CASE("a_port_in_use_is_named_and_ends_with_1") {
    broker_process first;
    scratch directory;
    const auto start = [&](std::uint16_t tcp, std::uint16_t udp) {
        return std::vector<std::string>{LFQ_BROKER_EXE, "--tcp-port", std::to_string(tcp),
            "--udp-port", std::to_string(udp), "--log-file", directory.path() / "second.log"};
    };
    SECTION("tcp") {
        program second(start(first.tcp(), 0));
        CHECK(second.exit_code() == 1);
        const std::string wanted = "127.0.0.1:" + std::to_string(first.tcp());
        CHECK(second.errors().find(wanted) != std::string::npos);
    }
    SECTION("udp") {
        program second(start(0, first.udp()));
        CHECK(second.exit_code() == 1);
        const std::string wanted = "127.0.0.1:" + std::to_string(first.udp());
        CHECK(second.errors().find(wanted) != std::string::npos);
    }
    bystander other(first);
    CHECK(other.is_served());
}
