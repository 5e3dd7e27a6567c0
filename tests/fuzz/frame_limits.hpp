// SPDX-License-Identifier: MIT
// The limits of a frame as the fuzz targets of the codec read them: one byte, edges included.
#pragma once

#include "fuzz/fuzz.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <array>
#include <cstdint>

namespace fuzz {

[[nodiscard]] inline lfq::frame_limits take_limits(input& in) {
    constexpr std::array<std::uint32_t, 8> frame_bytes{65'536, 64, 300, 8, 4, 1, 0, 0xffff'ffff};
    constexpr std::array<std::uint16_t, 4> topic_bytes{255, 8, 65'535, 0};
    const auto choice = in.number<std::uint8_t>();
    return {frame_bytes[choice % frame_bytes.size()],
        topic_bytes[choice / frame_bytes.size() % topic_bytes.size()]};
}

}  // namespace fuzz
