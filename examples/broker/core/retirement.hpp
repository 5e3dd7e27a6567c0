// SPDX-License-Identifier: MIT
// broker/core/retirement.hpp — what is given up when the last worker is past a marker.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/routes.hpp"
#include "broker/core/subscriber.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace broker::core {

/// The dispatcher sends one marker to every worker, and one through every processor thread to every
/// worker, each behind all work that may point into `old` or at `leaving`. Whoever passes the last
/// one gives up both.
struct retirement {
    // Edges:
    //   passed  pass() of each worker → pass() of the last one: nobody reads the routes any more.
    std::unique_ptr<generation> old;
    subscriber* leaving = nullptr;  // nullptr: routes only
    std::atomic<std::uint32_t> markers_left;

    static void pass(retirement* one) {
        // release and acquire passed: pairs with itself in the other workers.
        if (one->markers_left.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        const std::unique_ptr<retirement> last(one);
        if (last->leaving != nullptr) last->leaving->to.tell(notice::kind::left, last->leaving);
    }
};

}  // namespace broker::core
