// SPDX-License-Identifier: MIT
// broker/core/stage.hpp — how long events take to a place: gathered plainly, told now and then.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/probe.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace broker::core {

/// The moment on the clock of event::received_ns.
[[nodiscard]] inline std::uint64_t wall_ns() noexcept {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

/// Of all batches so far; the time is that of the oldest event of each.
struct stage_figures {
    std::uint64_t batches = 0;
    std::uint64_t p50_us = 0;
    std::uint64_t p99_us = 0;
    std::uint64_t max_us = 0;
};

/// Median and 99th percentile as the control thread summed them up last, for threads that must not
/// take the time.
class stage_notice {
public:
    /// Control thread.
    void write(const stage_figures& now) noexcept {
        p50_us_.store(now.p50_us, std::memory_order_relaxed);  // count: reports may be late
        p99_us_.store(now.p99_us, std::memory_order_relaxed);  // count: as above
    }
    [[nodiscard]] std::uint64_t p50_us() const noexcept {
        return p50_us_.load(std::memory_order_relaxed);  // count: the two may differ in age
    }
    [[nodiscard]] std::uint64_t p99_us() const noexcept {
        return p99_us_.load(std::memory_order_relaxed);  // count: as above
    }

private:
    std::atomic<std::uint64_t> p50_us_{0};
    std::atomic<std::uint64_t> p99_us_{0};
};

/// Times by size, eight steps to a doubling: 12 % exact.
struct stage_steps {
    static constexpr unsigned step_bits = 3;
    static constexpr std::size_t count = 48U << step_bits;  // to 2^48 ns, which is three days

    [[nodiscard]] static std::size_t of(std::uint64_t ns) noexcept {
        const std::uint64_t at_least = std::max<std::uint64_t>(ns, 1U << step_bits);
        const auto doublings = static_cast<unsigned>(std::bit_width(at_least)) - 1 - step_bits;
        const std::size_t step = (std::size_t{doublings} << step_bits) + (at_least >> doublings);
        return std::min(step - (1U << step_bits), count - 1);
    }
    /// The most that falls into a step.
    [[nodiscard]] static std::uint64_t ns_of(std::size_t step) noexcept {
        const std::size_t doublings = step >> step_bits;
        const std::uint64_t within = (step & ((1U << step_bits) - 1)) + (1U << step_bits);
        return ((within + 1) << doublings) - 1;
    }
};

/// What the thread of a stage has told so far; anyone may read.
class stage_board {
public:
    void add_to(std::array<std::uint64_t, stage_steps::count>& sums) const noexcept {
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += steps_[i].read();
    }

private:
    friend class stage_meter;
    std::array<counter, stage_steps::count> steps_;
};

/// Plain numbers of one thread, which tells them at most once a millisecond, and when it has
/// nothing else to do. So a batch costs a look at the clock and one addition.
class stage_meter {
public:
    explicit stage_meter(stage_board& board) noexcept : board_(board) {}
    stage_meter(const stage_meter&) = delete;
    stage_meter& operator=(const stage_meter&) = delete;
    ~stage_meter() { tell(); }

    /// The oldest event of a batch is here.
    void note(std::uint64_t received_ns, std::uint64_t now_ns) noexcept {
        const std::size_t step = stage_steps::of(now_ns > received_ns ? now_ns - received_ns : 0);
        ++fresh_[step];
        first_ = std::min(first_, step);
        last_ = std::max(last_, step);
        if (now_ns - told_ns_ < tell_every_ns) return;
        told_ns_ = now_ns;
        tell();
    }

    /// Before the thread sleeps.
    void tell() noexcept {
        for (; first_ <= last_; ++first_) {
            if (fresh_[first_] == 0) continue;
            board_.steps_[first_].add(fresh_[first_]);
            fresh_[first_] = 0;
        }
        first_ = stage_steps::count;
        last_ = 0;
    }

private:
    static constexpr std::uint64_t tell_every_ns = 1'000'000;

    stage_board& board_;
    std::uint64_t told_ns_ = 0;
    std::size_t first_ = stage_steps::count;  // of the steps that are fresh
    std::size_t last_ = 0;
    std::array<std::uint64_t, stage_steps::count> fresh_{};
};

/// Of several threads together.
class stage_sum {
public:
    void add(const stage_board& one) noexcept { one.add_to(sums_); }
    [[nodiscard]] stage_figures figures() const noexcept;

private:
    [[nodiscard]] std::uint64_t us_of_rank(std::uint64_t rank) const noexcept;

    std::array<std::uint64_t, stage_steps::count> sums_{};
};

}  // namespace broker::core
