// SPDX-License-Identifier: MIT
// bench/harness/cpus.hpp — which cpus the threads of a measurement are pinned to.
#pragma once

#include "harness/options.hpp"
#include "harness/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>
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

/// The cpus that this process may use, in order.
[[nodiscard]] inline std::vector<int> allowed_cpus() {
    std::vector<int> allowed;
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return allowed;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(static_cast<unsigned>(cpu), &set)) allowed.push_back(cpu);
    }
    return allowed;
}

/// The two cpus of a list like "2,3", or a sentence that says what is wrong with it.
[[nodiscard]] inline std::variant<std::vector<int>, refusal> two_cpus_of(
    std::string_view list, const std::vector<int>& allowed) {
    const auto no = [&](std::string_view why) {
        return refusal{joined({"LFQ_BENCH_CPUS needs two cpus, as in 2,3, not '", list, why})};
    };
    std::vector<int> chosen;
    const char* at = list.data();
    const char* const end = at + list.size();
    while (at != end) {
        int cpu = -1;
        const auto [rest, error] = std::from_chars(at, end, cpu);
        if (error != std::errc() || (rest != end && (*rest != ',' || rest + 1 == end)))
            return no("'");
        if (std::find(allowed.begin(), allowed.end(), cpu) == allowed.end())
            return no("': one of them is not there, or not for this process");
        chosen.push_back(cpu);
        at = rest == end ? end : rest + 1;
    }
    if (chosen.size() != 2 || chosen[0] == chosen[1]) return no("'");
    return chosen;
}

/// Two cpus: LFQ_BENCH_CPUS=a,b if it is set, else the first allowed one and the next that is on
/// another core. One cpu only if there is no other.
[[nodiscard]] inline std::vector<int> choose_cpus() {
    const std::vector<int> allowed = allowed_cpus();
    if (const char* wanted = std::getenv("LFQ_BENCH_CPUS")) {
        const auto two = two_cpus_of(wanted, allowed);
        if (const auto* no = std::get_if<refusal>(&two)) {
            std::fprintf(stderr, "bench: %s\n", no->why.c_str());
            std::exit(64);
        }
        return std::get<std::vector<int>>(two);
    }
    std::vector<int> chosen;
    std::vector<int> siblings;
    for (const int cpu : allowed) {
        const bool same_core = !chosen.empty() && core_of(cpu) == core_of(chosen.front());
        (same_core ? siblings : chosen).push_back(cpu);
    }
    if (chosen.size() == 1 && !siblings.empty()) chosen.push_back(siblings.front());
    if (chosen.size() > 2) chosen.resize(2);
    return chosen;
}

/// What the two share, in words, as the kernel tells it.
[[nodiscard]] inline std::string shared_by(int one, int other) {
    if (core_of(one) == core_of(other)) return "two threads of one core";
    const auto cache_of = [](int cpu) {
        std::ifstream file(joined(
            {"/sys/devices/system/cpu/cpu", std::to_string(cpu), "/cache/index3/shared_cpu_list"}));
        std::string list;
        std::getline(file, list);
        return list;
    };
    const std::string cache = cache_of(one);
    if (cache.empty()) return "two cores, caches unknown";
    return cache == cache_of(other) ? "two cores with one L3" : "two cores without a common L3";
}

}  // namespace bench
