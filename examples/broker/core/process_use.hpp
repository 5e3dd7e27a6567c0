// SPDX-License-Identifier: MIT
// broker/core/process_use.hpp — what the process has used so far.
// Room: core. Reads: OS.
#pragma once

#include <atomic>
#include <cstdint>

namespace broker::core {

struct process_use {
    std::uint64_t cpu_us = 0;  // user and system, of all threads
    std::uint64_t rss_peak_bytes = 0;  // of this program: not of the one that started it
};

/// Two system calls and a short file; allocates nothing.
[[nodiscard]] process_use read_process_use() noexcept;

/// The same as the control thread read it last, for threads that must not open files.
class process_use_board {
public:
    /// Control thread.
    void refresh() noexcept {
        const process_use now = read_process_use();
        cpu_us_.store(now.cpu_us, std::memory_order_relaxed);  // count: reports may be late
        rss_peak_bytes_.store(now.rss_peak_bytes, std::memory_order_relaxed);  // count: as above
    }
    [[nodiscard]] process_use read() const noexcept {
        // count: the two words need not be of one moment.
        return {cpu_us_.load(std::memory_order_relaxed),
            rss_peak_bytes_.load(std::memory_order_relaxed)};
    }

private:
    std::atomic<std::uint64_t> cpu_us_{0};
    std::atomic<std::uint64_t> rss_peak_bytes_{0};
};

}  // namespace broker::core
