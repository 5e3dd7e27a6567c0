// SPDX-License-Identifier: MIT
// bench/harness/machine.hpp — the line without which no number is published.
#pragma once

#include "harness/cpus.hpp"
#include "harness/text.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include <sys/utsname.h>

#ifndef LFQ_BENCH_FLAGS
#define LFQ_BENCH_FLAGS "unknown flags"
#endif

namespace bench {

[[nodiscard]] inline std::string cpu_name() {
    std::ifstream file("/proc/cpuinfo");
    std::string family;
    std::string name;
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(": ");
        if (colon == std::string::npos) continue;
        if (name.empty() && line.starts_with("model name")) name = line.substr(colon + 2);
        if (family.empty() && line.starts_with("cpu family")) family = line.substr(colon + 2);
        if (line.starts_with("model\t") && !name.empty()) break;
        if (line.starts_with("stepping")) break;
    }
    return name.empty() ? "unknown CPU" : joined({name, " (family ", family, ")"});
}

[[nodiscard]] inline std::string compiler_name() {
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "g++ " __VERSION__;
#else
    return "unknown compiler";
#endif
}

[[nodiscard]] inline std::string machine_line(const std::vector<int>& cpus) {
    char date[32] = "";
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    if (gmtime_r(&now, &utc) != nullptr)
        std::strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", &utc);
    const char* commit = std::getenv("LFQ_BENCH_COMMIT");
    utsname kernel{};
    uname(&kernel);
    std::string pinned;
    for (const int cpu : cpus) pinned.append(pinned.empty() ? "" : ",").append(std::to_string(cpu));
    return joined({date, "; commit ", commit != nullptr ? commit : "unknown", "; ", cpu_name(),
        "; Linux ", kernel.release, "; ", compiler_name(), "; ", LFQ_BENCH_FLAGS,
        "; pinned to cpus ", pinned, ", ", shared_by(cpus.front(), cpus.back())});
}

/// The share of time that the hypervisor gave to somebody else since boot, in clock ticks: all cpus
/// together.
[[nodiscard]] inline unsigned long long stolen_ticks() {
    std::ifstream file("/proc/stat");
    std::string word;
    unsigned long long ticks = 0;
    file >> word;
    for (int column = 0; column < 8; ++column) file >> ticks;
    return file ? ticks : 0;
}

}  // namespace bench
