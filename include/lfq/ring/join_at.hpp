// SPDX-License-Identifier: MIT
// lfq/ring/join_at.hpp — where a new reader of a broadcast begins.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstdint>

namespace lfq::inline LFQ_ABI {

enum class join_at : std::uint8_t {
    newest,  // with the next value
    oldest,  // with the oldest value that is kept
};

}  // namespace lfq::inline LFQ_ABI
