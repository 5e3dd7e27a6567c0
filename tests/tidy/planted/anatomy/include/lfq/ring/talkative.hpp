// SPDX-License-Identifier: MIT
// lfq/ring/talkative.hpp — planted: goes on behind its end.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <array>

namespace lfq::inline LFQ_ABI {
}  // namespace lfq::inline LFQ_ABI

using namespace lfq;
