// SPDX-License-Identifier: MIT
// Goal: a line compared at once is found to be what it is word by word, and a deduplicator that
//       compares so gives the same answers.
// Method: random lines of words, near and far in name and age; two deduplicators side by side. This
//       program is compiled for AVX2 where the compiler knows it.
// Cannot show: that a processor loads whole words and in order; its makers say so.
#include <lfq/base/words_in_line.hpp>
#include <lfq/dedup/deduplicator.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/vector_cpu.hpp"

#include <array>
#include <cstdint>

namespace {

using layout = lfq::dedup::table_layout;
using format = lfq::dedup::word_format<layout>;
using generation = lfq::dedup::generation<layout>;

constexpr std::uint64_t stamp_of(std::uint64_t tag) { return generation(tag).stamp(); }

}  // namespace

TEST_CASE("a_line_compared_at_once_is_as_one_compared_word_by_word") {
    if (!support::vectors_work()) SKIP("no AVX2 here");
    support::dice dice(3);
    struct alignas(64) {
        std::array<std::uint64_t, 8> words;
    } line{};
    for (int turn = 0; turn < 20'000; ++turn) {
        const std::uint64_t name = format::name_of(dice.from_to(0, 3));
        const std::uint64_t now = stamp_of(dice.from_to(0, 127));
        lfq::words_found expected;
        for (unsigned i = 0; i < 8; ++i) {
            std::uint64_t& word = line.words[i];
            word = format::name_of(dice.from_to(0, 3)) | stamp_of(dice.from_to(0, 127));
            if (dice.one_in(2)) word = name | ((now - 2 * dice.from_to(0, 12)) & 255);
            if (dice.one_in(4)) word = 0;
            if (dice.one_in(9)) word |= UINT64_MAX << 40;
            const bool live = format::live(word, now);
            expected.live |= static_cast<unsigned>(live) << i;
            expected.same |= static_cast<unsigned>(live && format::named(word, name)) << i;
        }
        const lfq::words_found found = lfq::words_in_line(line.words.data(), name, now, 9);
        REQUIRE(found.live == expected.live);
        REQUIRE(found.same == expected.same);
    }
}

TEST_CASE("answers_by_vector_are_those_of_the_scalar_form") {
    if (!support::vectors_work()) SKIP("no AVX2 here");
    support::dice dice(5);
    const lfq::dedup::by_time window{.window = 80, .keys = 100};
    lfq::deduplicator<std::uint64_t> scalar(window);
    lfq::deduplicator<std::uint64_t, lfq::storage::huge, lfq::compare::vector> vector(window);
    std::uint64_t now = 0;
    for (std::uint64_t i = 0; i < support::affordable(200'000); ++i) {
        now += dice.from_to(0, 1);
        if (dice.one_in(1000)) now += dice.from_to(0, 2000);
        const std::uint64_t key = lfq::unmix(dice.from_to(0, 60) | dice.from_to(0, 1) << 63);
        REQUIRE(scalar.insert_if_new(key, now) == vector.insert_if_new(key, now));
    }
}
