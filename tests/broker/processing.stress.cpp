// SPDX-License-Identifier: MIT
// Goal: with processors inside the dispatcher and beside it each event is delivered once or dropped
//       as a duplicate, in order per topic (realtime: and priority), while subscribers come and go;
//       the books balance, nothing stays held, and every slab comes back (edges: passed, closed,
//       give back).
// Method: a producer for each processor, the dispatcher, processor threads, workers and one taker;
//         tiny rings, windows and pools, so that every ring is full at times.
// Cannot show: that threads sleep while nothing is held (idle.e2e.cpp).
#include "broker/core/dispatcher.hpp"
#include "broker/core/processor_thread.hpp"
#include "broker/core/worker.hpp"
#include "broker/processors.hpp"

#include "crowd.hpp"
#include "support/catch.hpp"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace broker::crowd;

constexpr unsigned priorities = 3;
constexpr unsigned times = 2;  // each transactional event

struct arrangement {
    thread_plan plan;
    std::size_t slabs = 16;  // few: windows close for want of them
    std::int64_t window_ns = 200'000;
};

broker::processing_options three_rules(const arrangement& how) {
    broker::processing_options all;
    all.held_max = 64;
    all.rules.push_back({.topics = "t.1", .use = processor_kind::transactional});
    all.rules.back().transactional = {.keys = 65'536, .window_ns = 3'600'000'000'000};
    all.rules.push_back({.topics = "t.2", .use = processor_kind::batch});
    all.rules.back().batch = {.events = 7, .window_ns = how.window_ns};
    return all;
}

void come_and_go(exchange& shared, std::vector<std::unique_ptr<subscriber>>& people) {
    for (std::size_t i = 2; i < people.size(); ++i) {
        order(shared, command::verb::subscribe, *people[i], 3, i % 2 == 0 ? ">" : "t.*");
        std::this_thread::yield();
        if (i % 3 == 0) order(shared, command::verb::unsubscribe, *people[i], 3, "");
        order(shared, command::verb::leave, *people[i], 0, "");
    }
}

void run_with(const arrangement& how) {
    options settings = tiny();
    settings.slab_count = how.slabs;
    exchange shared(settings, how.plan, 64, seed);
    broker::all_processors processors(three_rules(how), seed);
    dispatcher routing(shared, processors.rules());
    std::vector<std::unique_ptr<processor_thread>> apart;
    for (std::size_t i = 0; i < how.plan.apart.size(); ++i) {
        apart.push_back(std::make_unique<processor_thread>(shared, i, processors.rules()));
    }
    std::vector<std::unique_ptr<worker>> beside;
    for (std::uint32_t i = 0; !how.plan.fused && i < how.plan.workers; ++i) {
        beside.push_back(std::make_unique<worker>(shared, i));
    }
    std::vector<std::unique_ptr<subscriber>> people;
    for (std::uint32_t i = 0; i < 12; ++i) {
        people.push_back(std::make_unique<subscriber>(
            *shared.ports[0], shared.pressing, 8, 1 << 20, i % how.plan.workers));
    }
    taker sees{.shared = shared, .priorities = priorities};
    std::jthread taking([&] { sees.run(*shared.ports[0]); });
    {
        std::vector<std::jthread> core;
        core.emplace_back([&] { routing.run(); });
        for (auto& each : apart) core.emplace_back([one = each.get()] { one->run(); });
        for (auto& each : beside) core.emplace_back([one = each.get()] { one->run(); });
        order(shared, command::verb::subscribe, *people[0], 1, ">");
        order(shared, command::verb::subscribe, *people[1], 2, "t.2");
        {
            std::vector<std::jthread> senders;
            for (std::uint32_t i = 0; i < processor_kind_count; ++i) {
                senders.emplace_back([&shared, i] {
                    produce(shared, i, {.times = i == 1 ? times : 1, .priorities = priorities});
                });
            }
            come_and_go(shared, people);
        }
        shared.ingest.close();
    }
    shared.ports[0]->tell(notice::kind::finish);
    taking.join();

    const losses lost = losses_of(shared);
    broker::counters counts;
    processors.count(counts);
    CHECK(sees.disordered == 0);
    CHECK(sees.left == people.size() - 2);
    for (unsigned priority = 0; priority < priorities; ++priority) {
        for (std::uint32_t i = 0; i < processor_kind_count; ++i) {
            const std::string which = "t/" + std::to_string(i) + "/" + std::to_string(priority);
            CHECK(sees.next[people[0].get()][which] >= each_sends);
        }
    }
    CHECK(sees.events == processor_kind_count * each_sends);
    CHECK(lost.filtered == 0);
    CHECK(lost.dropped == (times - 1) * each_sends);
    CHECK(counts.dedup_fresh == each_sends);
    CHECK(counts.dedup_full == 0);
    CHECK(counts.windows_by_count + counts.windows_by_time + counts.windows_early > 0);
    CHECK(shared.slabs.taken_approx() == 0);
}

}  // namespace

TEST_CASE("processors_inside_a_fused_dispatcher_lose_and_double_nothing") {
    run_with({.plan = {.net_threads = 1, .workers = 1, .fused = true}});
    run_with({.plan = {.net_threads = 1, .workers = 1, .fused = true}, .slabs = 4'096});
}

TEST_CASE("processors_inside_a_dispatcher_with_workers_beside_lose_and_double_nothing") {
    run_with({.plan = {.net_threads = 1, .workers = 2, .fused = false}});
}

TEST_CASE("processors_with_threads_of_their_own_lose_and_double_nothing") {
    const thread_plan three{.net_threads = 1,
        .workers = 2,
        .fused = false,
        .apart = {processor_kind::transactional, processor_kind::batch}};
    run_with({.plan = three});
    run_with({.plan = three, .slabs = 4'096});
    // A window that only a drain closes.
    run_with({.plan = three, .slabs = 4'096, .window_ns = 3'600'000'000'000});
}

TEST_CASE("one_processor_beside_and_one_inside_lose_and_double_nothing") {
    run_with(
        {.plan = {
             .net_threads = 1, .workers = 1, .fused = false, .apart = {processor_kind::batch}}});
}
