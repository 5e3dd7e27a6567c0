// SPDX-License-Identifier: MIT
// broker/processors/transactional/fingerprint.hpp — topic and payload as 64 bits.
// Room: processors/transactional. Reads: core. Pure.
#pragma once

#include "broker/core/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace broker::processors {

/// Sixteen bytes at a time, by multiplication and a fold of the 128-bit product (the multiply-fold
/// mixer of Wang Yi's wyhash). Both factors are blinded by words drawn at the start: a product that
/// somebody can make 0 would forget all before it.
class fingerprint {
public:
    explicit fingerprint(std::uint64_t seed) noexcept
        : first_(fold(seed ^ 0x243f'6a88'85a3'08d3U, 0x1319'8a2e'0370'7345U)),
          second_(fold(first_ ^ seed, 0xa409'3822'299f'31d1U)) {}

    [[nodiscard]] std::uint64_t of(const core::event& one) const noexcept {
        const std::byte* at = one.block->bytes + one.offset;  // the payload follows the topic
        const std::size_t size = std::size_t{one.topic_bytes} + one.payload_bytes;
        std::size_t left = size;
        std::uint64_t state = first_;
        for (; left > 16; left -= 16, at += 16) {
            state = fold(word(at) ^ second_, word(at + 8) ^ state);
        }
        std::array<std::byte, 16> tail{};
        std::memcpy(tail.data(), at, left);
        state = fold(word(tail.data()) ^ second_, word(tail.data() + 8) ^ state);
        // The sizes meet what nobody can choose; before, bytes could make up for them.
        return fold(state ^ first_, second_ ^ (size << 16U) ^ one.topic_bytes);
    }

private:
    [[nodiscard]] static std::uint64_t word(const std::byte* at) noexcept {
        std::uint64_t value = 0;
        std::memcpy(&value, at, sizeof value);
        return value;
    }
    [[nodiscard]] static std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
        __extension__ using wide = unsigned __int128;
        const wide product = static_cast<wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
    }

    std::uint64_t first_;
    std::uint64_t second_;
};

}  // namespace broker::processors
