// SPDX-License-Identifier: MIT
// bench/harness/statistics.hpp — medians, and ratios paired inside rounds.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace bench {

struct summary {
    double median = 0;
    double low = 0;
    double high = 0;
};

[[nodiscard]] inline double median_of(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Median, lowest and highest round.
[[nodiscard]] inline summary spread_of(const std::vector<double>& values) {
    if (values.empty()) return {};
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return {median_of(values), *low, *high};
}

/// Median and its 95 % interval, from order statistics: no distribution is assumed. With 9 rounds
/// these are the second lowest and the second highest (96 %); with fewer than 6 there is no such
/// interval, and the extremes stand in.
[[nodiscard]] inline summary interval_of(std::vector<double> values) {
    summary result = spread_of(values);
    const std::size_t count = values.size();
    std::sort(values.begin(), values.end());
    double below = 0;  // chance that at most `cut` of `count` rounds lie below the true median
    double term = std::pow(0.5, static_cast<double>(count));
    for (std::size_t cut = 0; 2 * cut + 1 < count; ++cut) {
        below += term;
        if (below > 0.025) break;
        result.low = values[cut];
        result.high = values[count - 1 - cut];
        term *= static_cast<double>(count - cut) / static_cast<double>(cut + 1);
    }
    return result;
}

/// The ratio of each round by itself: what moved the machine in a round moved both of its sides.
[[nodiscard]] inline std::vector<double> paired_ratios(
    const std::vector<double>& above, const std::vector<double>& below) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < std::min(above.size(), below.size()); ++round) {
        ratios.push_back(above[round] / below[round]);
    }
    return ratios;
}

}  // namespace bench
