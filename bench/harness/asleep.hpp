// SPDX-License-Identifier: MIT
// bench/harness/asleep.hpp — what a thread costs that sleeps, and a bare futex to be woken by.
#pragma once

#include "harness/floors.hpp"
#include "harness/question.hpp"
#include "harness/team.hpp"

#include <lfq/sys/futex.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include <time.h>

namespace bench {

/// Processor microseconds of the process in a second of sleep(duration), which answers whether it
/// slept all the while.
template <class Sleep>
[[nodiscard]] pass sleeping(Sleep sleep) {
    return [sleep](std::uint64_t milliseconds) {
        const auto cpu_now = [] {
            timespec used{};
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
            return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
        };
        const auto began = steady::now();
        const double cpu_before = cpu_now();
        const bool right = sleep(std::chrono::milliseconds(milliseconds));
        const double cpu = cpu_now() - cpu_before;
        const double seconds = std::chrono::duration<double>(steady::now() - began).count();
        return outcome{seconds, cpu * 1e6 / seconds, right};
    };
}

/// What such a question counts.
inline constexpr unit_of_question processor_time{.name = "us",
    .lower_is_better = true,
    .one_thread = true,
    .threads_sleep = true,
    .pass_seconds = 1};

/// The floor: asleep in the kernel, with nothing to wait for.
[[nodiscard]] inline pass sleeping_alone() {
    return sleeping([](auto time) {
        std::this_thread::sleep_for(time);
        return true;
    });
}

/// One way, as in paced.hpp: a number that the sender writes, and a sleeper in the kernel that it
/// always wakes. A number that was missed came with the next.
class futex_one_way {
public:
    void send(std::uint64_t number) {
        sent_.store(static_cast<std::uint32_t>(number), std::memory_order_release);
        lfq::sys::futex().wake_all(sent_);
    }
    [[nodiscard]] std::uint64_t receive(std::uint64_t number) {
        std::uint32_t seen = sent_.load(std::memory_order_acquire);
        while (seen < static_cast<std::uint32_t>(number)) {
            lfq::sys::futex().wait(sent_, seen, INT64_MAX);
            seen = sent_.load(std::memory_order_acquire);
        }
        return number;
    }

private:
    alignas(128) std::atomic<std::uint32_t> sent_{0};
};

}  // namespace bench
