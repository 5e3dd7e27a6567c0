// SPDX-License-Identifier: MIT
// tests/model/checker/clock.hpp — what a thread knows: which events happened before, which stores
// it may no longer miss.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace model {

inline constexpr int threads_max = 6;  // thread 0 builds the scenario and looks at its end
inline constexpr int locations_max = 64;  // atomics alive in one execution
inline constexpr int stores_max = 250;  // to one location in one execution

/// Counts the events of one thread.
using epoch = std::uint16_t;

/// Which events of each thread happened before.
struct vector_clock {
    std::array<epoch, 8> at{};  // threads_max, rounded up to whole vectors

    void join(const vector_clock& other) noexcept {
        for (std::size_t i = 0; i < at.size(); ++i) at[i] = std::max(at[i], other.at[i]);
    }
    [[nodiscard]] bool knows(int thread, epoch event) const noexcept {
        return at[static_cast<std::size_t>(thread)] >= event;
    }
    [[nodiscard]] bool covers(const vector_clock& other) const noexcept {
        bool all = true;  // without a branch, so that vector instructions will do
        for (std::size_t i = 0; i < at.size(); ++i) all &= at[i] >= other.at[i];
        return all;
    }
};

/// A store is named by its place in the order of creation at its location; 0 is the initial value.
using store_id = std::uint8_t;

/// For each location the oldest store that may still be read.
using view = std::array<store_id, locations_max>;

/// What both know. `one` is a copy, so that a few vector instructions will do.
[[nodiscard]] inline view both(view one, const view& other) noexcept {
    for (std::size_t i = 0; i < one.size(); ++i) one[i] = std::max(one[i], other[i]);
    return one;
}

/// What a release hands to the acquire that reads it.
struct message {
    vector_clock clock;
    view seen{};
};

}  // namespace model
