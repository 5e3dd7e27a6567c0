// SPDX-License-Identifier: MIT
// bench/harness/cpus.hpp — which cpus the threads of a measurement are pinned to.
#pragma once

#include "harness/text.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <pthread.h>
#include <sched.h>

namespace bench {

inline bool pin_this_thread(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<unsigned>(cpu), &set);
    return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

/// The kernel's list of hardware threads that share a core with `cpu`, as text; two siblings have
/// the same text.
[[nodiscard]] inline std::string core_of(int cpu) {
    std::ifstream file(joined(
        {"/sys/devices/system/cpu/cpu", std::to_string(cpu), "/topology/thread_siblings_list"}));
    std::string siblings;
    std::getline(file, siblings);
    return siblings.empty() ? std::to_string(cpu) : siblings;
}

/// Two cpus: LFQ_BENCH_CPUS=a,b if it is set, else the first allowed one and the next that is on
/// another core. One cpu only if there is no other.
[[nodiscard]] inline std::vector<int> choose_cpus() {
    std::vector<int> chosen;
    if (const char* wanted = std::getenv("LFQ_BENCH_CPUS")) {
        std::istringstream list(wanted);
        for (std::string cpu; std::getline(list, cpu, ',');)
            chosen.push_back(std::atoi(cpu.c_str()));
        return chosen;
    }
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return chosen;
    std::vector<int> siblings;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(static_cast<unsigned>(cpu), &allowed)) continue;
        const bool same_core = !chosen.empty() && core_of(cpu) == core_of(chosen.front());
        (same_core ? siblings : chosen).push_back(cpu);
    }
    if (chosen.size() == 1 && !siblings.empty()) chosen.push_back(siblings.front());
    if (chosen.size() > 2) chosen.resize(2);
    return chosen;
}

}  // namespace bench
