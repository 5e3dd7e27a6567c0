// SPDX-License-Identifier: MIT
// broker/processors/batch/probe.hpp — what a batch processor counts.
// Room: processors/batch. Reads: core.
#pragma once

#include "broker/core/probe.hpp"

namespace broker::processors {

/// Windows, by why they closed.
struct batch_probe {
    core::counter by_count;
    core::counter by_time;
    core::counter early;  // room was short, subscriptions changed, or the broker drained
};

}  // namespace broker::processors
