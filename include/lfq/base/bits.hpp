// SPDX-License-Identifier: MIT
// lfq/base/bits.hpp — capacities that are powers of two.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace lfq::inline LFQ_ABI {

/// The smallest power of two that is at least `count`, or 0 where there is none whose slots of
/// `slot_bytes` each could be addressed: for 0, and for what memory cannot hold.
[[nodiscard]] constexpr std::size_t power_of_two_capacity(
    std::size_t count, std::size_t slot_bytes) noexcept {
    constexpr std::size_t top = std::size_t{1} << (std::numeric_limits<std::size_t>::digits - 1);
    if (count == 0 || count > top) return 0;
    const std::size_t capacity = std::bit_ceil(count);
    return capacity <= static_cast<std::size_t>(PTRDIFF_MAX) / slot_bytes ? capacity : 0;
}

}  // namespace lfq::inline LFQ_ABI
