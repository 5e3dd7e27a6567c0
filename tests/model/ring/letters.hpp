// SPDX-License-Identifier: MIT
// tests/model/ring/letters.hpp — rings of messages and bytes in the checker's environment, and
// messages for them.
#pragma once

#include "checker/two_views.hpp"
#include "ring/rings.hpp"

#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/message_ring.hpp>
#include <lfq/ring/mpsc_message_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace model {

template <class Wait = spin, class Env = env>
using message_ring_of = lfq::message_ring<mirrored, Wait, Env>;
template <class Wait = spin, class Env = env>
using byte_ring_of = lfq::byte_ring<mirrored, Wait, Env>;
template <class Wait = spin, class Env = env>
using mpsc_message_ring_of = lfq::mpsc_message_ring<mirrored, Wait, Env>;

/// So that positions of words, which may share theirs with a mark, and of bytes wrap soon.
using env_words_before_wrap = env_from<UINT64_MAX - 3>;
using env_bytes_before_wrap = env_from<UINT64_MAX - 7>;

/// A message that the ledger can follow: of one word, or more, each of which names its value and
/// its place.
class letter {
public:
    static constexpr std::size_t words_max = 3;

    letter() = default;
    explicit letter(int value, std::size_t words = 1) noexcept : words_(words) {
        for (std::size_t i = 0; i < words; ++i) text_[i] = word(value, i);
    }

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
        return std::as_bytes(std::span(text_).first(words_));
    }
    /// Copies what popped a message into it. False: there was none.
    template <class Pop>
    bool read(Pop pop) {
        const lfq::popped_message answer = pop(std::as_writable_bytes(std::span(text_)));
        check(answer.what != lfq::popped_message::outcome::too_short, "three words at most");
        if (answer) words_ = answer.bytes / sizeof text_[0];
        return static_cast<bool>(answer);
    }
    /// As found in place.
    void read(std::span<const std::byte> found) noexcept {
        words_ = found.size() / sizeof text_[0];
        std::memcpy(text_.data(), found.data(), found.size());
    }
    void write(std::span<std::byte> place) const noexcept {
        std::memcpy(place.data(), text_.data(), words_ * sizeof text_[0]);
    }

    /// The value, if all words agree on it.
    [[nodiscard]] int get() const {
        const int value = static_cast<int>(text_[0] >> 8);
        for (std::size_t i = 0; i < words_; ++i) check(text_[i] == word(value, i), "whole");
        return value;
    }
    [[nodiscard]] std::size_t words() const noexcept { return words_; }

private:
    static std::uint64_t word(int value, std::size_t place) noexcept {
        return static_cast<std::uint64_t>(value) << 8 | place;
    }

    std::array<std::uint64_t, words_max> text_{};
    std::size_t words_ = 0;
};

/// Of one word and two by turns.
struct long_letter : letter {
    explicit long_letter(int value) noexcept
        : letter(value, 1 + static_cast<std::size_t>(value % 2)) {}
};

/// One side of a ring of messages, with the verbs of a ring of values.
template <class Side, class Letter = letter>
class letters {
public:
    using value_type = Letter;

    explicit letters(Side& side) noexcept : side_(side) {}

    bool push(const Letter& one) { return side_.push(one.bytes()); }
    bool try_push(const Letter& one) { return side_.try_push(one.bytes()); }
    bool pop(letter& out) {
        return out.read([&](std::span<std::byte> place) { return side_.pop(place); });
    }
    bool try_pop(letter& out) {
        return out.read([&](std::span<std::byte> place) { return side_.try_pop(place); });
    }

private:
    Side& side_;
};
template <class Side>
letters(Side&) -> letters<Side>;

}  // namespace model
