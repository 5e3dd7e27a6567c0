// SPDX-License-Identifier: MIT
// What every fuzz target shares: the entry that libFuzzer or replay.cpp calls, the end of a run
// that breaks a promise, and a reader that takes a target's own numbers off the front of its input.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Runs one input. Called again and again in one process, so a target keeps nothing between calls.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

using byte_span = std::span<const std::byte>;
using byte_vector = std::vector<std::byte>;

/// A broken promise ends the process, and libFuzzer keeps the input.
inline void require(bool holds, const char* promise) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

[[nodiscard]] inline std::string_view text_of(byte_span bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The same bytes in a block of exactly their size: the address sanitizer sees a read outside.
[[nodiscard]] inline byte_vector exactly(byte_span bytes) { return {bytes.begin(), bytes.end()}; }

[[nodiscard]] inline bool same(byte_span one, byte_span other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end());
}

/// An input, read from its front. Behind its end there are zeroes, so no input is too short.
class input {
public:
    input(const std::uint8_t* data, std::size_t size)
        : left_(std::as_bytes(std::span(data, size))) {}

    /// Big-endian, so that a corpus is easy to read.
    template <class Number>
    [[nodiscard]] Number number() {
        std::uint64_t value = 0;
        for (std::size_t left = sizeof(Number); left != 0; --left) {
            value <<= 8U;
            if (!left_.empty()) value |= std::to_integer<std::uint64_t>(left_[0]);
            left_ = left_.subspan(std::min<std::size_t>(1, left_.size()));
        }
        return static_cast<Number>(value);
    }

    /// As many as are left, at most.
    [[nodiscard]] byte_span take(std::size_t size) {
        const byte_span taken = left_.first(std::min(size, left_.size()));
        left_ = left_.subspan(taken.size());
        return taken;
    }

    /// Everything before the next `mark`, which is taken off too; everything if there is none.
    [[nodiscard]] byte_span take_until(char mark) {
        const auto end = std::find(left_.begin(), left_.end(), static_cast<std::byte>(mark));
        const byte_span taken = take(static_cast<std::size_t>(end - left_.begin()));
        left_ = left_.subspan(std::min<std::size_t>(1, left_.size()));
        return taken;
    }

    [[nodiscard]] byte_span rest() const { return left_; }
    [[nodiscard]] bool empty() const { return left_.empty(); }

private:
    byte_span left_;
};

}  // namespace fuzz
