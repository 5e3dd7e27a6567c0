// SPDX-License-Identifier: MIT
// lfq/base/words_in_line.hpp — eight words compared at once.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#include <cstdint>

#if LFQ_SIMD >= 256
#include <immintrin.h>
#endif

namespace lfq::inline LFQ_ABI {

/// What a look at a row of words found: bit i stands for word i.
struct words_found {
    unsigned same = 0;
    unsigned live = 0;
};

/// How many bits words_in_line() compares at once: 0 where it must not be called.
#if LFQ_SIMD >= 256
inline constexpr int words_in_line_bits = 256;
#else
inline constexpr int words_in_line_bits = 0;
#endif

/// Of 8 words in 64 aligned bytes, a word being 56 bits of a name over 8 of a stamp: those that
/// are `live`, because their stamp is odd and fewer than `ages` steps of 2 before `stamp` on a
/// circle of 256, and those of them whose name is that of `name`.
///
/// The loads are plain ones of 32 bytes. Every x86 processor with AVX2 makes them of whole words
/// of 8, and orders them as acquire loads; C++ promises neither.
[[nodiscard]] inline words_found words_in_line(
    const void* line, std::uint64_t name, std::uint64_t stamp, unsigned ages) noexcept {
    words_found found;
#if LFQ_SIMD >= 256
    const __m256i stamps = _mm256_set1_epi64x(static_cast<long long>(stamp));
    const __m256i names = _mm256_set1_epi64x(static_cast<long long>(name));
    const __m256i circle = _mm256_set1_epi64x(255);
    const __m256i limit = _mm256_set1_epi64x(2LL * ages);
    const auto top_bits = [](__m256i words) {
        return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(words)));
    };
    for (unsigned half = 0; half < 2; ++half) {
        const __m256i words = _mm256_load_si256(static_cast<const __m256i*>(line) + half);
        const __m256i steps = _mm256_and_si256(_mm256_sub_epi64(stamps, words), circle);
        // Only top bits count from here on: that of an odd number of steps forbids.
        const __m256i live =
            _mm256_andnot_si256(_mm256_slli_epi64(steps, 63), _mm256_cmpgt_epi64(limit, steps));
        const __m256i rest = _mm256_srli_epi64(_mm256_xor_si256(words, names), 8);
        const __m256i equal = _mm256_cmpeq_epi64(rest, _mm256_setzero_si256());
        found.live |= top_bits(live) << 4 * half;
        found.same |= top_bits(_mm256_and_si256(live, equal)) << 4 * half;
    }
#else
    static_cast<void>(line), static_cast<void>(name);
    static_cast<void>(stamp), static_cast<void>(ages);
#endif
    return found;
}

}  // namespace lfq::inline LFQ_ABI
