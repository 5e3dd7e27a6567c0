// SPDX-License-Identifier: MIT
// Goal: words, generations and the sweep say what they should, also where their counts come round.
// Method: every age of every stamp; a sweep over more than one round; both ends of what a
//         generation can count.
// Cannot show: who writes them when.
#include <lfq/base/bits.hpp>
#include <lfq/dedup/generation.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>

namespace {

using layout = lfq::dedup::table_layout;
using format = lfq::dedup::word_format<layout>;
using generation = lfq::dedup::generation<layout>;
using progress = lfq::dedup::sweep_progress<layout>;

constexpr generation with(std::uint64_t number, std::uint64_t tag) {
    return generation(number << generation::tag_bits | tag);
}

}  // namespace

TEST_CASE("a_word_is_live_for_its_generation_and_eight_more") {
    for (std::uint64_t tag = 0; tag < format::tags; ++tag) {
        const std::uint64_t word = format::name_of(0xabcdef) | with(0, tag).stamp();
        for (std::uint64_t age = 0; age < format::tags; ++age) {
            const std::uint64_t now = with(0, (tag + age) % format::tags).stamp();
            REQUIRE(format::live(word, now) == (age <= layout::generations));
        }
    }
}

TEST_CASE("an_empty_word_is_never_live_and_no_key_has_it") {
    for (std::uint64_t tag = 0; tag < format::tags; ++tag) {
        const std::uint64_t stamp = with(0, tag).stamp();
        REQUIRE_FALSE(format::live(0, stamp));
        REQUIRE((format::name_of(0) | stamp) != 0);
    }
}

TEST_CASE("stamps_go_on_with_the_number_until_everything_expires") {
    for (std::uint64_t step = 1; step < 20; ++step) {
        const generation later = with(5, 120).at(5 + step);
        CHECK(later.number() == 5 + step);
        CHECK(later.tag() == (120 + std::min(step, format::ages_live)) % format::tags);
    }
    CHECK(with(5, 120).at(1'000'000) == with(1'000'000, 1));
    CHECK(with(generation::number_max - 1, 3).at(generation::number_max) ==
        with(generation::number_max, 4));
    CHECK(with(5, 126).steps_to(126) == 0);
    CHECK(with(5, 126).steps_to(7) == 9);
}

TEST_CASE("a_sweep_visits_every_strip_once_a_round_and_counts_its_shares") {
    for (const std::uint64_t share_strips : {1U, 2U, 7U}) {
        progress at;
        for (int round = 0; round < 3; ++round) {
            std::set<std::uint64_t> visited;
            for (std::uint64_t share = 0; share < layout::shares; ++share) {
                const std::uint64_t tag = at.tag();
                for (std::uint64_t strip = 0; strip < share_strips; ++strip) {
                    REQUIRE(at.tag() == tag);
                    visited.insert(at.strip(share_strips));
                    at = at.next(share_strips);
                }
                REQUIRE(at.tag() == (tag + 1) % format::tags);
            }
            CHECK(visited.size() == layout::shares * share_strips);
            CHECK(*visited.rbegin() == layout::shares * share_strips - 1);
        }
    }
}

TEST_CASE("places_are_below_the_count_and_names_tell_the_rest_apart") {
    // All that share a place lie in a row shorter than the names are many.
    for (const std::uint64_t buckets : {256U, 257U, 1000U, 250'000U}) {
        for (std::uint64_t place = 0; place < buckets; place += buckets / 7 + 1) {
            const auto first_of = [&](std::uint64_t one) {  // the first with that place or above
                std::uint64_t low = 0;
                for (std::uint64_t bit = std::uint64_t{1} << 63; bit != 0; bit >>= 1) {
                    if (lfq::upper_product(low | (bit - 1), buckets) < one) low |= bit;
                }
                return low;
            };
            const std::uint64_t first = first_of(place);
            REQUIRE(lfq::upper_product(first, buckets) == place);
            const std::uint64_t last = place + 1 == buckets ? UINT64_MAX : first_of(place + 1) - 1;
            REQUIRE(lfq::upper_product(last, buckets) == place);
            REQUIRE(last - first < std::uint64_t{1} << 56);
        }
    }
}
