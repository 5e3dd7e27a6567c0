// SPDX-License-Identifier: MIT
// lfq/ring/message_words.hpp — the words that rings of messages count in.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <algorithm>
#include <cstddef>

namespace lfq::inline LFQ_ABI {

/// What a message begins at and is rounded up to.
struct message_word {
    static constexpr std::size_t size = 8;

    alignas(size) std::byte bytes[size];

    /// What a message of so many bytes takes: one word at least.
    [[nodiscard]] static constexpr std::size_t count(std::size_t bytes) noexcept {
        return std::max<std::size_t>(1, whole(bytes));
    }
    [[nodiscard]] static constexpr std::size_t bytes_of(std::size_t words) noexcept {
        return size * words;
    }
    /// Rounded up; 0 for 0.
    [[nodiscard]] static constexpr std::size_t whole(std::size_t bytes) noexcept {
        return bytes / size + (bytes % size != 0 ? 1 : 0);
    }
};

}  // namespace lfq::inline LFQ_ABI
