// SPDX-License-Identifier: MIT
// Short ways to fill a broadcast and to read one out, for tests on one thread.
#pragma once

#include "support/catch.hpp"
#include "support/tracked.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace support {

using numbers = std::vector<std::uint64_t>;

/// A ring of that capacity; in place, the one that its type says.
template <class Ring>
[[nodiscard]] Ring with_capacity(std::size_t capacity) {
    if constexpr (requires { Ring(capacity); }) {
        return Ring(capacity);
    } else {
        return Ring();
    }
}

/// Pushes elements made of `from` to `to`.
template <class Ring>
void push_all(Ring& ring, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t i = from; i <= to; ++i) REQUIRE(ring.try_emplace(i));
}

/// What a reader has not read yet.
template <class Reader>
[[nodiscard]] numbers all_of(Reader& reader) {
    numbers seen;
    reader.drain([&seen](const auto& value) { seen.push_back(number(value)); });
    return seen;
}

}  // namespace support
