// SPDX-License-Identifier: MIT
// lfq/sys/facts_from_linux.hpp — what the files of Linux tell about cpus, nodes and caches.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/sys/machine_facts.hpp>
#include <lfq/sys/number_list.hpp>
#include <lfq/sys/small_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lfq::inline LFQ_ABI::sys {

/// Reads the files below /sys, or below a folder that looks like it. What is missing there is
/// missing in the facts: without a list of cpus, all of them; without nodes there is one.
class linux_files {
public:
    explicit linux_files(std::string root) : root_(std::move(root)) {}

    [[nodiscard]] machine_facts facts() const;

private:
    using numbers = std::vector<unsigned>;

    // A place in a list of what was seen, in the order of its first cpu.
    template <class Key>
    [[nodiscard]] static unsigned index_of(std::vector<Key>& seen, const Key& key);

    [[nodiscard]] std::string text(std::string_view path) const;
    [[nodiscard]] std::optional<std::uint64_t> number(std::string_view path) const;
    [[nodiscard]] numbers list(std::string_view path) const;
    [[nodiscard]] static std::string of_cpu(unsigned cpu, std::string_view file);

    [[nodiscard]] numbers siblings(unsigned cpu) const;
    void add_caches(unsigned cpu, std::vector<cache_facts>& caches) const;
    void add_nodes(machine_facts& facts) const;
    void add_speeds(std::vector<cpu_facts>& cpus) const;

    std::string root_;
};

inline machine_facts linux_files::facts() const {
    machine_facts facts;
    facts.source = root_;
    std::vector<numbers> cores;
    std::vector<std::uint64_t> packages;
    for (const unsigned os : list("/devices/system/cpu/online")) {
        cpu_facts cpu{.os = os};
        cpu.core = index_of(cores, siblings(os));
        cpu.package =
            index_of(packages, number(of_cpu(os, "topology/physical_package_id")).value_or(0));
        add_caches(os, facts.caches);
        facts.cpus.push_back(cpu);
    }
    unsigned l3 = 0;
    for (const cache_facts& cache : facts.caches) {
        if (cache.level != 3) continue;
        for (cpu_facts& cpu : facts.cpus) {
            if (std::binary_search(cache.cpus.begin(), cache.cpus.end(), cpu.os)) cpu.l3 = l3;
        }
        ++l3;
    }
    add_nodes(facts);
    add_speeds(facts.cpus);
    return facts;
}

template <class Key>
unsigned linux_files::index_of(std::vector<Key>& seen, const Key& key) {
    const auto found = std::find(seen.begin(), seen.end(), key);
    const auto index = static_cast<unsigned>(found - seen.begin());
    if (found == seen.end()) seen.push_back(key);
    return index;
}

inline std::string linux_files::text(std::string_view path) const {
    return small_file(std::string(root_).append(path)).value_or("");
}

inline std::optional<std::uint64_t> linux_files::number(std::string_view path) const {
    return number_at_front(text(path));
}

inline auto linux_files::list(std::string_view path) const -> numbers {
    return numbers_from(text(path)).value_or(numbers());
}

inline std::string linux_files::of_cpu(unsigned cpu, std::string_view file) {
    std::string path = "/devices/system/cpu/cpu";
    return path.append(std::to_string(cpu)).append("/").append(file);
}

// The cpus of its core. Who is not told to share one has one alone.
inline auto linux_files::siblings(unsigned cpu) const -> numbers {
    numbers found = list(of_cpu(cpu, "topology/core_cpus_list"));
    if (found.empty()) found = list(of_cpu(cpu, "topology/thread_siblings_list"));  // before 5.3
    if (!std::binary_search(found.begin(), found.end(), cpu)) return {cpu};
    return found;
}

inline void linux_files::add_caches(unsigned cpu, std::vector<cache_facts>& caches) const {
    for (unsigned index = 0;; ++index) {
        const std::string folder = of_cpu(cpu, "cache/index").append(std::to_string(index));
        const auto file = [&folder](const char* name) { return std::string(folder).append(name); };
        const auto level = number(file("/level"));
        if (!level) return;
        if (text(file("/type")).starts_with("Instruction")) continue;
        const std::string size = text(file("/size"));
        const bool in_mib = size.find('M') != std::string::npos;  // else in KiB
        const cache_facts cache{.level = static_cast<unsigned>(*level),
            .bytes = number_at_front(size).value_or(0) * (in_mib ? 1 << 20 : 1 << 10),
            .line_bytes = static_cast<unsigned>(number(file("/coherency_line_size")).value_or(0)),
            .cpus = list(file("/shared_cpu_list"))};
        static_cast<void>(index_of(caches, cache));
    }
}

inline void linux_files::add_nodes(machine_facts& facts) const {
    for (const unsigned os : list("/devices/system/node/online")) {
        facts.nodes.push_back({.os = os, .memory_bytes = memory_of_node(root_, os)});
        std::string path = "/devices/system/node/node";
        const numbers cpus = list(path.append(std::to_string(os)).append("/cpulist"));
        for (cpu_facts& cpu : facts.cpus) {
            if (std::binary_search(cpus.begin(), cpus.end(), cpu.os)) cpu.node = os;
        }
    }
    if (facts.nodes.empty()) facts.nodes.push_back({});
}

// Arm tells a capacity for each cpu, hybrid machines from Intel a list of the slow ones.
inline void linux_files::add_speeds(std::vector<cpu_facts>& cpus) const {
    std::vector<std::uint64_t> steps;
    std::vector<std::uint64_t> speeds;
    const numbers slow = list("/devices/cpu_atom/cpus");
    for (const cpu_facts& cpu : cpus) {
        const bool is_slow = std::binary_search(slow.begin(), slow.end(), cpu.os);
        speeds.push_back(is_slow ? 0 : 1 + number(of_cpu(cpu.os, "cpu_capacity")).value_or(0));
    }
    steps = speeds;
    std::sort(steps.begin(), steps.end());
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    for (std::size_t i = 0; i < cpus.size(); ++i) {
        const auto step = std::lower_bound(steps.begin(), steps.end(), speeds[i]);
        cpus[i].speed = static_cast<unsigned>(step - steps.begin());
    }
}

}  // namespace lfq::inline LFQ_ABI::sys
