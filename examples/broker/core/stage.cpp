// SPDX-License-Identifier: MIT
#include "broker/core/stage.hpp"

#include <numeric>

namespace broker::core {

stage_figures stage_sum::figures() const noexcept {
    stage_figures all;
    all.batches = std::accumulate(sums_.begin(), sums_.end(), std::uint64_t{0});
    if (all.batches == 0) return all;
    all.p50_us = us_of_rank((all.batches + 1) / 2);
    all.p99_us = us_of_rank(all.batches - all.batches / 100);
    all.max_us = us_of_rank(all.batches);
    return all;
}

/// Of the `rank`th in the order of size, counted from 1.
std::uint64_t stage_sum::us_of_rank(std::uint64_t rank) const noexcept {
    std::size_t step = 0;
    for (; step + 1 < sums_.size() && sums_[step] < rank; ++step) rank -= sums_[step];
    return stage_steps::ns_of(step) / 1'000;
}

}  // namespace broker::core
