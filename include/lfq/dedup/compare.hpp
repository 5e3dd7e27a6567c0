// SPDX-License-Identifier: MIT
// lfq/dedup/compare.hpp — how a row of words is compared: the concept and its models.
// Room: dedup (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/words_in_line.hpp>

#include <concepts>

namespace lfq::inline LFQ_ABI {

/// How a deduplicator looks at a line of eight words.
///
///   expression              meaning
///   Compare::vector_bits    how many bits at once; 0: word by word, by atomic loads
template <class Compare>
concept compare_policy = requires {
    { Compare::vector_bits } -> std::convertible_to<int>;
};

namespace compare {

/// Does        loads word by word. The default.
/// Costs       about fifty instructions a line.
/// Needs       –
/// Pick when   in doubt: it is what C++ promises and what the model checker sees.
/// Avoid when  single insertions are what limits you, on x86.
struct scalar {
    static constexpr int vector_bits = 0;
};

/// Does        loads four words at once, and compares them so.
/// Costs       the promise: these loads are no atomic ones. Processors make them of whole words and
///             in order, but C++ does not say so, and checkers cannot see it.
/// Needs       a unit compiled for AVX2 (-mavx2, or -march of a processor that has it); in others
///             `vector_bits` is 0 and it is scalar.
/// Pick when   it was measured to pay, and the program is for x86 anyway.
/// Avoid when  ThreadSanitizer is to watch this code; it gets the scalar form.
struct vector {
    static constexpr int vector_bits = words_in_line_bits;
};

}  // namespace compare

}  // namespace lfq::inline LFQ_ABI
