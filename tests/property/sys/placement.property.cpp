// SPDX-License-Identifier: MIT
// Goal: whatever the machine and the groups, a plan gives each thread a cpu of its own, keeps a
//         group that fits on one node on one node, and wastes no core there.
// Method: random machines with random cpus taken away, random groups; each plan is held against
//         these promises. LFQ_SEED repeats a run.
// Cannot show: that it is the best plan.
#include <lfq/sys/placement.hpp>

#include "support/catch.hpp"
#include "support/machines.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

using lfq::sys::place;
using lfq::sys::placed_thread;
using lfq::sys::placement;
using lfq::sys::thread_group;
using lfq::sys::topology;

namespace {

using support::dice;

unsigned one_of(dice& roll, unsigned low, unsigned high) {
    return static_cast<unsigned>(roll.from_to(low, high));
}

topology random_machine(dice& roll) {
    const support::regular shape{.packages = one_of(roll, 1, 3),
        .nodes_each = one_of(roll, 1, 2),
        .l3s_each = one_of(roll, 0, 3),
        .cores_each = one_of(roll, 1, 4),
        .cpus_each = one_of(roll, 1, 2)};
    auto facts = shape.facts();
    for (auto& cpu : facts.cpus) cpu.speed = cpu.core % one_of(roll, 1, 2);
    const topology whole(facts);
    std::vector<unsigned> kept;
    for (const auto& cpu : whole.cpus()) {
        if (one_of(roll, 0, 4) != 0) kept.push_back(cpu.os);
    }
    if (kept.empty()) kept.push_back(0);
    return whole.only(kept);
}

std::vector<thread_group> random_groups(dice& roll, const topology& machine) {
    std::vector<thread_group> groups(one_of(roll, 1, 4));
    std::size_t left = machine.cpus().size();
    for (std::size_t i = 0; i < groups.size() && left != 0; ++i) {
        const auto size = one_of(roll, 0, static_cast<unsigned>(left));
        for (unsigned thread = 0; thread < size; ++thread)
            groups[i].threads.push_back(std::to_string(i) + "." + std::to_string(thread));
        left -= size;
    }
    return groups;
}

/// Cpus, or cores, of a node that none of these threads has.
std::size_t left_on(const topology& machine, unsigned node, unsigned lfq::sys::cpu_facts::*what,
    const std::vector<placed_thread>& placed) {
    std::set<unsigned> left;
    for (const auto& cpu : machine.cpus()) {
        if (cpu.node == node) left.insert(cpu.*what);
    }
    for (const auto& thread : placed) left.erase((*thread.where).*what);
    return left.size();
}

/// What holds for one group, when those before it have been placed.
void hold(const topology& machine, const std::vector<placed_thread>& before,
    const std::vector<placed_thread>& group) {
    std::set<unsigned> nodes;
    std::set<unsigned> cores;
    for (const auto& thread : group) {
        nodes.insert(thread.where->node);
        cores.insert(thread.where->core);
    }
    bool fits_somewhere = false;
    bool fits_apart = false;
    for (const auto& node : machine.nodes()) {
        const auto room = left_on(machine, node.os, &lfq::sys::cpu_facts::os, before);
        const auto apart = left_on(machine, node.os, &lfq::sys::cpu_facts::core, before);
        fits_somewhere = fits_somewhere || room >= group.size();
        fits_apart = fits_apart || apart >= group.size();
    }
    if (group.empty() || !fits_somewhere) return;
    REQUIRE(nodes.size() == 1);
    if (fits_apart) REQUIRE(cores.size() == group.size());
}

}  // namespace

TEST_CASE("every_plan_keeps_its_promises") {
    CAPTURE(support::run_seed());  // LFQ_SEED repeats a run
    dice roll;
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        const topology machine = random_machine(roll);
        const auto groups = random_groups(roll, machine);
        const placement plan = place(machine, groups);
        CAPTURE(plan.text(), machine.text());
        std::set<unsigned> cpus;
        std::vector<placed_thread> before;
        auto next = plan.threads().begin();
        for (const thread_group& group : groups) {
            std::vector<placed_thread> own;
            for (const std::string& name : group.threads) {
                REQUIRE(next != plan.threads().end());
                REQUIRE(next->name == name);
                REQUIRE(machine.cpu(next->where->os) == *next->where);
                REQUIRE(cpus.insert(next->where->os).second);
                own.push_back(*next++);
            }
            hold(machine, before, own);
            before.insert(before.end(), own.begin(), own.end());
        }
        REQUIRE(next == plan.threads().end());
    }
}
