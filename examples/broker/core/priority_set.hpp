// SPDX-License-Identifier: MIT
// broker/core/priority_set.hpp — a set of the 128 priorities in two words.
// Room: core. Reads: std. Pure: no thread, no clock, no I/O.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace broker::core {

/// Higher is more urgent. A first body byte of 128 and more is an opcode, never a priority.
inline constexpr unsigned priority_count = 128;

/// Network threads collect what they have seen, the control thread unites and asks for the ends.
class priority_set {
public:
    constexpr priority_set() noexcept = default;
    constexpr priority_set(std::uint64_t low, std::uint64_t high) noexcept : words_{low, high} {}

    constexpr void insert(unsigned priority) noexcept {
        words_[(priority >> 6U) & 1U] |= std::uint64_t{1} << (priority & 63U);
    }

    [[nodiscard]] constexpr bool contains(unsigned priority) const noexcept {
        return (words_[(priority >> 6U) & 1U] >> (priority & 63U) & 1U) != 0;
    }

    constexpr priority_set& operator|=(const priority_set& other) noexcept {
        words_[0] |= other.words_[0];
        words_[1] |= other.words_[1];
        return *this;
    }

    [[nodiscard]] constexpr bool empty() const noexcept { return (words_[0] | words_[1]) == 0; }

    [[nodiscard]] constexpr unsigned count() const noexcept {
        return static_cast<unsigned>(std::popcount(words_[0]) + std::popcount(words_[1]));
    }

    /// The least urgent priority that is at least `from`; priority_count when there is none.
    [[nodiscard]] constexpr unsigned lowest(unsigned from = 0) const noexcept {
        for (unsigned priority = from; priority < priority_count; ++priority) {
            if (contains(priority)) return priority;
        }
        return priority_count;
    }

    /// The most urgent priority; 0 when the set is empty.
    [[nodiscard]] constexpr unsigned highest() const noexcept {
        if (words_[1] != 0) return 127U - static_cast<unsigned>(std::countl_zero(words_[1]));
        if (words_[0] != 0) return 63U - static_cast<unsigned>(std::countl_zero(words_[0]));
        return 0;
    }

    /// Priorities 0–63, then 64–127: what a network thread keeps in two atomic words of its own.
    [[nodiscard]] constexpr std::uint64_t low() const noexcept { return words_[0]; }
    [[nodiscard]] constexpr std::uint64_t high() const noexcept { return words_[1]; }

    friend constexpr bool operator==(const priority_set&, const priority_set&) = default;

private:
    std::array<std::uint64_t, 2> words_{};
};

}  // namespace broker::core
