// SPDX-License-Identifier: MIT
// Machines that this one is not: as facts, and as the files in which Linux would tell of them.
#pragma once

#include <lfq/sys/machine_facts.hpp>
#include <lfq/sys/number_list.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A machine that is alike all over. Of two siblings, the second has a number behind all cores, as
/// Linux counts on x86.
struct regular {
    unsigned packages = 1;
    unsigned nodes_each = 1;
    unsigned l3s_each = 1;  // of a node; 0: no L3, as in many virtual machines
    unsigned cores_each = 1;  // of an L3, or of a node without
    unsigned cpus_each = 1;  // of a core

    [[nodiscard]] lfq::sys::machine_facts facts() const {
        const unsigned l3s = l3s_each == 0 ? 1 : l3s_each;
        const unsigned nodes = packages * nodes_each;
        const unsigned cores = nodes * l3s * cores_each;
        lfq::sys::machine_facts all;
        all.source = "a test";
        for (unsigned cpu = 0; cpu < cores * cpus_each; ++cpu) {
            const unsigned core = cpu % cores;
            const unsigned l3 = core / cores_each;
            all.cpus.push_back({.os = cpu,
                .core = core,
                .package = l3 / l3s / nodes_each,
                .node = l3 / l3s,
                .l3 = l3s_each == 0 ? std::nullopt : std::optional(l3)});
        }
        for (unsigned node = 0; node < nodes; ++node) all.nodes.push_back({.os = node});
        return all;
    }
};

/// Eight fast cores with two cpus each, numbered as siblings, and four slow ones behind them.
[[nodiscard]] inline lfq::sys::machine_facts hybrid_laptop() {
    lfq::sys::machine_facts all;
    all.source = "a test";
    for (unsigned cpu = 0; cpu < 20; ++cpu) {
        const bool fast = cpu < 16;
        all.cpus.push_back(
            {.os = cpu, .core = fast ? cpu / 2 : cpu - 8, .l3 = 0, .speed = fast ? 1U : 0U});
    }
    all.nodes.push_back({});
    return all;
}

/// A folder laid out as /sys, gone in the end.
class files_of_a_machine {
public:
    files_of_a_machine() {
        std::string name = (std::filesystem::temp_directory_path() / "lfq-sys-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        root_ = name;
    }
    explicit files_of_a_machine(const lfq::sys::machine_facts& all) : files_of_a_machine() {
        std::vector<unsigned> online;
        for (const auto& cpu : all.cpus) {
            online.push_back(cpu.os);
            const std::string folder = cpu_folder(cpu.os);
            write(folder + "topology/core_cpus_list", who(all, &lfq::sys::cpu_facts::core, cpu));
            write(folder + "topology/physical_package_id", std::to_string(cpu.package));
        }
        write("devices/system/cpu/online", lfq::sys::number_list(online));
        std::vector<unsigned> nodes;
        for (const auto& node : all.nodes) {
            nodes.push_back(node.os);
            const std::string folder = "devices/system/node/node" + std::to_string(node.os) + "/";
            const lfq::sys::cpu_facts any{.node = node.os};
            write(folder + "cpulist", who(all, &lfq::sys::cpu_facts::node, any));
            if (node.memory_bytes) {
                write(folder + "meminfo",
                    "Node 0 MemTotal:   " + std::to_string(*node.memory_bytes / 1024) + " kB");
            }
        }
        write("devices/system/node/online", lfq::sys::number_list(nodes));
        for (const auto& cache : all.caches) {
            for (const unsigned cpu : cache.cpus) write_cache(cpu, cache.level, cache);
        }
    }
    ~files_of_a_machine() { std::filesystem::remove_all(root_); }
    files_of_a_machine(const files_of_a_machine&) = delete;
    files_of_a_machine& operator=(const files_of_a_machine&) = delete;

    [[nodiscard]] const std::string& root() const { return root_; }
    [[nodiscard]] static std::string cpu_folder(unsigned cpu) {
        return "devices/system/cpu/cpu" + std::to_string(cpu) + "/";
    }

    void write(const std::string& path, const std::string& line) const {
        const std::filesystem::path file = std::filesystem::path(root_) / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << line << '\n';
    }
    void remove(const std::string& path) const {
        std::filesystem::remove_all(std::filesystem::path(root_) / path);
    }
    // As index `level`; index 0 holds instructions.
    void write_cache(unsigned cpu, unsigned level, const lfq::sys::cache_facts& cache) const {
        const std::string caches = cpu_folder(cpu) + "cache/index";
        write(caches + "0/level", "1");
        write(caches + "0/type", "Instruction");
        const std::string folder = caches + std::to_string(level) + "/";
        write(folder + "level", std::to_string(cache.level));
        write(folder + "type", cache.level == 1 ? "Data" : "Unified");
        write(folder + "size", std::to_string(cache.bytes / 1024) + "K");
        write(folder + "coherency_line_size", std::to_string(cache.line_bytes));
        write(folder + "shared_cpu_list", lfq::sys::number_list(cache.cpus));
    }

private:
    [[nodiscard]] static std::string who(const lfq::sys::machine_facts& all,
        unsigned lfq::sys::cpu_facts::*what, const lfq::sys::cpu_facts& as) {
        std::vector<unsigned> same;
        for (const auto& cpu : all.cpus) {
            if (cpu.*what == as.*what) same.push_back(cpu.os);
        }
        return same.empty() ? "" : lfq::sys::number_list(same);
    }

    std::string root_;
};

}  // namespace support
