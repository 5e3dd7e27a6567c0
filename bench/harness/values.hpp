// SPDX-License-Identifier: MIT
// bench/harness/values.hpp — values that carry their number in every cache line, so that a torn or
// stale one shows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace bench {

template <std::size_t Bytes>
struct wide_value {
    static_assert(Bytes % 64 == 0 || Bytes == 32, "whole cache lines, or half of one");
    std::array<std::uint64_t, Bytes / 8> words{};
};

/// Bytes to be moved as a whole, numbered at both ends only.
template <std::size_t Bytes>
struct numbered_block {
    std::array<std::uint64_t, Bytes / 8> words{};
};

template <std::size_t Bytes>
using value_of = std::conditional_t<Bytes == 8, std::uint64_t, wide_value<Bytes>>;

inline void set_number(std::uint64_t& value, std::uint64_t number) noexcept { value = number; }

template <std::size_t Bytes>
inline void set_number(wide_value<Bytes>& value, std::uint64_t number) noexcept {
    for (std::size_t word = 0; word < value.words.size(); word += 8) value.words[word] = number;
    value.words.back() = number;
}

template <std::size_t Bytes>
inline void set_number(numbered_block<Bytes>& block, std::uint64_t number) noexcept {
    block.words.front() = block.words.back() = number;
}

[[nodiscard]] inline std::uint64_t number_of(const std::uint64_t& value) noexcept { return value; }

template <std::size_t Bytes>
[[nodiscard]] inline std::uint64_t number_of(const wide_value<Bytes>& value) noexcept {
    return value.words.front();
}

/// Zero if every line of `value` carries `number`.
[[nodiscard]] inline std::uint64_t differs(
    const std::uint64_t& value, std::uint64_t number) noexcept {
    return value ^ number;
}

template <std::size_t Bytes>
[[nodiscard]] inline std::uint64_t differs(
    const wide_value<Bytes>& value, std::uint64_t number) noexcept {
    std::uint64_t difference = value.words.back() ^ number;
    for (std::size_t word = 0; word < value.words.size(); word += 8)
        difference |= value.words[word] ^ number;
    return difference;
}

template <std::size_t Bytes>
[[nodiscard]] inline std::uint64_t differs(
    const numbered_block<Bytes>& block, std::uint64_t number) noexcept {
    return (block.words.front() ^ number) | (block.words.back() ^ number);
}

}  // namespace bench
