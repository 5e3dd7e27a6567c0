// SPDX-License-Identifier: MIT
// Goal: which node has the rings, and which the home of slabs, of pinned threads on a machine of
//       which not every node has memory; what becomes of a plan whose cpus are taken away.
// Method: plans for machines that are only described; a cpu that no machine has.
// Cannot show: memory that the kernel refuses, or where it puts the pages of slabs; threads that
//       are refused while a broker starts.
#include "broker/placement.hpp"

#include "support/catch.hpp"

#include <lfq/sys/affinity.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

using broker::config;
using broker::plan_for;
using broker::core::thread_plan;
using lfq::sys::topology;

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;

/// Eight cpus on each node, so many packages; and one node with so much memory and no cpu.
topology machine_with(const std::vector<std::optional<std::uint64_t>>& memory, unsigned packages,
    std::uint64_t beside = 0) {
    const auto nodes = static_cast<unsigned>(memory.size());
    lfq::sys::machine_facts facts{.source = "a test"};
    for (unsigned i = 0; i < 8 * nodes; ++i) {
        const unsigned node = i / 8;
        facts.cpus.push_back(
            {.os = i, .core = i, .package = node * packages / nodes, .node = node});
    }
    for (unsigned i = 0; i < nodes; ++i)
        facts.nodes.push_back({.os = i, .memory_bytes = memory[i]});
    if (beside != 0) facts.nodes.push_back({.os = nodes, .memory_bytes = beside});
    return topology(facts);
}

/// A network thread for each of four nodes, at least.
config spread() {
    config settings;
    settings.net.threads = 8;
    settings.core.workers = 3;
    return settings;
}

using memory_map = std::map<unsigned, unsigned>;

/// The node of the memory of threads on each node.
memory_map memory_of_nodes(const thread_plan& plan) {
    memory_map all;
    for (const auto& each : plan.places) {
        const auto [at, is_new] = all.emplace(each.node, each.memory);
        CHECK(at->second == each.memory);
    }
    return all;
}

/// What check() says; empty: nothing.
std::string refusal_of(const thread_plan& plan, const std::vector<unsigned>& allowed) {
    try {
        broker::check(plan, allowed);
        return "";
    } catch (const std::system_error& refused) {
        return refused.what();
    }
}

}  // namespace

TEST_CASE("a_node_without_memory_has_threads_but_no_home") {
    std::vector<std::optional<std::uint64_t>> memory{4 * gib, 0, 2 * gib, 0};
    SECTION("which_is_the_largest_where_no_package_is_shared") {
        const thread_plan plan = plan_for(spread(), machine_with(memory, 4));
        REQUIRE(plan.places.size() == plan.threads());
        CHECK(plan.homes == std::vector<unsigned>{0, 2});
        CHECK(memory_of_nodes(plan) == memory_map{{0, 0}, {1, 0}, {2, 2}, {3, 0}});
        CHECK(plan.threads_at(0) + plan.threads_at(1) == plan.net_threads);
        CHECK(plan.threads_at(0) > plan.threads_at(1));
    }
    SECTION("which_is_in_the_same_package_if_there_is_one") {
        const thread_plan plan = plan_for(spread(), machine_with(memory, 2));
        CHECK(memory_of_nodes(plan) == memory_map{{0, 0}, {1, 0}, {2, 2}, {3, 2}});
    }
    SECTION("which_may_be_the_only_one") {
        memory[0] = 0;
        const topology machine = machine_with(memory, 4);
        const thread_plan plan = plan_for(spread(), machine);
        CHECK(plan.homes == std::vector<unsigned>{2});
        CHECK(memory_of_nodes(plan) == memory_map{{0, 2}, {1, 2}, {2, 2}, {3, 2}});
        CHECK(plan.places[0].node == 2);  // the core goes where memory is, if it fits there
        const std::string map = thread_map(plan, machine, broker::facts_of(spread()));
        CHECK(map.find("  slabs: a home for node 2\n") != std::string::npos);
        CHECK(map.find(", node 1, home of node 2\n") != std::string::npos);
        CHECK(map.find(", node 2\n") != std::string::npos);
        CHECK(map.find("memory of node") == std::string::npos);  // no ring is bound elsewhere
    }
    SECTION("which_has_no_cpus_if_no_other_has_memory") {
        memory = {0, 0};
        const topology machine = machine_with(memory, 1, gib);
        CHECK(plan_for(spread(), machine).homes == std::vector<unsigned>{2});
    }
    SECTION("and_where_no_node_has_any_nothing_is_bound") {
        const thread_plan plan = plan_for(spread(), machine_with({0, 0}, 1));
        CHECK(plan.places.size() == plan.threads());
        CHECK(plan.homes.empty());
        CHECK_FALSE(plan.node_of(0));
    }
}

TEST_CASE("a_core_that_fits_only_where_no_memory_is_goes_there") {
    lfq::sys::machine_facts facts{.source = "a test"};
    for (unsigned i = 0; i < 16; ++i)
        facts.cpus.push_back({.os = i, .core = i, .node = i < 3 ? 0U : 1U});
    facts.nodes = {{.os = 0, .memory_bytes = gib}, {.os = 1, .memory_bytes = 0}};
    const topology machine(facts);
    const thread_plan plan = plan_for({}, machine);
    CHECK(plan.places[0].node == 1);
    CHECK(plan.node_of(0) == 0);
    const std::string map = thread_map(plan, machine, broker::facts_of({}));
    CHECK(map.find("  core: dispatcher, realtime, cpu 3, node 1, memory of node 0\n") !=
        std::string::npos);
    CHECK(map.find("  slabs: a home for node 0\n") != std::string::npos);
}

TEST_CASE("a_cpu_that_was_taken_away_is_named_with_its_thread_before_anything_starts") {
    const topology eight = machine_with({gib}, 1);
    const thread_plan plan = plan_for({}, eight);
    const std::vector<unsigned> all{0, 1, 2, 3, 4, 5, 6, 7};
    CHECK(refusal_of(plan, all).empty());
    const std::vector<unsigned> two{0, 1};
    CHECK(refusal_of(plan_for({}, eight.only(two)), {}).empty());  // pins nothing
    const std::vector<unsigned> fewer{0, 1, 2, 4};
    CHECK(refusal_of(plan, fewer)
              .find("lfq: the plan puts net-0 on cpu 3, which is not among the "
                    "allowed, 0-2,4: ") == 0);
}

TEST_CASE("a_thread_whose_cpu_is_refused_stays_where_it_is_and_says_why") {
    const std::vector<unsigned> before = lfq::sys::cpus_allowed();
    const std::string why = broker::try_pin(lfq::sys::cpus_max - 1);
    CHECK(why.find("sched_setaffinity: cpu 4095 is not there, or not allowed") == 0);
    CHECK(lfq::sys::cpus_allowed() == before);
    CHECK(broker::try_pin(before.front()).empty());
    CHECK(lfq::sys::cpus_allowed() == std::vector{before.front()});
    lfq::sys::pin_this_thread(before);
}
