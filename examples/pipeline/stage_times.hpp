// SPDX-License-Identifier: MIT
// pipeline/stage_times.hpp — how long an event spends where; one event in many is timed.
#pragma once

#include <lfq/sys/clock.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pipeline {

/// On the way of an event, in this order. A wait is from one thread's push to the next one's pop.
enum class stage : std::uint8_t {
    parse,
    ingest_push,
    ingest_wait,
    route,
    worker_push,
    worker_wait,
    window,  // of the batch worker: held until the window ends
    work,
    whole  // without the window
};
inline constexpr std::size_t stage_count = 9;
inline constexpr std::uint32_t timed_one_in = 64;

// Of a histogram: up to 128 ns, up to twice as much, and so on to a millisecond; and what is more.
inline constexpr std::uint64_t first_bucket_ns = 128;
inline constexpr std::size_t bucket_count = 15;

/// Threads   one: each thread of the pipeline has its own; they are added when all have ended.
/// Memory    at construction; what is more than `samples` of a stage is not kept.
class stage_times {
public:
    explicit stage_times(std::size_t samples) : samples_(samples) {
        for (auto& each : took_ns_) each.reserve(samples);
    }

    void add(stage where, std::int64_t took_ns) noexcept {
        auto& all = took_ns_[static_cast<std::size_t>(where)];
        if (all.size() < samples_) all.push_back(took_ns);
    }
    void add(const stage_times& other) {
        for (std::size_t i = 0; i < stage_count; ++i) {
            took_ns_[i].insert(
                took_ns_[i].end(), other.took_ns_[i].begin(), other.took_ns_[i].end());
        }
    }

    [[nodiscard]] std::size_t count(stage where) const noexcept {
        return took_ns_[static_cast<std::size_t>(where)].size();
    }
    /// 0 where nothing was timed.
    [[nodiscard]] std::int64_t quantile_ns(stage where, double quantile) {
        auto& all = took_ns_[static_cast<std::size_t>(where)];
        if (all.empty()) return 0;
        const auto at = all.begin() +
            static_cast<std::ptrdiff_t>(quantile * static_cast<double>(all.size() - 1));
        std::nth_element(all.begin(), at, all.end());
        return *at;
    }

    /// How many there are in each bucket.
    [[nodiscard]] std::array<std::size_t, bucket_count> histogram(stage where) const noexcept {
        std::array<std::size_t, bucket_count> counts{};
        for (const std::int64_t each : took_ns_[static_cast<std::size_t>(where)]) {
            const auto took = static_cast<std::uint64_t>(std::max<std::int64_t>(each, 1));
            const auto doublings =
                static_cast<std::size_t>(std::bit_width((took - 1) / first_bucket_ns));
            ++counts[std::min(doublings, bucket_count - 1)];
        }
        return counts;
    }

private:
    std::size_t samples_;
    std::array<std::vector<std::int64_t>, stage_count> took_ns_;
};

}  // namespace pipeline
