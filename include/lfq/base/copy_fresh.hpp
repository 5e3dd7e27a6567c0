// SPDX-License-Identifier: MIT
// lfq/base/copy_fresh.hpp — memcpy for bytes that have just been written.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lfq::inline LFQ_ABI {

/// Copies bytes that do not overlap. A line or less is read 8 bytes at a time, whatever the
/// compiler prefers.
///
/// A processor forwards a store to a load that lies within it. A load that spans several stores
/// waits until they, and all stores before them, have reached the cache: behind stores into a ring
/// that is a hundred nanoseconds. Whoever fills a struct and pushes it, pushes such bytes.
inline void copy_fresh(void* to, const void* from, std::size_t bytes) noexcept {
    if (bytes > cache_line_bytes) {
#if defined(__GNUC__)
        // Opaque to the compiler: of an object that it knows to be shorter, or a size that it knows
        // not to be, it would say that this reads beyond its end, though nobody comes here so.
        asm("" : "+r"(from), "+r"(bytes));
#endif
        std::memcpy(to, from, bytes);
        return;
    }
    auto* out = static_cast<std::byte*>(to);
    const auto* in = static_cast<const std::byte*>(from);
    const auto copy_one = [&]<class Word>(Word word) {
        std::memcpy(&word, in, sizeof word);
        std::memcpy(out, &word, sizeof word);
        in += sizeof word;
        out += sizeof word;
    };
#if defined(__GNUC__)
    // Read as two words, written as one: a store that waits for its line keeps its place in the
    // queue of stores, which is short.
    using pair = std::uint64_t __attribute__((vector_size(16)));
    for (; bytes >= sizeof(pair); bytes -= sizeof(pair)) {
        std::uint64_t first;
        std::uint64_t second;
        std::memcpy(&first, in, sizeof first);
        std::memcpy(&second, in + sizeof first, sizeof second);
        asm("" : "+r"(first), "+r"(second));  // else the compiler makes one load of the two
        const pair both = {first, second};
        std::memcpy(out, &both, sizeof both);
        in += sizeof both;
        out += sizeof both;
    }
#else
    for (; bytes >= 16; bytes -= 8) copy_one(std::uint64_t{});
#endif
    if ((bytes & 8) != 0) copy_one(std::uint64_t{});
    if ((bytes & 4) != 0) copy_one(std::uint32_t{});
    if ((bytes & 2) != 0) copy_one(std::uint16_t{});
    if ((bytes & 1) != 0) copy_one(std::uint8_t{});
}

}  // namespace lfq::inline LFQ_ABI
