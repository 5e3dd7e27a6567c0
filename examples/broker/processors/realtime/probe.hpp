// SPDX-License-Identifier: MIT
// broker/processors/realtime/probe.hpp — what the realtime processor counts.
// Room: processors/realtime. Reads: core.
#pragma once

#include "broker/core/probe.hpp"

namespace broker::processors {

struct realtime_probe {
    core::counter ordered;  // batches in which a less urgent event had to wait
};

}  // namespace broker::processors
