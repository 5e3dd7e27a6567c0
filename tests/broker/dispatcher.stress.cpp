// SPDX-License-Identifier: MIT
// Goal: from the ingest ring to the subscribers' rings each event arrives once and in order per
//       producer, while subscribers come and go; the books balance, and every slab comes back
//       (edges: room, told, eased, passed, give back).
// Method: producers, the dispatcher, workers (inside it or beside it) and one taker that stands for
//         a network thread, without sockets; tiny rings and slabs.
// Cannot show: anything of sockets; the end-to-end tests do.
#include "broker/core/dispatcher.hpp"
#include "broker/core/worker.hpp"
#include "broker/processors/realtime/realtime.hpp"

#include "crowd.hpp"
#include "support/catch.hpp"

#include <memory>
#include <thread>
#include <vector>

namespace {

using namespace broker::crowd;

void run_with(std::uint32_t workers, bool fused) {
    exchange shared(tiny(), {.net_threads = 1, .workers = workers, .fused = fused}, 64, seed);
    broker::processors::realtime realtime;
    const processing_rules rules{realtime, {}};
    dispatcher routing(shared, rules);
    std::vector<std::unique_ptr<worker>> beside;
    for (std::uint32_t i = 0; !fused && i < workers; ++i) {
        beside.push_back(std::make_unique<worker>(shared, i));
    }
    std::vector<std::unique_ptr<subscriber>> people;
    for (std::uint32_t i = 0; i < 12; ++i) {
        people.push_back(std::make_unique<subscriber>(
            *shared.ports[0], shared.pressing, 8, 1 << 20, i % workers));
    }
    taker sees{.shared = shared};
    std::jthread taking([&] { sees.run(*shared.ports[0]); });
    {
        std::vector<std::jthread> core;
        core.emplace_back([&] { routing.run(); });
        for (auto& each : beside) core.emplace_back([one = each.get()] { one->run(); });
        // Two stay to the end; the others come and go while events flow.
        order(shared, command::verb::subscribe, *people[0], 1, ">");
        order(shared, command::verb::subscribe, *people[1], 2, "t.0");
        {
            std::vector<std::jthread> sending;
            for (std::uint32_t i = 0; i < producers; ++i) {
                sending.emplace_back([&shared, i] { produce(shared, i); });
            }
            for (std::size_t i = 2; i < people.size(); ++i) {
                order(shared, command::verb::subscribe, *people[i], 3, i % 2 == 0 ? ">" : "t.*");
                std::this_thread::yield();
                if (i % 3 == 0) order(shared, command::verb::unsubscribe, *people[i], 3, "");
                order(shared, command::verb::leave, *people[i], 0, "");
            }
        }
        shared.ingest.close();
    }
    shared.ports[0]->tell(notice::kind::finish);
    taking.join();

    const losses lost = losses_of(shared);
    CHECK(sees.disordered == 0);
    CHECK(sees.left == people.size() - 2);
    CHECK(sees.next[people[0].get()]["t/0"] == each_sends);
    CHECK(sees.next[people[0].get()]["t/1"] == each_sends);
    CHECK(sees.next[people[1].get()]["t/0"] == each_sends);
    CHECK(sees.events == producers * each_sends);
    CHECK(lost.filtered == 0);
    CHECK(lost.dropped == 0);
    CHECK(sees.deliveries >= sees.events + each_sends);
    CHECK(shared.slabs.taken_approx() == 0);
    CHECK(shared.dispatcher_probe().taken.read() == producers * each_sends);
}

}  // namespace

TEST_CASE("events_arrive_once_and_in_order_with_the_worker_inside_the_dispatcher") {
    run_with(1, true);
}

TEST_CASE("events_arrive_once_and_in_order_with_workers_beside_the_dispatcher") {
    run_with(2, false);
}

TEST_CASE("a_subscriber_that_takes_nothing_is_cut_off_and_its_events_are_counted") {
    exchange shared(tiny(), {.net_threads = 1, .workers = 1, .fused = true}, 64, seed);
    broker::processors::realtime realtime;
    const processing_rules rules{realtime, {}};
    dispatcher routing(shared, rules);
    subscriber stuck(*shared.ports[0], shared.pressing, 8, 100, 0);
    stuck.stop_pressing();  // nobody waits for it
    order(shared, command::verb::subscribe, stuck, 1, ">");
    std::jthread sending([&] {
        produce(shared, 0);
        shared.ingest.close();
    });
    // Many at once: the budget must hold inside a batch too.
    while (shared.ingest.size_approx() < shared.ingest.capacity() / 2) std::this_thread::yield();
    routing.run();
    sending.join();
    std::uint64_t dropped = 0;
    for (const probe& each : shared.probes) {
        dropped += each.dropped[static_cast<std::size_t>(drop_reason::subscriber_gone)].read();
    }
    std::uint64_t waiting = 0;
    reference_drops drops;
    stuck.deliveries.drain([&](delivery& one) {
        ++waiting;
        drops.add(one.block);
    });
    drops.settle();
    CHECK(stuck.is_cut_off());
    CHECK(waiting == 2);  // 40 bytes each: a third one would be over 100
    CHECK(waiting + dropped == each_sends);
    CHECK(shared.slabs.taken_approx() == 0);
}

TEST_CASE("when_the_grace_of_a_drain_is_over_the_core_waits_for_nobody") {
    exchange shared(tiny(), {.net_threads = 1, .workers = 1, .fused = true}, 64, seed);
    broker::processors::realtime realtime;
    const processing_rules rules{realtime, {}};
    dispatcher routing(shared, rules);
    subscriber stuck(*shared.ports[0], shared.pressing, 8, 100, 0);
    stuck.count_pushed(std::size_t{1} << 30);
    stuck.count_settled(std::size_t{1} << 30);
    REQUIRE(stuck.has_patience());  // it has earned to be waited for
    order(shared, command::verb::subscribe, stuck, 1, ">");
    shared.grace_over.store(true, std::memory_order_relaxed);  // own: nobody runs yet
    std::jthread sending([&] {
        produce(shared, 0);
        shared.ingest.close();
    });
    routing.run();
    sending.join();
    const auto dropped = [&](drop_reason why) {
        std::uint64_t all = 0;
        for (const probe& each : shared.probes) {
            all += each.dropped[static_cast<std::size_t>(why)].read();
        }
        return all;
    };
    CHECK(stuck.is_cut_off());
    CHECK(stuck.has_patience());  // none of it was spent
    CHECK(dropped(drop_reason::drain_deadline) == each_sends - 2);
    CHECK(dropped(drop_reason::subscriber_gone) == 0);
    reference_drops drops;
    stuck.deliveries.drain([&](delivery& one) { drops.add(one.block); });
    drops.settle();
    CHECK(shared.slabs.taken_approx() == 0);
}
