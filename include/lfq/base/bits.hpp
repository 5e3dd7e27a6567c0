// SPDX-License-Identifier: MIT
// lfq/base/bits.hpp — capacities that are powers of two, and products of 128 bits.
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

/// The upper half of the product. Of a number that may be anything, times a count, it is a place
/// below that count; numbers with one place lie in a row, 2^64 / count of them, rounded up.
[[nodiscard]] constexpr std::uint64_t upper_product(
    std::uint64_t one, std::uint64_t other) noexcept {
#if defined(__SIZEOF_INT128__)
    __extension__ using wide = unsigned __int128;
    return static_cast<std::uint64_t>(wide{one} * other >> 64);
#else
    const std::uint64_t low = (one & 0xffffffff) * (other & 0xffffffff);
    const std::uint64_t left = (one >> 32) * (other & 0xffffffff) + (low >> 32);
    const std::uint64_t right = (one & 0xffffffff) * (other >> 32) + (left & 0xffffffff);
    return (one >> 32) * (other >> 32) + (left >> 32) + (right >> 32);
#endif
}

}  // namespace lfq::inline LFQ_ABI
