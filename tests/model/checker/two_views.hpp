// SPDX-License-Identifier: MIT
// tests/model/checker/two_views.hpp — stands for memory that is mapped twice: two halves of one
// array, which the storage below keeps alike and the environment takes for one.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace model {

/// The array. A scenario has one ring in it.
struct two_views {
    static constexpr std::size_t bytes_max = 256;  // of one view

    alignas(64) static inline std::byte memory[2 * bytes_max];
    static inline std::size_t bytes = 0;  // of one view

    /// What is touched in the second view is touched in the first.
    [[nodiscard]] static std::uintptr_t original(std::uintptr_t at) noexcept {
        const auto second = reinterpret_cast<std::uintptr_t>(memory) + bytes;
        return at >= second && at < second + bytes ? at - bytes : at;
    }
};

/// A storage over it. What a producer wrote into one view is copied to the other at its commit, as
/// the hardware would have done it at once.
struct mirrored {
    template <class Slot>
    class region {
    public:
        static constexpr bool contiguous = true;
        static constexpr bool overrun = true;
        static constexpr bool mirrored = true;

        region(const model::mirrored&, std::size_t capacity) noexcept : capacity_(capacity) {
            two_views::bytes = std::min(capacity * sizeof(Slot), two_views::bytes_max);
        }
        region(const region&) = delete;
        region& operator=(const region&) = delete;

        [[nodiscard]] Slot* at(std::size_t index) noexcept {
            return reinterpret_cast<Slot*>(two_views::memory) + index;
        }
        [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

        void settle(std::size_t index, std::size_t n) noexcept {
            const std::size_t below = std::min(n, capacity_ - index);
            std::memcpy(at(index + capacity_), at(index), below * sizeof(Slot));
            std::memcpy(at(0), at(capacity_), (n - below) * sizeof(Slot));
        }

    private:
        std::size_t capacity_;
    };
};

}  // namespace model
