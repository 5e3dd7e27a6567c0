// SPDX-License-Identifier: MIT
// lfq/sys/affinity.hpp — which cpus this thread may run on, and pinning it to one.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>

#include <cerrno>
#include <memory>
#include <vector>

#include <sched.h>

namespace lfq::inline LFQ_ABI::sys {

/// The most cpus that affinity calls handle here.
inline constexpr unsigned cpus_max = 4096;

/// The cpus that the calling thread may run on, ascending; never empty. Throws std::system_error.
[[nodiscard]] inline std::vector<unsigned> cpus_allowed() {
    const std::size_t bytes = CPU_ALLOC_SIZE(cpus_max);
    const auto free_set = [](cpu_set_t* set) { CPU_FREE(set); };
    const std::unique_ptr<cpu_set_t, decltype(free_set)> set(CPU_ALLOC(cpus_max), free_set);
    if (set == nullptr) refuse_memory();
    if (::sched_getaffinity(0, bytes, set.get()) != 0) refuse_call(errno, "sched_getaffinity");
    std::vector<unsigned> cpus;
    for (unsigned cpu = 0; cpu < cpus_max; ++cpu) {
        if (CPU_ISSET_S(cpu, bytes, set.get())) cpus.push_back(cpu);
    }
    return cpus;
}

/// Binds the calling thread to one cpu. Throws std::system_error when there is no such cpu or it is
/// not allowed.
inline void pin_this_thread(unsigned cpu) {
    if (cpu >= cpus_max) refuse_call(EINVAL, "sched_setaffinity");
    const std::size_t bytes = CPU_ALLOC_SIZE(cpus_max);
    const auto free_set = [](cpu_set_t* set) { CPU_FREE(set); };
    const std::unique_ptr<cpu_set_t, decltype(free_set)> set(CPU_ALLOC(cpus_max), free_set);
    if (set == nullptr) refuse_memory();
    CPU_ZERO_S(bytes, set.get());
    CPU_SET_S(cpu, bytes, set.get());
    if (::sched_setaffinity(0, bytes, set.get()) != 0) refuse_call(errno, "sched_setaffinity");
}

}  // namespace lfq::inline LFQ_ABI::sys
