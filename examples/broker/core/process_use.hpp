// SPDX-License-Identifier: MIT
// broker/core/process_use.hpp — what the process has used so far.
// Room: core. Reads: OS.
#pragma once

#include <cstdint>

namespace broker::core {

struct process_use {
    std::uint64_t cpu_us = 0;  // user and system, of all threads
    std::uint64_t rss_peak_bytes = 0;  // of this program: not of the one that started it
};

/// Two system calls and a short file; allocates nothing.
[[nodiscard]] process_use read_process_use() noexcept;

}  // namespace broker::core
