// SPDX-License-Identifier: MIT
// broker/core/slab_homes.hpp — a pool of slabs for each node of network threads that has memory.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/slab.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace broker::core {

/// A slab goes back to the home that it came from. Its pages are bound to no node: each is where
/// the kernel puts it for the thread that touches it first, on that thread's node if there is
/// memory. Only network threads of its node take from a home, so they find pages of their own; and
/// those of nodes without memory that are sent to it, to whom any page is far.
///
/// Threads, Progress, Memory, Failure   those of slab_pool.
class slab_homes {
public:
    /// So many slabs in each home.
    slab_homes(std::span<const std::size_t> counts, std::size_t slab_bytes) {
        for (const std::size_t each : counts) {
            pools_.push_back(std::make_unique<slab_pool>(each, slab_bytes));
        }
    }

    [[nodiscard]] slab_pool& home(std::size_t index) noexcept { return *pools_[index]; }
    [[nodiscard]] const slab_pool& home(std::size_t index) const noexcept { return *pools_[index]; }
    [[nodiscard]] std::size_t homes() const noexcept { return pools_.size(); }

    /// The home of which the largest part is taken: it decides the state of the broker.
    [[nodiscard]] const slab_pool& fullest() const noexcept {
        const auto more = [](const auto& one, const auto& other) {
            return one->taken_approx() * other->count() < other->taken_approx() * one->count();
        };
        return **std::max_element(pools_.begin(), pools_.end(), more);
    }

    // Of all homes.

    [[nodiscard]] std::size_t slab_bytes() const noexcept { return pools_[0]->slab_bytes(); }
    [[nodiscard]] std::size_t count() const noexcept {
        std::size_t all = 0;
        for (const auto& each : pools_) all += each->count();
        return all;
    }
    [[nodiscard]] std::size_t taken_approx() const noexcept {
        std::size_t all = 0;
        for (const auto& each : pools_) all += each->taken_approx();
        return all;
    }

private:
    std::vector<std::unique_ptr<slab_pool>> pools_;
};

}  // namespace broker::core
