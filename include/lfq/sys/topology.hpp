// SPDX-License-Identifier: MIT
// lfq/sys/topology.hpp — nodes, packages, cores, SMT siblings and caches of a machine.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/sys/affinity.hpp>
#include <lfq/sys/facts_from_hwloc.hpp>
#include <lfq/sys/facts_from_linux.hpp>
#include <lfq/sys/machine_facts.hpp>
#include <lfq/sys/node_memory.hpp>
#include <lfq/sys/number_list.hpp>
#include <lfq/sys/sentence.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace lfq::inline LFQ_ABI::sys {

// Units with hwloc and units without have a type each: what they would answer is not the same.
inline namespace LFQ_TOPOLOGY_ABI {

/// What cpus, nodes and caches there are, copied when it was built: it does not follow a machine
/// that changes. Built with lfq::numa, hwloc tells; else the files of Linux do. source() says who.
///
/// Threads     a value: any number read one, each may have its own.
/// Memory      allocates; not for the hot path.
/// Failure     std::system_error with a sentence: text that describes no machine; a cpu, core or
///             node that is not there, with those that are.
/// Example     examples/11_place_threads.cpp
class topology {
public:
    /// The cpus that the calling thread may use, and their surroundings. Ask before you pin it.
    [[nodiscard]] static topology of_this_machine();
    /// A machine in hwloc's words, "pack:2 core:64 pu:2", to plan for it. Needs lfq::numa.
    [[nodiscard]] static topology from_synthetic(const std::string& description) {
        return topology(facts_from_synthetic(description));
    }
    /// Another machine, written down there by `lstopo --of xml`. Needs lfq::numa.
    [[nodiscard]] static topology from_xml(const std::string& text) {
        return topology(facts_from_xml(text));
    }
    /// The machine whose files lie below a folder that is laid out as /sys.
    [[nodiscard]] static topology from_files(const std::string& root) {
        return topology(linux_files(root).facts());
    }
    /// Of facts from elsewhere; there is at least one cpu.
    explicit topology(machine_facts facts);

    /// The same machine with these cpus alone, which are in it.
    [[nodiscard]] topology only(std::span<const unsigned> cpus) const;

    /// Ascending.
    [[nodiscard]] std::span<const cpu_facts> cpus() const noexcept { return facts_.cpus; }
    [[nodiscard]] std::span<const node_facts> nodes() const noexcept { return facts_.nodes; }
    /// By level; each cache that holds data.
    [[nodiscard]] std::span<const cache_facts> caches() const noexcept { return facts_.caches; }
    /// Who told: "hwloc", "/sys".
    [[nodiscard]] const std::string& source() const noexcept { return facts_.source; }

    [[nodiscard]] std::size_t package_count() const { return counts(&cpu_facts::package); }
    [[nodiscard]] std::size_t core_count() const { return counts(&cpu_facts::core); }
    /// Of those with cpus.
    [[nodiscard]] std::size_t node_count() const { return counts(&cpu_facts::node); }

    [[nodiscard]] const cpu_facts& cpu(unsigned os) const;
    [[nodiscard]] const node_facts& node(unsigned os) const;
    /// Ascending, as pin_this_thread takes them; of a node that has memory only, none.
    [[nodiscard]] std::vector<unsigned> cpus_of_node(unsigned node) const;
    [[nodiscard]] std::vector<unsigned> cpus_of_core(unsigned core) const;
    /// The other cpus of its core.
    [[nodiscard]] std::vector<unsigned> siblings(unsigned os) const;

    /// "2 nodes, 2 packages, 128 cores, 256 cpus; told by hwloc".
    [[nodiscard]] std::string summary() const;
    /// The same, and a line for each node and each L3 cache.
    [[nodiscard]] std::string text() const;

    bool operator==(const topology&) const = default;

private:
    [[nodiscard]] std::size_t counts(unsigned cpu_facts::*what) const;
    [[nodiscard]] std::vector<unsigned> cpus_with(unsigned cpu_facts::*what, unsigned is) const;
    [[nodiscard]] std::string numbers() const;
    void keep(std::span<const unsigned> cpus);

    machine_facts facts_;
};

inline topology topology::of_this_machine() {
    told_facts told = facts_of_this_machine();
    machine_facts& facts = told.facts;
    if (!told.of_this_machine) return topology(std::move(facts));
    const std::vector<unsigned> allowed = cpus_allowed();
    if (facts.cpus.empty()) {  // no /sys: the cpus are known by number only
        for (const unsigned os : allowed) facts.cpus.push_back({.os = os, .core = os});
        facts.source = "sched_getaffinity alone";
    }
    const std::vector<unsigned> usable = memory_nodes();
    for (node_facts& node : facts.nodes) {
        if (!std::binary_search(usable.begin(), usable.end(), node.os)) node.memory_bytes = 0;
    }
    topology whole(std::move(facts));
    whole.keep(allowed);
    return whole;
}

inline topology::topology(machine_facts facts) : facts_(std::move(facts)) {
    if (facts_.cpus.empty()) {
        const std::string said = sentence({"lfq: ", facts_.source, " tells of no cpu"});
        refuse_call(ENOENT, said.c_str());
    }
    for (const cpu_facts& each : facts_.cpus) {
        const auto is_its = [&each](const node_facts& node) { return node.os == each.node; };
        if (std::none_of(facts_.nodes.begin(), facts_.nodes.end(), is_its))
            facts_.nodes.push_back({.os = each.node});
    }
    const auto by_number = [](const auto& one, const auto& other) { return one.os < other.os; };
    std::sort(facts_.cpus.begin(), facts_.cpus.end(), by_number);
    std::sort(facts_.nodes.begin(), facts_.nodes.end(), by_number);
    std::sort(facts_.caches.begin(), facts_.caches.end(),
        [](const cache_facts& one, const cache_facts& other) {
            return std::tie(one.level, one.cpus) < std::tie(other.level, other.cpus);
        });
}

inline topology topology::only(std::span<const unsigned> cpus) const {
    for (const unsigned os : cpus) static_cast<void>(cpu(os));
    topology fewer = *this;
    fewer.keep(cpus);
    return fewer;
}

inline void topology::keep(std::span<const unsigned> cpus) {
    const auto is_gone = [cpus](unsigned os) {
        return std::find(cpus.begin(), cpus.end(), os) == cpus.end();
    };
    std::erase_if(facts_.cpus, [&](const cpu_facts& each) { return is_gone(each.os); });
    for (cache_facts& cache : facts_.caches) std::erase_if(cache.cpus, is_gone);
    std::erase_if(facts_.caches, [](const cache_facts& cache) { return cache.cpus.empty(); });
    if (facts_.cpus.empty())
        refuse_call(ENOENT, "lfq: none of the cpus of this topology may be used");
}

inline std::size_t topology::counts(unsigned cpu_facts::*what) const {
    std::vector<unsigned> seen;
    for (const cpu_facts& each : facts_.cpus) seen.push_back(each.*what);
    std::sort(seen.begin(), seen.end());
    return static_cast<std::size_t>(std::unique(seen.begin(), seen.end()) - seen.begin());
}

inline std::vector<unsigned> topology::cpus_with(unsigned cpu_facts::*what, unsigned is) const {
    std::vector<unsigned> found;
    for (const cpu_facts& each : facts_.cpus) {
        if (each.*what == is) found.push_back(each.os);
    }
    return found;
}

inline const cpu_facts& topology::cpu(unsigned os) const {
    std::vector<unsigned> there;
    for (const cpu_facts& each : facts_.cpus) {
        if (each.os == os) return each;
        there.push_back(each.os);
    }
    const std::string said = sentence({"lfq: cpu ", std::to_string(os),
        " is not there, or not allowed; cpus ", number_list(there), " are"});
    refuse_call(EINVAL, said.c_str());
}

inline const node_facts& topology::node(unsigned os) const {
    std::vector<unsigned> there;
    for (const node_facts& each : facts_.nodes) {
        if (each.os == os) return each;
        there.push_back(each.os);
    }
    const std::string said = sentence(
        {"lfq: there is no node ", std::to_string(os), "; there are ", number_list(there)});
    refuse_call(EINVAL, said.c_str());
}

inline std::vector<unsigned> topology::cpus_of_node(unsigned number) const {
    return cpus_with(&cpu_facts::node, node(number).os);
}

inline std::vector<unsigned> topology::cpus_of_core(unsigned core) const {
    std::vector<unsigned> found = cpus_with(&cpu_facts::core, core);
    if (!found.empty()) return found;
    std::vector<unsigned> there;
    for (const cpu_facts& each : facts_.cpus) there.push_back(each.core);
    std::sort(there.begin(), there.end());
    there.erase(std::unique(there.begin(), there.end()), there.end());
    const std::string said = sentence({"lfq: core ", std::to_string(core),
        " is not there, or not allowed; cores ", number_list(there), " are"});
    refuse_call(EINVAL, said.c_str());
}

inline std::vector<unsigned> topology::siblings(unsigned os) const {
    std::vector<unsigned> found = cpus_of_core(cpu(os).core);
    std::erase(found, os);
    return found;
}

inline std::string topology::summary() const {
    return sentence({numbers(), "; told by ", facts_.source});
}

inline std::string topology::numbers() const {
    return sentence({node_count() == 1 ? "one node" : counted(node_count(), "node"), ", ",
        counted(package_count(), "package"), ", ", counted(core_count(), "core"), ", ",
        counted(facts_.cpus.size(), "cpu")});
}

inline std::string topology::text() const {
    std::string lines = summary();
    const auto line = [&](const std::string& head, const std::vector<unsigned>& cpus) {
        std::vector<unsigned> cores;
        cores.reserve(cpus.size());
        for (const unsigned os : cpus) cores.push_back(cpu(os).core);
        std::sort(cores.begin(), cores.end());
        cores.erase(std::unique(cores.begin(), cores.end()), cores.end());
        const std::string which = cpus.empty()
            ? "no cpu"
            : sentence({"cores ", number_list(cores), ", cpus ", number_list(cpus)});
        lines.append(sentence({"\n", head, ": ", which}));
    };
    for (const node_facts& each : facts_.nodes) {
        std::string head = sentence({"node ", std::to_string(each.os)});
        if (each.memory_bytes == 0) {
            head.append(", no memory for this process");
        } else if (each.memory_bytes) {
            head.append(sentence({", ", size_in_words(*each.memory_bytes)}));
        }
        line(head, cpus_of_node(each.os));
        for (const cache_facts& cache : facts_.caches) {
            const cpu_facts& one = cpu(cache.cpus.front());
            if (cache.level != 3 || one.node != each.os) continue;
            line(sentence({"  L3 ", std::to_string(one.l3.value_or(0)), ", ",
                     size_in_words(cache.bytes)}),
                cache.cpus);
        }
    }
    return lines;
}

}  // namespace LFQ_TOPOLOGY_ABI

}  // namespace lfq::inline LFQ_ABI::sys
