// SPDX-License-Identifier: MIT
// lfq/base/cache_line.hpp — how far apart two threads' data must lie.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>

namespace lfq::inline LFQ_ABI {

/// What one core takes from another in one transfer.
inline constexpr std::size_t cache_line_bytes = LFQ_CACHE_LINE;

/// The distance for data of two threads. Twice a line, because the adjacent-line prefetcher of x86
/// fetches pairs: a position alone on its line but not on its pair lost 40 % of the hand-over rate
/// when it was measured.
inline constexpr std::size_t cache_line_pair_bytes = 2 * cache_line_bytes;

static_assert(
    (cache_line_bytes & (cache_line_bytes - 1)) == 0, "LFQ_CACHE_LINE must be a power of two");

}  // namespace lfq::inline LFQ_ABI
