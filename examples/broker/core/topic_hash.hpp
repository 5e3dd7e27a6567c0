// SPDX-License-Identifier: MIT
// broker/core/topic_hash.hpp — a topic's 64-bit hash and its check for control bytes in one pass.
// Room: core. Reads: std. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace broker::core {

struct topic_mark {
    std::uint64_t hash = 0;
    bool clean = false;  // no control byte; lengths are the decoder's business
};

/// Eight bytes at a time. `seed` is drawn at the start, so that nobody can choose topics that
/// collide. The words are mixed by multiplication and a fold of the 128-bit product (the
/// multiply-fold mixer of Wang Yi's wyhash; constants are digits of pi).
[[nodiscard]] inline topic_mark mark_topic(std::string_view topic, std::uint64_t seed) noexcept {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101U;
    constexpr std::uint64_t tops = 0x8080'8080'8080'8080U;
    const auto fold = [](std::uint64_t a, std::uint64_t b) noexcept {
        __extension__ using wide = unsigned __int128;
        const wide product = static_cast<wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
    };
    // A byte below 0x20 loses a borrow when 0x20 is taken from it; 0x7f is the only one that
    // 0x7f turns into 0. Bytes from 0x80 on are neither.
    const auto control = [](std::uint64_t word) noexcept {
        const std::uint64_t below_space = (word - ones * 0x20U) & ~word;
        const std::uint64_t less_delete = word ^ (ones * 0x7fU);
        return (below_space | ((less_delete - ones) & ~less_delete)) & tops;
    };
    std::uint64_t hash = seed ^ (topic.size() * 0x243f'6a88'85a3'08d3U);
    std::uint64_t found = 0;
    const char* at = topic.data();
    std::size_t left = topic.size();
    for (; left >= 8; left -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        found |= control(word);
        hash = fold(hash ^ word, 0x1319'8a2e'0370'7345U);
    }
    if (left != 0) {
        std::uint64_t word = ones * 0x20U;  // clean filler, so that nothing is found behind the end
        std::memcpy(&word, at, left);
        found |= control(word);
        hash = fold(hash ^ word, 0xa409'3822'299f'31d1U);
    }
    return {fold(hash, 0x082e'fa98'ec4e'6c89U), found == 0};
}

}  // namespace broker::core
