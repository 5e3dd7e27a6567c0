// SPDX-License-Identifier: MIT
// lfq/sys/affinity.hpp — which cpus this thread may run on, and pinning it to some of them.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/sys/number_list.hpp>
#include <lfq/sys/sentence.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sched.h>

namespace lfq::inline LFQ_ABI::sys {

/// The most cpus that affinity calls handle here.
inline constexpr unsigned cpus_max = 4096;

/// A set of cpus as the kernel takes it.
class cpu_mask {
public:
    cpu_mask() : set_(CPU_ALLOC(cpus_max)) {
        if (set_ == nullptr) refuse_memory();
        CPU_ZERO_S(bytes, set_.get());
    }

    void add(unsigned cpu) noexcept { CPU_SET_S(cpu, bytes, set_.get()); }
    /// Ascending.
    [[nodiscard]] std::vector<unsigned> cpus() const {
        std::vector<unsigned> all;
        for (unsigned cpu = 0; cpu < cpus_max; ++cpu) {
            if (CPU_ISSET_S(cpu, bytes, set_.get())) all.push_back(cpu);
        }
        return all;
    }

    /// What the calling thread may use; throws std::system_error.
    void ask() {
        if (::sched_getaffinity(0, bytes, set_.get()) != 0) refuse_call(errno, "sched_getaffinity");
    }
    /// Whether the calling thread now uses some of these and nothing else.
    [[nodiscard]] bool impose() const noexcept {
        return ::sched_setaffinity(0, bytes, set_.get()) == 0;
    }

private:
    struct free_set {
        void operator()(cpu_set_t* set) const noexcept { CPU_FREE(set); }
    };
    static constexpr std::size_t bytes = CPU_ALLOC_SIZE(cpus_max);

    std::unique_ptr<cpu_set_t, free_set> set_;
};

/// The cpus that the calling thread may run on, ascending; never empty. Throws std::system_error.
[[nodiscard]] inline std::vector<unsigned> cpus_allowed() {
    cpu_mask mask;
    mask.ask();
    return mask.cpus();
}

/// Binds the calling thread to these cpus: those of a core, of a node. Throws std::system_error
/// when one of them is not there or not allowed, and says which it may use; the thread then stays
/// where it was.
inline void pin_this_thread(std::span<const unsigned> cpus) {
    cpu_mask before;
    before.ask();
    const auto refuse = [&](int error) {
        const std::string said =
            sentence({"sched_setaffinity: ", cpus.size() == 1 ? "cpu " : "of cpus ",
                number_list(cpus), cpus.size() == 1 ? " is" : " one is",
                " not there, or not allowed; this thread may use ", number_list(before.cpus())});
        refuse_call(error, said.c_str());
    };
    cpu_mask wanted;
    for (const unsigned cpu : cpus) {
        if (cpu >= cpus_max) refuse(EINVAL);
        wanted.add(cpu);
    }
    if (!wanted.impose()) refuse(errno);
    // The kernel takes a set of which only some are allowed, and leaves the others out.
    if (cpus_allowed() == wanted.cpus()) return;
    static_cast<void>(before.impose());
    refuse(EINVAL);
}

/// Binds the calling thread to one cpu; throws as above.
inline void pin_this_thread(unsigned cpu) { pin_this_thread(std::span(&cpu, 1)); }

}  // namespace lfq::inline LFQ_ABI::sys
