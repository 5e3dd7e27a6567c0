// SPDX-License-Identifier: MIT
// Goal: a subscriber that takes too little is disconnected, counted and logged by its own reason;
//       quick ones beside it get everything, and publishers go on, within a bound.
// Method: subscribers that read nothing, a few bytes a second, or steadily but slowly; more bytes
//         than sockets and budget hold together. The bound is far above what it takes, and far
//         below what the slow one would take.
// Cannot show: subscribers near the pace of the publishers; `lfqctl bench` does.
#include "fixture.hpp"
#include "support/catch.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <thread>

using namespace broker::test;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds bound{sanitized ? 60 : 10};

// What of the flood came back wrong, while it was published in step with `quick`.
std::size_t flood(peer& publisher, peer& quick, const bytes& payload, std::size_t count) {
    std::size_t damaged = 0;
    for (std::size_t sent = 0; sent < count; sent += 10) {
        for (int i = 0; i < 10; ++i) publisher.send(seed_frame(1, "flood", payload));
        for (const event& one : quick.next_events(10)) damaged += one.payload == payload ? 0U : 1U;
    }
    return damaged;
}

// Reads a little now and then, on a thread of its own, until it is disconnected or let go.
class reading {
public:
    reading(peer& who, std::size_t bytes_at_once, std::chrono::milliseconds pause)
        : thread_([this, &who, bytes_at_once, pause] {
              try {
                  for (;;) {
                      who.skip(bytes_at_once);
                      // hint: one bite more or less
                      for (auto left = pause; left > 0ms && !over_.load(std::memory_order_relaxed);
                           left -= 10ms) {
                          std::this_thread::sleep_for(10ms);
                      }
                      if (over_.load(std::memory_order_relaxed)) return;  // hint: as above
                  }
              } catch (const std::exception&) {
                  // disconnected
              }
          }) {}
    void let_go() {
        over_.store(true, std::memory_order_relaxed);  // hint: it is looked at often
        thread_.join();
    }

private:
    std::atomic<bool> over_{false};
    std::thread thread_;
};

bool log_has(broker_process& broker, const std::string& words) {
    return broker.process().errors().find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a_subscriber_over_its_budget_is_disconnected_and_nobody_else_notices") {
    const bool drips = GENERATE(false, true);
    broker_process broker("limits:\n  outbox_bytes_max: 262144\n");
    bystander other(broker);
    peer slow(broker.tcp(), 65'536);
    slow.greet().watch(1, "flood");
    peer quick(broker.tcp());
    quick.greet().watch(1, "flood");
    peer publisher(broker.tcp());
    std::optional<reading> dripping;
    if (drips) dripping.emplace(slow, 4, 250ms);

    // More than the kernel's socket buffers and the budget hold together.
    const bytes payload(16'000, 'x');
    constexpr std::size_t count = 2'000;
    const auto begin = std::chrono::steady_clock::now();
    CHECK(flood(publisher, quick, payload, count) == 0);
    CHECK(std::chrono::steady_clock::now() - begin < bound);
    CHECK(broker.eventually("slow_consumers", 1) == 1);
    CHECK(broker.eventually("connections_closed_slow_consumer", 1) == 1);
    CHECK(broker.eventually("delivered", count) == count);
    CHECK(other.is_served());
    if (drips) dripping->let_go();
    CHECK(slow.was_closed());
    CHECK(broker.falls_to("slabs_taken", 8));  // what waited for it is free again
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
    CHECK(log_has(broker, "slow consumer"));
}

TEST_CASE("pending_bytes_of_which_none_goes_wait_to_the_write_deadline_and_no_longer") {
    broker_process broker("limits:\n  write_deadline_ms: 2000\n");
    bystander other(broker);
    peer stuck(broker.tcp(), 65'536);
    stuck.greet().watch(1, "flood");
    peer steady(broker.tcp(), 65'536);
    steady.greet().watch(1, "flood");
    peer quick(broker.tcp());
    quick.greet().watch(1, "flood");
    peer idle(broker.tcp());
    idle.greet().watch(1, "nothing");  // it takes nothing either, but nothing waits for it
    peer publisher(broker.tcp());

    // More than the sockets hold, less than the budget of 8 MiB.
    const bytes payload(10'000, 'x');
    constexpr std::size_t count = 700;
    CHECK(flood(publisher, quick, payload, count) == 0);
    // A minute's worth, at a pace at which its socket takes nothing for fourteen seconds on end.
    reading slowly(steady, 10'000, 100ms);
    CHECK(broker.eventually("connections_closed_write_deadline", 1) == 1);
    CHECK(stuck.was_closed());
    CHECK(log_has(broker, "write deadline"));
    CHECK(other.is_served());
    std::this_thread::sleep_for(4'500ms);
    slowly.let_go();
    const counters now = broker.table();
    CHECK(value_of(now, "connections_closed_write_deadline") == 1);
    CHECK(value_of(now, "slow_consumers") == 0);
    CHECK(value_of(now, "connections_closed_slow_consumer") == 0);
    CHECK(idle.state().ref == 77);
    const auto ending = broker.stop();
    CHECK(ending.exit_code == 0);
    CHECK(imbalance(ending.table) == 0);
}
