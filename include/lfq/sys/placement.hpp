// SPDX-License-Identifier: MIT
// lfq/sys/placement.hpp — which thread goes to which cpu: a plan that can be read and checked.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/sys/affinity.hpp>
#include <lfq/sys/machine_facts.hpp>
#include <lfq/sys/number_list.hpp>
#include <lfq/sys/sentence.hpp>
#include <lfq/sys/topology.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace lfq::inline LFQ_ABI::sys {

/// Threads that hand things to each other: they want to be near.
struct thread_group {
    std::vector<std::string> threads{};  // their names
    std::optional<unsigned> node = std::nullopt;  // nothing: any
};

/// A thread and its cpu; nothing: wherever the scheduler likes.
struct placed_thread {
    std::string name{};
    std::optional<cpu_facts> where = std::nullopt;

    /// "net-0 -> cpu 12 (core 6, L3 1, node 0)".
    [[nodiscard]] std::string text() const;

    bool operator==(const placed_thread&) const = default;
};

/// A plan for all threads of a program. A value: it changes nothing by itself.
class placement {
public:
    placement(std::string summary, std::vector<placed_thread> threads)
        : summary_(std::move(summary)), threads_(std::move(threads)) {}

    /// In the order in which they were named.
    [[nodiscard]] std::span<const placed_thread> threads() const noexcept { return threads_; }
    /// One of them by its name; throws std::system_error if there is none.
    [[nodiscard]] const placed_thread& thread(std::string_view name) const;
    /// Whether they are pinned: all are, or none.
    [[nodiscard]] bool pinned() const noexcept {
        return !threads_.empty() && threads_.front().where.has_value();
    }

    /// A plan that was made for another machine, or before cpus were taken away: throws
    /// std::system_error if it needs one that is not among these.
    void check(std::span<const unsigned> allowed) const;

    /// What it comes to, and a line for each thread.
    [[nodiscard]] std::string text() const;

    bool operator==(const placement&) const = default;

private:
    std::string summary_;
    std::vector<placed_thread> threads_;
};

/// Places a group at a time, those that name their node first. A group goes to one node if it fits
/// on one: there each thread gets a core of its own before two share one, the fastest first, and
/// neighbours share an L3 cache. Groups go where the most cores are left, so they spread over the
/// nodes. Threads that outnumber the cpus are not pinned. Throws std::system_error where a group
/// names a node that is not there, or has too few cpus.
[[nodiscard]] placement place(const topology& machine, std::span<const thread_group> groups);

/// The same for one group of threads that are called "thread 0", "thread 1" …
[[nodiscard]] placement place(const topology& machine, std::size_t threads);

/// Pins the calling thread as the plan says; leaves it alone where that says nothing.
inline void pin_this_thread(const placed_thread& planned) {
    if (planned.where) pin_this_thread(planned.where->os);
}

/// What is free while a plan is made.
class free_cpus {
public:
    explicit free_cpus(std::span<const cpu_facts> cpus) {
        for (const cpu_facts& cpu : cpus) {
            free_.push_back(cpu);
            cores_taken_.resize(std::max<std::size_t>(cores_taken_.size(), cpu.core + 1));
        }
    }

    /// Takes a cpu for each thread of a group; throws std::system_error if its node has too few.
    void place(const thread_group& group, std::span<placed_thread> threads);
    /// Cores with several threads on them.
    [[nodiscard]] std::size_t shared_cores() const;

private:
    [[nodiscard]] std::size_t cpus_on(unsigned node) const;
    /// The node with the most free cores, if the group has room there; else with the most cpus.
    [[nodiscard]] unsigned best_node(std::size_t group_size) const;
    [[nodiscard]] unsigned next_node(
        const std::optional<cpu_facts>& last, std::size_t threads_left) const;
    /// Takes the best cpu of a node, for the first of so many threads, the last one being there.
    [[nodiscard]] cpu_facts take(
        unsigned node, std::size_t threads_left, const std::optional<cpu_facts>& last);
    [[nodiscard]] bool is_whole(const cpu_facts& cpu) const { return cores_taken_[cpu.core] == 0; }
    [[nodiscard]] std::size_t cores_on(unsigned node) const;
    [[nodiscard]] std::size_t cores_behind(const cpu_facts& near) const;
    template <class Counts>
    [[nodiscard]] std::size_t count_cores(Counts&& counts) const;

    std::vector<cpu_facts> free_;  // ascending
    std::vector<unsigned> cores_taken_;  // threads on each
};

inline std::string placed_thread::text() const {
    if (!where) return sentence({name, " -> any cpu"});
    const std::string cache =
        where->l3 ? sentence({", L3 ", std::to_string(*where->l3)}) : std::string();
    return sentence({name, " -> cpu ", std::to_string(where->os), " (core ",
        std::to_string(where->core), cache, ", node ", std::to_string(where->node), ")"});
}

inline const placed_thread& placement::thread(std::string_view name) const {
    for (const placed_thread& each : threads_) {
        if (each.name == name) return each;
    }
    const std::string said = sentence({"lfq: the plan has no thread '", name, "'"});
    refuse_call(EINVAL, said.c_str());
}

inline void placement::check(std::span<const unsigned> allowed) const {
    for (const placed_thread& each : threads_) {
        if (!each.where) continue;
        if (std::find(allowed.begin(), allowed.end(), each.where->os) != allowed.end()) continue;
        const std::string said =
            sentence({"lfq: the plan puts ", each.name, " on cpu ", std::to_string(each.where->os),
                ", which is not among the allowed, ", number_list(allowed)});
        refuse_call(EPERM, said.c_str());
    }
}

inline std::string placement::text() const {
    std::string lines = summary_;
    for (const placed_thread& each : threads_) lines.append("\n").append(each.text());
    return lines;
}

inline std::size_t free_cpus::cpus_on(unsigned node) const {
    return static_cast<std::size_t>(std::count_if(
        free_.begin(), free_.end(), [node](const cpu_facts& cpu) { return cpu.node == node; }));
}

template <class Counts>
std::size_t free_cpus::count_cores(Counts&& counts) const {
    std::vector<bool> seen(cores_taken_.size());
    std::size_t cores = 0;
    for (const cpu_facts& cpu : free_) {
        if (!is_whole(cpu) || seen[cpu.core] || !counts(cpu)) continue;
        seen[cpu.core] = true;
        ++cores;
    }
    return cores;
}

inline std::size_t free_cpus::cores_on(unsigned node) const {
    return count_cores([node](const cpu_facts& cpu) { return cpu.node == node; });
}

inline std::size_t free_cpus::cores_behind(const cpu_facts& near) const {
    return count_cores([&near](const cpu_facts& cpu) {
        return cpu.node == near.node && cpu.l3 == near.l3 && cpu.speed == near.speed;
    });
}

inline unsigned free_cpus::best_node(std::size_t group_size) const {
    unsigned best = free_.front().node;
    const auto worth = [&](unsigned node) {
        const std::size_t cores = cores_on(node);
        const std::size_t cpus = cpus_on(node);
        return std::tuple(cores >= group_size, cpus >= group_size, cores, cpus);
    };
    for (const cpu_facts& cpu : free_) {
        if (cpu.node == best) continue;
        const auto here = worth(cpu.node);
        const auto there = worth(best);
        if (here > there || (here == there && cpu.node < best)) best = cpu.node;
    }
    return best;
}

inline cpu_facts free_cpus::take(
    unsigned node, std::size_t threads_left, const std::optional<cpu_facts>& last) {
    // Beside the last one; else behind the cache that is just large enough; else behind the one
    // that takes the most of them.
    const auto distance = [&](const cpu_facts& cpu) -> std::pair<int, std::size_t> {
        if (last && last->node == cpu.node && last->l3 == cpu.l3) return {0, 0};
        const std::size_t cores = cores_behind(cpu);
        if (cores >= threads_left) return {1, cores};
        return {2, threads_left - cores};
    };
    auto best = free_.end();
    std::tuple<bool, unsigned, std::pair<int, std::size_t>> best_rank;
    for (auto at = free_.begin(); at != free_.end(); ++at) {
        if (at->node != node) continue;
        const std::tuple rank(!is_whole(*at), ~at->speed, distance(*at));
        if (best != free_.end() && rank >= best_rank) continue;
        best = at;
        best_rank = rank;
    }
    const cpu_facts taken = *best;
    free_.erase(best);
    ++cores_taken_[taken.core];
    return taken;
}

inline std::size_t free_cpus::shared_cores() const {
    return static_cast<std::size_t>(std::count_if(
        cores_taken_.begin(), cores_taken_.end(), [](unsigned threads) { return threads > 1; }));
}

inline void free_cpus::place(const thread_group& group, std::span<placed_thread> threads) {
    std::size_t left = threads.size();
    if (group.node && cpus_on(*group.node) < left) {
        const std::string said = sentence({"lfq: node ", std::to_string(*group.node), " has ",
            counted(cpus_on(*group.node), "cpu"), " left, but ", counted(left, "thread"), " from ",
            threads.front().name, " on are to go there"});
        refuse_call(EINVAL, said.c_str());
    }
    std::optional<unsigned> home = group.node;
    if (!home && !threads.empty() && cpus_on(best_node(left)) >= left) home = best_node(left);
    std::optional<cpu_facts> last;
    for (placed_thread& each : threads) {
        const unsigned node = home ? *home : next_node(last, left);
        each.where = last = take(node, left--, last);
    }
}

// Of a group that no node has room for: whole cores of all nodes come before shared ones.
inline unsigned free_cpus::next_node(
    const std::optional<cpu_facts>& last, std::size_t threads_left) const {
    const unsigned best = best_node(threads_left);
    if (!last || cpus_on(last->node) == 0) return best;
    return cores_on(last->node) != 0 || cores_on(best) == 0 ? last->node : best;
}

inline placement place(const topology& machine, std::span<const thread_group> groups) {
    std::vector<placed_thread> threads;
    for (const thread_group& group : groups) {
        if (group.node) static_cast<void>(machine.node(*group.node));
        for (const std::string& name : group.threads) threads.push_back({.name = name});
    }
    std::string summary = counted(threads.size(), "thread");
    if (threads.size() > machine.cpus().size()) {
        const std::string cpus = counted(machine.cpus().size(), "cpu");
        summary.append(sentence({" outnumber the ", cpus, ": none is pinned"}));
    } else {
        free_cpus left(machine.cpus());
        // Who has no choice comes first.
        for (const bool has_a_choice : {false, true}) {
            std::span<placed_thread> behind(threads);
            for (const thread_group& group : groups) {
                const auto own = behind.first(group.threads.size());
                behind = behind.subspan(own.size());
                if (group.node.has_value() != has_a_choice) left.place(group, own);
            }
        }
        summary.append(left.shared_cores() == 0
                ? std::string(", each on a core of its own")
                : sentence({", ", counted(left.shared_cores(), "core"), " shared"}));
    }
    return {summary.append("; ").append(machine.summary()), std::move(threads)};
}

inline placement place(const topology& machine, std::size_t threads) {
    thread_group all;
    for (std::size_t i = 0; i < threads; ++i)
        all.threads.push_back(sentence({"thread ", std::to_string(i)}));
    return place(machine, std::span(&all, 1));
}

}  // namespace lfq::inline LFQ_ABI::sys
