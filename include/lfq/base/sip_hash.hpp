// SPDX-License-Identifier: MIT
// lfq/base/sip_hash.hpp — bytes of any length to 64 bits that nobody without the seed can foresee.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace lfq::inline LFQ_ABI {

/// 128 bits. Take them from a random source where who sends the bytes could choose them badly.
struct hash_seed {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
};

/// SipHash with so many rounds a word and at the end (Aumasson and Bernstein, 2012): a keyed
/// function, meant to be told from a random one by nobody who lacks the seed.
template <int WordRounds = 1, int LastRounds = 3>
class sip_hash {
public:
    explicit sip_hash(hash_seed seed) noexcept
        : a_(seed.first ^ 0x736f6d6570736575),
          b_(seed.second ^ 0x646f72616e646f6d),
          c_(seed.first ^ 0x6c7967656e657261),
          d_(seed.second ^ 0x7465646279746573) {}

    [[nodiscard]] std::uint64_t operator()(std::span<const std::byte> bytes) noexcept {
        std::size_t at = 0;
        for (; at + 8 <= bytes.size(); at += 8) take(word_of(bytes.subspan(at, 8)));
        take(word_of(bytes.subspan(at)) | static_cast<std::uint64_t>(bytes.size()) << 56);
        c_ ^= 0xff;
        for (int i = 0; i < LastRounds; ++i) turn();
        return a_ ^ b_ ^ c_ ^ d_;
    }

private:
    /// Up to 8 bytes, the first one lowest.
    [[nodiscard]] static std::uint64_t word_of(std::span<const std::byte> bytes) noexcept {
        std::uint64_t word = 0;
        if (bytes.empty()) return word;
        if constexpr (std::endian::native == std::endian::little) {
            std::memcpy(&word, bytes.data(), bytes.size());
        } else {
            for (std::size_t i = 0; i < bytes.size(); ++i)
                word |= std::to_integer<std::uint64_t>(bytes[i]) << 8 * i;
        }
        return word;
    }

    void take(std::uint64_t word) noexcept {
        d_ ^= word;
        for (int i = 0; i < WordRounds; ++i) turn();
        a_ ^= word;
    }

    void turn() noexcept {
        a_ += b_;
        c_ += d_;
        b_ = std::rotl(b_, 13) ^ a_;
        d_ = std::rotl(d_, 16) ^ c_;
        a_ = std::rotl(a_, 32) + d_;
        c_ += b_;
        d_ = std::rotl(d_, 21) ^ a_;
        b_ = std::rotl(b_, 17) ^ c_;
        c_ = std::rotl(c_, 32);
    }

    std::uint64_t a_;
    std::uint64_t b_;
    std::uint64_t c_;
    std::uint64_t d_;
};

}  // namespace lfq::inline LFQ_ABI
