// SPDX-License-Identifier: MIT
// lfq/dedup/generation.hpp — what a word of the table says, and which generation it is.
// Room: dedup (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

namespace dedup {

/// The sizes of a table. Tests have smaller ones.
struct table_layout {
    /// A word is a name over a stamp; a stamp is a generation modulo 128 over a bit that is always
    /// set, so no word for a key is 0.
    static constexpr unsigned stamp_bits = 8;
    /// Words of a line of 64 bytes; a bucket is two of them.
    static constexpr std::size_t line_words = 8;
    /// Whole generations in a window, beside the one that is going on.
    static constexpr std::uint64_t generations = 8;
    /// In so many generations all of the table is swept once: a word is seen expired at least once
    /// before its stamp comes round again.
    static constexpr std::uint64_t shares = 96;
    /// What is swept at a time.
    static constexpr std::size_t strip_buckets = 4;
    /// So that the place of a bucket holds what a name lacks: 8 bits.
    static constexpr std::size_t buckets_min = 256;
};

/// How a layout reads and writes words.
template <class Layout>
struct word_format {
    static constexpr std::uint64_t stamp_mask = (std::uint64_t{1} << Layout::stamp_bits) - 1;
    static constexpr std::uint64_t tags = (stamp_mask + 1) / 2;
    static constexpr std::uint64_t ages_live = Layout::generations + 1;
    // A share may be swept as early as in the generation that so many flips end at once.
    static_assert(2 * ages_live - 1 + Layout::shares <= tags,
        "a word must be swept after it expired and before its stamp comes round again");

    [[nodiscard]] static constexpr std::uint64_t name_of(std::uint64_t bits) noexcept {
        return bits << Layout::stamp_bits;
    }
    /// Whether a word with some stamp has this name.
    [[nodiscard]] static constexpr bool named(std::uint64_t word, std::uint64_t name) noexcept {
        return (word ^ name) <= stamp_mask;
    }
    /// In the window of whoever is in the generation of `stamp`. The lowest bit of the difference,
    /// set for what is no stamp, is turned to the top, where it is too old for anything.
    [[nodiscard]] static constexpr bool live(std::uint64_t word, std::uint64_t stamp) noexcept {
        return std::rotr((stamp - word) & stamp_mask, 1) < ages_live;
    }
};

/// A generation: its number, which is a time divided by the length of a generation, and its tag,
/// which goes on as the number does, but never by more than makes everything expire.
template <class Layout>
class generation {
public:
    static constexpr unsigned tag_bits = Layout::stamp_bits - 1;
    static constexpr std::uint64_t tag_mask = (std::uint64_t{1} << tag_bits) - 1;
    static constexpr std::uint64_t number_max = ~std::uint64_t{0} >> tag_bits;

    constexpr explicit generation(std::uint64_t bits = 0) noexcept : bits_(bits) {}

    [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }
    [[nodiscard]] constexpr std::uint64_t tag() const noexcept { return bits_ & tag_mask; }
    [[nodiscard]] constexpr std::uint64_t number() const noexcept { return bits_ >> tag_bits; }
    [[nodiscard]] constexpr std::uint64_t stamp() const noexcept { return tag() << 1 | 1; }

    /// Generation `goal`, which is later. In one step, so that there is none between them in which
    /// words are younger than its number says.
    [[nodiscard]] constexpr generation at(std::uint64_t goal) const noexcept {
        const std::uint64_t step = std::min(goal - number(), word_format<Layout>::ages_live);
        return generation(goal << tag_bits | ((tag() + step) & tag_mask));
    }
    /// How far its tag is behind that of `later`.
    [[nodiscard]] constexpr std::uint64_t steps_to(std::uint64_t later_tag) const noexcept {
        return (later_tag - tag()) & tag_mask;
    }

    friend constexpr bool operator==(generation, generation) noexcept = default;

private:
    std::uint64_t bits_;
};

/// How far the sweep is: how many shares of the table were swept, and how many strips of the next.
/// The count says which share that is, and the tag that cannot be gone beyond before it is done. It
/// comes round after so many rounds of both that nobody sleeps as long between two instructions.
template <class Layout>
class sweep_progress {
public:
    constexpr explicit sweep_progress(std::uint64_t bits = 0) noexcept : bits_(bits) {}

    [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }
    [[nodiscard]] constexpr std::uint64_t tag() const noexcept {
        return shares_swept() & generation<Layout>::tag_mask;
    }
    /// The strip to sweep next; it may lie behind the end of the table.
    [[nodiscard]] constexpr std::uint64_t strip(std::uint64_t share_strips) const noexcept {
        return shares_swept() % Layout::shares * share_strips + strips_swept();
    }
    [[nodiscard]] constexpr sweep_progress next(std::uint64_t share_strips) const noexcept {
        if (strips_swept() + 1 < share_strips) return sweep_progress(bits_ + one_strip);
        return sweep_progress((shares_swept() + 1) % count_end);
    }

private:
    static constexpr std::uint64_t one_strip = std::uint64_t{1} << 32;
    static constexpr std::uint64_t count_end =
        Layout::shares * word_format<Layout>::tags * (std::uint64_t{1} << 16);
    static_assert(count_end <= one_strip);

    [[nodiscard]] constexpr std::uint64_t shares_swept() const noexcept {
        return bits_ & (one_strip - 1);
    }
    [[nodiscard]] constexpr std::uint64_t strips_swept() const noexcept { return bits_ >> 32; }

    std::uint64_t bits_;
};

}  // namespace dedup

}  // namespace lfq::inline LFQ_ABI
