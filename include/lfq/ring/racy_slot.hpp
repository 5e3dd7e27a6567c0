// SPDX-License-Identifier: MIT
// lfq/ring/racy_slot.hpp — a slot that may be read while it is overwritten.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace lfq::inline LFQ_ABI {

/// A value in atomic words. Who reads it beside its writer may get words of several values; it is
/// told by something that the writer stored before the first of them.
///
/// Threads   one writes; any number read.
/// Progress  wait-free.
/// Order     who reads a word sees what its writer did before it wrote the value.
///
/// Words hold the bytes of a T one behind the other, and zeros behind the last. Bytes of padding
/// are copied like the others, and nothing is decided by them. What an integer is that has such
/// bytes in it, C++20 leaves open, as it does for a std::atomic<T>: compilers hand them on.
template <class T, class Env>
class racy_slot {
    static_assert(std::is_trivially_copyable_v<T>);

    static constexpr std::size_t words = (sizeof(T) + 7) / 8;

public:
    /// What was read: perhaps of several values, so no T until somebody has looked.
    using copy = std::array<std::uint64_t, words>;

    void write(const T& value) noexcept {
        copy all{};
        std::memcpy(all.data(), &value, sizeof value);
        for (std::size_t i = 0; i != words; ++i) {
            // release overrun: pairs with read().
            words_[i].store(all[i], std::memory_order_release);
        }
    }

    [[nodiscard]] copy read() const noexcept {
        copy all;
        for (std::size_t i = 0; i != words; ++i) {
            // acquire overrun: pairs with write(); each word, for each may be the newer one.
            all[i] = words_[i].load(std::memory_order_acquire);
        }
        return all;
    }

    /// The value, where all words are known to be of one.
    [[nodiscard]] static T value_of(const copy& all) noexcept {
        std::array<std::byte, sizeof(T)> bytes;
        std::memcpy(bytes.data(), all.data(), sizeof bytes);
        return std::bit_cast<T>(bytes);
    }

private:
    // Edges (docs/design/memory_model.md):
    //   overrun  words_ in write() → words_ in read(): who got a word of a later lap sees that the
    //            floor was raised before

    // Written by the writer, read by the readers.
    typename Env::template atomic<std::uint64_t> words_[words];
};

}  // namespace lfq::inline LFQ_ABI
