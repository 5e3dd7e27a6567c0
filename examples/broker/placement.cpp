// SPDX-License-Identifier: MIT
#include "broker/placement.hpp"

#include <lfq/sys/affinity.hpp>
#include <lfq/sys/placement.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace broker {

namespace {

/// Up to this many cpus one network thread and one core thread do everything, and nothing spins.
constexpr std::size_t few_cpus = 4;
constexpr std::uint32_t threads_of_a_kind_max = 8;  // beyond it nothing was measured

using core::processor_kind;

[[nodiscard]] std::size_t rules_of(const processing_options& settings, processor_kind kind) {
    return static_cast<std::size_t>(std::count_if(settings.rules.begin(), settings.rules.end(),
        [kind](const processor_choice& each) { return each.use == kind; }));
}

/// A processor without topics has no thread, and realtime is the dispatcher's own.
[[nodiscard]] std::vector<processor_kind> kinds_apart(const processing_options& settings) {
    std::vector<processor_kind> apart;
    const auto add = [&](processor_kind kind, std::uint32_t threads) {
        if (threads != 0 && rules_of(settings, kind) != 0) apart.push_back(kind);
    };
    add(processor_kind::transactional, settings.transactional_threads);
    add(processor_kind::batch, settings.batch_threads);
    return apart;
}

/// In the order of a plan's places. The names are those of the threads.
[[nodiscard]] std::vector<lfq::sys::thread_group> groups_of(const core::thread_plan& plan) {
    std::vector<lfq::sys::thread_group> groups(1);
    std::vector<std::string>& core = groups.front().threads;
    core.emplace_back("core");
    for (const processor_kind kind : plan.apart) core.emplace_back(to_string(kind));
    for (std::uint32_t i = 0; i < plan.workers && !plan.fused; ++i) {
        core.push_back("worker-" + std::to_string(i));
    }
    for (std::uint32_t i = 0; i < plan.net_threads; ++i) {
        groups.push_back({.threads = {"net-" + std::to_string(i)}});
    }
    return groups;
}

/// Where nobody tells, there is some.
[[nodiscard]] bool has_memory(const lfq::sys::node_facts& node) { return node.memory_bytes != 0U; }

[[nodiscard]] bool has_memory(const lfq::sys::topology& machine) {
    return std::any_of(machine.nodes().begin(), machine.nodes().end(),
        [](const lfq::sys::node_facts& each) { return has_memory(each); });
}

/// The node to which the rings of threads on this one are bound, and from whose home they take
/// slabs: itself, if it has memory; else one in the same package before others, one with cpus
/// before others, the one with most.
[[nodiscard]] unsigned memory_of(unsigned node, const lfq::sys::topology& machine) {
    if (has_memory(machine.node(node))) return node;
    const auto package = [&](unsigned of) -> std::optional<unsigned> {
        const std::vector<unsigned> cpus = machine.cpus_of_node(of);
        return cpus.empty() ? std::nullopt : std::optional(machine.cpu(cpus.front()).package);
    };
    const auto worth = [&](const lfq::sys::node_facts& each) {
        const std::optional<unsigned> its = package(each.os);
        return std::tuple(
            has_memory(each), its == package(node), its.has_value(), each.memory_bytes.value_or(0));
    };
    const auto best = std::max_element(machine.nodes().begin(), machine.nodes().end(),
        [&](const auto& one, const auto& other) { return worth(one) < worth(other); });
    return best->os;
}

/// The core's threads hand events to each other, so they go to one node, the largest, with memory
/// if they fit there; network threads take turns among the nodes that have room. A core that fits
/// on no node is left to lfq, and so are they.
void choose_nodes(std::vector<lfq::sys::thread_group>& groups, const lfq::sys::topology& machine) {
    struct room {
        unsigned node;
        std::size_t cpus;
        bool memory;
    };
    std::vector<room> rooms;
    for (const lfq::sys::node_facts& each : machine.nodes()) {
        const std::size_t cpus = machine.cpus_of_node(each.os).size();
        if (cpus != 0) rooms.push_back({each.os, cpus, has_memory(each)});
    }
    const std::size_t core = groups[0].threads.size();
    const auto worth = [core](const room& each) {
        return std::tuple(each.cpus >= core, each.memory, each.cpus);
    };
    const auto best = std::max_element(rooms.begin(), rooms.end(),
        [&](const room& one, const room& other) { return worth(one) < worth(other); });
    if (best->cpus < core) return;
    groups[0].node = best->node;
    best->cpus -= core;
    for (std::size_t group = 1, at = 0; group != groups.size(); ++at) {
        room& next = rooms[at % rooms.size()];
        if (next.cpus == 0) continue;
        --next.cpus;
        groups[group++].node = next.node;
    }
}

void pin(core::thread_plan& plan, const lfq::sys::topology& machine) {
    std::vector<lfq::sys::thread_group> groups = groups_of(plan);
    choose_nodes(groups, machine);
    const lfq::sys::placement places = lfq::sys::place(machine, groups);
    for (const lfq::sys::placed_thread& each : places.threads()) {
        const unsigned node = each.where->node;
        plan.places.push_back({each.where->os, node, memory_of(node, machine)});
    }
    if (machine.node_count() == 1 || !has_memory(machine)) return;
    for (std::size_t i = 0; i < plan.net_threads; ++i) {
        plan.homes.push_back(plan.places[plan.network(i)].memory);
    }
    std::sort(plan.homes.begin(), plan.homes.end());
    plan.homes.erase(std::unique(plan.homes.begin(), plan.homes.end()), plan.homes.end());
}

[[nodiscard]] std::string homes_in_words(const core::thread_plan& plan) {
    std::string words = plan.homes.size() == 1 ? "node " : "each of nodes ";
    for (std::size_t i = 0; i < plan.homes.size(); ++i) {
        words += (i == 0 ? "" : ", ") + std::to_string(plan.homes[i]);
    }
    return words;
}

[[nodiscard]] std::string rules_in_words(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " rule" : " rules");
}

}  // namespace

core::thread_plan plan_for(const config& settings, const lfq::sys::topology& machine) {
    const std::size_t cpus = machine.cpus().size();
    const bool few = cpus <= few_cpus;
    const auto quarter =
        static_cast<std::uint32_t>(std::clamp<std::size_t>(cpus / 4, 1, threads_of_a_kind_max));
    const auto served = static_cast<std::uint32_t>(std::min<std::size_t>(
        threads_of_a_kind_max, settings.core.slab_count / net::slabs_per_thread_min));
    core::thread_plan plan;
    plan.net_threads = settings.net.threads != 0 ? settings.net.threads : std::min(quarter, served);
    plan.fused = settings.core.workers == 0 && few;
    plan.workers = settings.core.workers != 0 ? settings.core.workers : quarter;
    if (!plan.fused) plan.apart = kinds_apart(settings.processing);
    if (few || plan.threads() >= cpus) return plan;
    plan.spin = std::chrono::microseconds(10);
    pin(plan, machine);
    return plan;
}

void check(const core::thread_plan& plan, std::span<const unsigned> allowed) {
    if (plan.places.empty()) return;
    std::vector<lfq::sys::placed_thread> threads;
    for (const lfq::sys::thread_group& group : groups_of(plan)) {
        for (const std::string& name : group.threads) {
            const core::thread_place& at = plan.places[threads.size()];
            threads.push_back({name, lfq::sys::cpu_facts{.os = at.cpu, .node = at.node}});
        }
    }
    lfq::sys::placement("", std::move(threads)).check(allowed);
}

std::string try_pin(unsigned cpu) {
    try {
        lfq::sys::pin_this_thread(cpu);
    } catch (const std::system_error& refused) {
        return refused.what();
    }
    return "";
}

map_facts facts_of(const config& settings) {
    const std::string& address = settings.net.address;
    map_facts facts{.tcp = address + ":" + std::to_string(settings.net.tcp_port),
        .udp = address + ":" + std::to_string(settings.net.udp_port),
        .tick_ms = settings.control.tick_ms};
    for (std::size_t i = 0; i < facts.rules.size(); ++i) {
        facts.rules[i] = rules_of(settings.processing, static_cast<processor_kind>(i));
    }
    return facts;
}

std::string thread_map(
    const core::thread_plan& plan, const lfq::sys::topology& machine, const map_facts& facts) {
    std::size_t next = 0;
    const auto place = [&]() -> std::string {
        if (plan.places.empty()) return "\n";
        const std::size_t number = next++;
        const core::thread_place& at = plan.places[number];
        std::string words = ", cpu " + std::to_string(at.cpu);
        if (!plan.homes.empty()) words += ", node " + std::to_string(at.node);
        if (!plan.homes.empty() && at.memory != at.node) {
            // A network thread's slabs are bound to no node: they are only counted there.
            words += number < plan.network(0) ? ", memory of node " : ", home of node ";
            words += std::to_string(at.memory);
        }
        return words + "\n";
    };
    const auto rules = [&](processor_kind kind) {
        return facts.rules[static_cast<std::size_t>(kind)];
    };
    std::string map = machine.summary() +
        (plan.places.empty() ? "; not pinned, nothing spins" : "; pinned") + "\n";
    map += "  core: dispatcher, realtime";
    for (const auto kind : {processor_kind::transactional, processor_kind::batch}) {
        const bool apart =
            std::find(plan.apart.begin(), plan.apart.end(), kind) != plan.apart.end();
        if (rules(kind) == 0 || apart) continue;
        map += std::string(", ") + to_string(kind) + " (" + rules_in_words(rules(kind)) + ")";
    }
    map += plan.fused ? ", and the only worker (fused)" : "";
    map += place();
    for (const processor_kind kind : plan.apart) {
        map += std::string("  ") + to_string(kind) + ": " + rules_in_words(rules(kind)) + place();
    }
    for (std::uint32_t i = 0; i < plan.workers && !plan.fused; ++i) {
        map += "  worker-" + std::to_string(i) + ": subscribers " + std::to_string(i) + " of " +
            std::to_string(plan.workers) + place();
    }
    for (std::uint32_t i = 0; i < plan.net_threads; ++i) {
        map += "  net-" + std::to_string(i) + ": TCP " + facts.tcp;
        if (i == 0) map += ", UDP " + facts.udp;
        map += place();
    }
    if (!plan.homes.empty()) map += "  slabs: a home for " + homes_in_words(plan) + "\n";
    for (const auto kind : {processor_kind::transactional, processor_kind::batch}) {
        if (rules(kind) == 0) map += std::string("  ") + to_string(kind) + ": no rule, no thread\n";
    }
    return map + "  control: signals, states; sleeps " + std::to_string(facts.tick_ms) +
        " ms between ticks";
}

}  // namespace broker
