// SPDX-License-Identifier: MIT
// A ring.
// Room: ring (floor 3). Reads: nothing.

#include <vector>
#include <array>
#include <lfq/base/config.hpp>

namespace lfq {
}  // namespace lfq

#pragma once
