// SPDX-License-Identifier: MIT
// broker/net/big_endian.hpp — unsigned integers as the wire has them.
// Room: net. Reads: std.
#pragma once

#include <concepts>
#include <cstddef>

namespace broker::net {

/// Shifts, so that it is right on any machine; both compilers turn the loop into one swapped store.
template <std::unsigned_integral Number>
constexpr void store_be(std::byte* out, Number value) noexcept {
    for (std::size_t i = sizeof(Number); i-- > 0;) {
        out[i] = static_cast<std::byte>(value & 0xffU);
        if constexpr (sizeof(Number) > 1) value = static_cast<Number>(value >> 8U);
    }
}

template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number load_be(const std::byte* in) noexcept {
    Number value = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        if constexpr (sizeof(Number) > 1) value = static_cast<Number>(value << 8U);
        value = static_cast<Number>(value | static_cast<Number>(in[i]));
    }
    return value;
}

}  // namespace broker::net
