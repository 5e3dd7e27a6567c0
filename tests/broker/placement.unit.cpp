// SPDX-License-Identifier: MIT
// Goal: how many threads the broker starts, whether they are pinned and spin, and what it says.
// Method: the plan and its map as pure functions of the settings and the number of cpus.
// Cannot show: that the threads are where the map says; or that the plan is a quick one.
#include "broker/placement.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

using broker::config;
using broker::plan_for;
using broker::thread_map;
using broker::core::processor_kind;
using broker::core::thread_plan;
using lfq::sys::topology;

namespace {

/// Cores without siblings, the same number on each node.
topology machine(unsigned cpus, unsigned nodes = 1) {
    lfq::sys::machine_facts facts{.source = "a test"};
    for (unsigned i = 0; i < cpus; ++i) {
        facts.cpus.push_back({.os = 10 + i,  // a broker is not always given the first ones
            .core = i,
            .node = i * nodes / cpus});
    }
    return topology(facts);
}

std::string map_of(const config& settings, const topology& on) {
    broker::map_facts facts = broker::facts_of(settings);
    facts.tcp = "a:1";
    facts.udp = "a:2";
    return thread_map(plan_for(settings, on), on, facts);
}

thread_plan plan_for(const config& settings, unsigned cpus) {
    return plan_for(settings, machine(cpus));
}

}  // namespace

TEST_CASE("one_to_four_cpus_have_one_network_thread_and_one_core_thread_that_sleep") {
    const auto count = GENERATE(1U, 2U, 3U, 4U);
    const thread_plan plan = plan_for({}, count);
    CHECK(plan.net_threads == 1);
    CHECK(plan.fused);
    CHECK(plan.workers == 1);
    CHECK(plan.spin.count() == 0);
    CHECK(plan.places.empty());
    CHECK_FALSE(plan.node_of(0));
}

TEST_CASE("more_cpus_have_a_quarter_of_each_kind_at_most_eight_pinned_and_spinning") {
    struct row {
        unsigned cpus;
        std::uint32_t each;
    };
    const row is = GENERATE(row{5, 1}, row{8, 2}, row{16, 4}, row{32, 8}, row{64, 8});
    const thread_plan plan = plan_for({}, is.cpus);
    CHECK(plan.net_threads == is.each);
    CHECK(plan.workers == is.each);
    CHECK_FALSE(plan.fused);
    CHECK(plan.spin == std::chrono::microseconds(10));
    REQUIRE(plan.places.size() == plan.threads());
    CHECK(plan.places[0].cpu == 10);
    CHECK(plan.homes.empty());  // one node: memory comes from where it always came from
    CHECK_FALSE(plan.node_of(0));
}

TEST_CASE("network_threads_that_are_chosen_are_no_more_than_the_slabs_serve") {
    config few_slabs;
    few_slabs.core.slab_count = 8;
    CHECK(plan_for(few_slabs, 64).net_threads == 2);
    CHECK(plan_for(few_slabs, 1).net_threads == 1);
    few_slabs.core.slab_count = 3 * broker::net::slabs_per_thread_min;
    CHECK(plan_for(few_slabs, 64).net_threads == 3);
    CHECK(plan_for(few_slabs, 64).workers == 8);  // they fill no slabs
}

TEST_CASE("what_was_asked_for_is_not_changed") {
    config asked;
    asked.net.threads = 20;
    asked.core.workers = 30;
    const thread_plan many = plan_for(asked, 64);
    CHECK(many.net_threads == 20);
    CHECK(many.workers == 30);
    CHECK(many.spin.count() != 0);  // 51 threads have 64 cpus
    CHECK(plan_for(asked, 51).spin.count() == 0);
    asked.net.threads = 1;
    asked.core.workers = 1;
    const thread_plan one = plan_for(asked, 2);
    CHECK_FALSE(one.fused);  // a worker was asked for: it gets its thread
    CHECK(one.spin.count() == 0);
}

TEST_CASE("a_processor_has_a_thread_when_topics_use_it_and_the_core_is_not_fused") {
    config rules;
    rules.processing.rules.push_back({.topics = "a", .use = processor_kind::transactional});
    rules.processing.rules.push_back({.topics = "b", .use = processor_kind::realtime});
    CHECK(plan_for(rules, 4).apart.empty());
    CHECK(plan_for(rules, 8).apart == std::vector{processor_kind::transactional});
    rules.processing.rules.push_back({.topics = "c", .use = processor_kind::batch});
    rules.processing.rules.push_back({.topics = "d", .use = processor_kind::batch});
    const std::vector both{processor_kind::transactional, processor_kind::batch};
    CHECK(plan_for(rules, 8).apart == both);
    CHECK(plan_for({}, 8).apart.empty());

    rules.core.workers = 1;  // what unfuses the worker unfuses them
    CHECK(plan_for(rules, 2).apart == both);
    rules.processing.transactional_threads = 0;
    CHECK(plan_for(rules, 2).apart == std::vector{processor_kind::batch});
    rules.processing.batch_threads = 0;
    CHECK(plan_for(rules, 2).apart.empty());
}

TEST_CASE("threads_of_processors_count_where_cpus_are_shared_out") {
    config rules;
    rules.net.threads = 2;
    rules.core.workers = 2;
    CHECK(plan_for(rules, 6).spin.count() != 0);  // 5 threads
    rules.processing.rules.push_back({.topics = "c", .use = processor_kind::batch});
    CHECK(plan_for(rules, 6).spin.count() == 0);  // 6
}

TEST_CASE("the_map_names_every_thread_and_its_cpu") {
    CHECK(map_of({}, machine(1)) ==
        "one node, 1 package, 1 core, 1 cpu; told by a test; not pinned, nothing spins\n"
        "  core: dispatcher, realtime, and the only worker (fused)\n"
        "  net-0: TCP a:1, UDP a:2\n"
        "  transactional: no rule, no thread\n"
        "  batch: no rule, no thread\n"
        "  control: signals, states; sleeps 50 ms between ticks");
    CHECK(map_of({}, machine(8)) ==
        "one node, 1 package, 8 cores, 8 cpus; told by a test; pinned\n"
        "  core: dispatcher, realtime, cpu 10\n"
        "  worker-0: subscribers 0 of 2, cpu 11\n"
        "  worker-1: subscribers 1 of 2, cpu 12\n"
        "  net-0: TCP a:1, UDP a:2, cpu 13\n"
        "  net-1: TCP a:1, cpu 14\n"
        "  transactional: no rule, no thread\n"
        "  batch: no rule, no thread\n"
        "  control: signals, states; sleeps 50 ms between ticks");
}

TEST_CASE("the_map_says_where_processors_run") {
    config rules;
    rules.processing.rules.push_back({.topics = "a", .use = processor_kind::transactional});
    rules.processing.rules.push_back({.topics = "b", .use = processor_kind::batch});
    rules.processing.rules.push_back({.topics = "c", .use = processor_kind::batch});
    CHECK(map_of(rules, machine(2)) ==
        "one node, 1 package, 2 cores, 2 cpus; told by a test; not pinned, nothing spins\n"
        "  core: dispatcher, realtime, transactional (1 rule), batch (2 rules), and the only "
        "worker "
        "(fused)\n"
        "  net-0: TCP a:1, UDP a:2\n"
        "  control: signals, states; sleeps 50 ms between ticks");
    rules.processing.transactional_threads = 0;
    CHECK(map_of(rules, machine(5)) ==
        "one node, 1 package, 5 cores, 5 cpus; told by a test; pinned\n"
        "  core: dispatcher, realtime, transactional (1 rule), cpu 10\n"
        "  batch: 2 rules, cpu 11\n"
        "  worker-0: subscribers 0 of 1, cpu 12\n"
        "  net-0: TCP a:1, UDP a:2, cpu 13\n"
        "  control: signals, states; sleeps 50 ms between ticks");
}

TEST_CASE("with_several_nodes_the_core_stays_on_one_and_each_network_thread_has_a_home") {
    const thread_plan plan = plan_for({}, machine(16, 2));
    REQUIRE(plan.net_threads == 4);
    REQUIRE(plan.workers == 4);
    REQUIRE(plan.places.size() == 9);
    const std::optional<unsigned> core = plan.node_of(0);
    REQUIRE(core);
    for (std::size_t i = 0; i < plan.workers; ++i) CHECK(plan.node_of(plan.worker(i)) == core);
    std::set<unsigned> cpus;
    for (const auto& each : plan.places) cpus.insert(each.cpu);
    CHECK(cpus.size() == 9);  // one for each thread
    REQUIRE(plan.homes == std::vector<unsigned>{0, 1});
    std::size_t slabs = 0;
    for (const std::size_t each : plan.slabs_of_homes(513)) slabs += each;
    CHECK(slabs == 513);
    for (std::size_t i = 0; i < plan.net_threads; ++i) {
        CHECK(plan.homes[plan.home_of(i)] == plan.node_of(plan.network(i)));
        CHECK(plan.slabs_of_homes(16)[plan.home_of(i)] >=
            broker::net::slabs_per_thread_min * plan.threads_at(plan.home_of(i)));
    }
    config many;  // more than one node has cpus for
    many.core.workers = 14;
    many.net.threads = 1;
    CHECK(plan_for(many, machine(20, 4)).places.size() == 16);
    many.core.workers = 3;
    many.net.threads = 15;
    CHECK(plan_for(many, machine(20, 4)).homes == std::vector<unsigned>{0, 1, 2, 3});
    const std::string map = map_of({}, machine(16, 2));
    CHECK(map.find("2 nodes, 1 package, 16 cores, 16 cpus") == 0);
    CHECK(map.find("  slabs: a home for each of nodes 0, 1\n") != std::string::npos);
    CHECK(map.find(", node 1\n") != std::string::npos);
}
