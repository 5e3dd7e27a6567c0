// SPDX-License-Identifier: MIT
// broker/control/options.hpp — what the control room may be told at the start.
// Room: control. Reads: own room.
#pragma once

#include "broker/control/thresholds.hpp"

#include <cstdint>

namespace broker::control {

struct options {
    thresholds marks;
    std::uint32_t tick_ms = 50;  // one step, and so at most one transition, per tick
};

}  // namespace broker::control
