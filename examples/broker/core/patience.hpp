// SPDX-License-Identifier: MIT
// broker/core/patience.hpp — for how long the others wait for one subscriber: as it has earned.
// Room: core. Reads: std.
#pragma once

#include <algorithm>
#include <cstdint>

namespace broker::core {

/// Nothing at the start. What the subscriber gets rid of is earned, what it is waited for is spent.
/// So one that reads on but is behind gets the time, and one that does not read gets none.
///
/// Measured with a publisher that could do 1.1 GB/s, on 2 cpus: a reader of 10 MB/s goes after 0.4
/// s, one of 50 MB/s after 0.6 to 1.1 s, one of 100 MB/s stays and sets the pace. Of 64 subscribers
/// that shared one cpu with the broker, 29 MB/s each, none goes: it is not they who are waited for.
///
/// Threads   one owner.
class patience {
public:
    static constexpr std::uint64_t bytes_per_us = 64;  // 64 MB/s pays for being waited for
    static constexpr std::int64_t most_us = 250'000;

    /// `settled`: all bytes so far, not only new ones.
    void earn(std::uint64_t settled) noexcept {
        const std::uint64_t us = (settled - settled_) / bytes_per_us;
        settled_ += us * bytes_per_us;
        left_us_ = std::min(most_us, left_us_ + static_cast<std::int64_t>(us));
    }

    void spend(std::int64_t us) noexcept { left_us_ = std::max<std::int64_t>(0, left_us_ - us); }

    [[nodiscard]] bool is_empty() const noexcept { return left_us_ == 0; }

private:
    std::uint64_t settled_ = 0;  // up to here it was earned
    std::int64_t left_us_ = 0;
};

}  // namespace broker::core
