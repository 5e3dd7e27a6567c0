// SPDX-License-Identifier: MIT
// broker/net/big_endian.hpp — unsigned integers as the wire has them.
// Room: net. Reads: std.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace broker::net {

/// The same bytes the other way round. Halves and shifts: gcc 12 and clang 14 make one bswap of it.
template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number reversed(Number value) noexcept {
    if constexpr (sizeof(Number) == 1) {
        return value;
    } else if constexpr (sizeof(Number) == 2) {
        return static_cast<Number>(value << 8U | value >> 8U);
    } else if constexpr (sizeof(Number) == 4) {
        const std::uint32_t pairs = (value & 0x00ff00ffU) << 8U | (value >> 8U & 0x00ff00ffU);
        return pairs << 16U | pairs >> 16U;
    } else {
        const auto high = static_cast<std::uint32_t>(value >> 32U);
        const auto low = static_cast<std::uint32_t>(value);
        return static_cast<Number>(reversed(low)) << 32U | reversed(high);
    }
}

template <std::unsigned_integral Number>
void store_be(std::byte* out, Number value) noexcept {
    if constexpr (std::endian::native == std::endian::little) value = reversed(value);
    std::memcpy(out, &value, sizeof(Number));
}

template <std::unsigned_integral Number>
[[nodiscard]] Number load_be(const std::byte* in) noexcept {
    Number value = 0;
    std::memcpy(&value, in, sizeof(Number));
    if constexpr (std::endian::native == std::endian::little) value = reversed(value);
    return value;
}

}  // namespace broker::net
