// SPDX-License-Identifier: MIT
// lfq/base/copy_short.hpp — memcpy for bytes that are mostly few.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lfq::inline LFQ_ABI {

/// Copies bytes that do not overlap. Up to 64 of them are pieces from either end, which meet or
/// overlap in the middle; for these nothing is called. More are memcpy's business.
inline void copy_short(std::byte* to, const std::byte* from, std::size_t bytes) noexcept {
    const auto copy = [=]<class Piece>(Piece piece, std::size_t at) {
        std::memcpy(&piece, from + at, sizeof piece);
        std::memcpy(to + at, &piece, sizeof piece);
    };
    const auto copy_both_ends = [=]<class Piece>(Piece piece) {
        copy(piece, 0);
        copy(piece, bytes - sizeof piece);
    };
    using two_words = std::array<std::uint64_t, 2>;
    if (bytes > 64) {
#if defined(__GNUC__)
        // Opaque to the compiler: of an object that it knows to be shorter it would say that this
        // writes beyond its end, though nobody comes here with one.
        asm("" : "+r"(to), "+r"(from));
#endif
        std::memcpy(to, from, bytes);
    } else if (bytes >= 32) {
        copy(two_words{}, 16);
        copy(two_words{}, bytes - 32);
        copy_both_ends(two_words{});
    } else if (bytes >= 16) {
        copy_both_ends(two_words{});
    } else if (bytes >= 8) {
        copy_both_ends(std::uint64_t{});
    } else if (bytes >= 4) {
        copy_both_ends(std::uint32_t{});
    } else if (bytes >= 2) {
        copy_both_ends(std::uint16_t{});
    } else if (bytes == 1) {
        *to = *from;
    }
}

}  // namespace lfq::inline LFQ_ABI
