// SPDX-License-Identifier: MIT
// lfq/base/mix.hpp — 64 bits to 64 bits, one to one, so that near numbers come out far apart.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#include <cstdint>

namespace lfq::inline LFQ_ABI {

inline constexpr std::uint64_t mix_factor = 0xd6e8feb86659fd93;
/// The inverse of mix_factor modulo 2^64.
inline constexpr std::uint64_t unmix_factor = 0xcfee444d8b59a89b;
static_assert(mix_factor * unmix_factor == 1);

/// A bijection: folding the upper half onto the lower undoes itself, and an odd factor has an
/// inverse. unmix() is the proof. After Christopher Wellons, "Prospecting for hash functions".
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t bits) noexcept {
    bits ^= bits >> 32;
    bits *= mix_factor;
    bits ^= bits >> 32;
    bits *= mix_factor;
    return bits ^ bits >> 32;
}

[[nodiscard]] constexpr std::uint64_t unmix(std::uint64_t bits) noexcept {
    bits ^= bits >> 32;
    bits *= unmix_factor;
    bits ^= bits >> 32;
    bits *= unmix_factor;
    return bits ^ bits >> 32;
}

}  // namespace lfq::inline LFQ_ABI
