// SPDX-License-Identifier: MIT
// lfq/sys/machine_facts.hpp — cpus, nodes and caches of a machine, as plain values.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lfq::inline LFQ_ABI::sys {

/// One hardware thread. `os` and `node` are the system's numbers; cores, packages and L3 caches are
/// counted from 0 over the whole machine.
struct cpu_facts {
    unsigned os = 0;
    unsigned core = 0;  // cpus with the same core are SMT siblings
    unsigned package = 0;
    unsigned node = 0;
    std::optional<unsigned> l3 = std::nullopt;  // nothing: the machine has none, or does not tell
    unsigned speed = 0;  // cores of several kinds: the higher, the faster; else 0

    bool operator==(const cpu_facts&) const = default;
};

/// A part of the memory, by the system's number.
struct node_facts {
    unsigned os = 0;
    // 0: this process may use none of it; nothing: nobody tells.
    std::optional<std::uint64_t> memory_bytes = std::nullopt;

    bool operator==(const node_facts&) const = default;
};

/// A cache that holds data, and the cpus that share it, ascending.
struct cache_facts {
    unsigned level = 0;
    std::uint64_t bytes = 0;
    unsigned line_bytes = 0;
    std::vector<unsigned> cpus{};

    bool operator==(const cache_facts&) const = default;
};

/// All of it, and who told.
struct machine_facts {
    std::vector<cpu_facts> cpus{};
    std::vector<node_facts> nodes{};
    std::vector<cache_facts> caches{};
    std::string source{};

    bool operator==(const machine_facts&) const = default;
};

}  // namespace lfq::inline LFQ_ABI::sys
