// SPDX-License-Identifier: MIT
// The checksum of Ethernet and zip, a bit at a time: short, and fast enough for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace support {

[[nodiscard]] constexpr std::uint32_t crc32(std::span<const std::byte> of) noexcept {
    std::uint32_t rest = 0xFFFFFFFFu;
    for (const std::byte each : of) {
        rest ^= static_cast<std::uint32_t>(each);
        for (int bit = 0; bit < 8; ++bit) rest = rest >> 1 ^ ((rest & 1) != 0 ? 0xEDB88320u : 0);
    }
    return ~rest;
}

}  // namespace support
