// SPDX-License-Identifier: MIT
// broker/cli/histogram.hpp — latencies in fixed memory, 3 % exact, a few instructions a value.
// Room: cli. Reads: std.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace broker::cli {

// Each power of two is cut into 32 equal buckets; values below 32 are exact.
//
// Threads  one
// Memory   15 KiB inside the object
class histogram {
public:
    void add(std::uint64_t value) noexcept {
        ++counts_[bucket_of(value)];
        ++count_;
        max_ = std::max(max_, value);
    }

    void add(const histogram& other) noexcept {
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            counts_[i] += other.counts_[i];
        }
        count_ += other.count_;
        max_ = std::max(max_, other.max_);
    }

    // The smallest bucket limit that `percent` of the values do not exceed; 0 when empty.
    [[nodiscard]] std::uint64_t percentile(double percent) const noexcept {
        const auto wanted = static_cast<std::uint64_t>(static_cast<double>(count_) * percent / 100);
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            seen += counts_[i];
            if (seen > wanted || (seen == wanted && seen == count_ && seen > 0)) {
                return std::min(highest_in(i), max_);
            }
        }
        return max_;
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::uint64_t max() const noexcept { return max_; }

private:
    static constexpr unsigned slice_bits = 5;
    static constexpr std::size_t slices = std::size_t{1} << slice_bits;

    static constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
        if (value < slices) {
            return static_cast<std::size_t>(value);
        }
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - slice_bits - 1;
        return (static_cast<std::size_t>(shift) << slice_bits) +
            static_cast<std::size_t>(value >> shift);
    }

    static constexpr std::uint64_t highest_in(std::size_t bucket) noexcept {
        if (bucket < 2 * slices) {
            return bucket;
        }
        const std::size_t shift = (bucket >> slice_bits) - 1;
        const std::uint64_t slice = (bucket & (slices - 1)) + slices;
        return ((slice + 1) << shift) - 1;
    }

    std::array<std::uint64_t, (64 - slice_bits + 1) * slices> counts_{};
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace broker::cli
