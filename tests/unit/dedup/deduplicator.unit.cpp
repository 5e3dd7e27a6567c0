// SPDX-License-Identifier: MIT
// Goal: each answer of a deduplicator, by example: what is fresh, seen and full, for how long, for
//       keys of every kind.
// Method: one thread; windows of a few keys, or of a few units of time, whose edges are walked
//         along.
// Cannot show: threads; those are the stress test's and the model's.
#include <lfq/dedup/deduplicator.hpp>

#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using lfq::dedup::answer;
using lfq::dedup::by_count;
using lfq::dedup::by_time;
using numbers = lfq::deduplicator<std::uint64_t>;

}  // namespace

TEST_CASE("a_key_is_fresh_once_and_then_seen") {
    numbers seen(by_count{.keys = 100});
    CHECK(seen.insert_if_new(7) == answer::fresh);
    CHECK(seen.insert_if_new(7) == answer::seen);
    CHECK(seen.insert_if_new(8) == answer::fresh);
    CHECK(seen.insert_if_new(7) == answer::seen);
}

TEST_CASE("zero_and_all_ones_are_keys_like_others") {
    numbers seen(by_count{.keys = 100});
    for (const std::uint64_t key :
        {std::uint64_t{0}, UINT64_MAX, lfq::unmix(1), lfq::unmix(UINT64_MAX)}) {
        CAPTURE(key);
        CHECK_FALSE(seen.contains(key));
        CHECK(seen.insert_if_new(key) == answer::fresh);
        CHECK(seen.contains(key));
        CHECK(seen.insert_if_new(key) == answer::seen);
    }
}

TEST_CASE("contains_inserts_nothing") {
    numbers seen(by_time{.window = 80, .keys = 100});
    CHECK_FALSE(seen.contains(7, 0));
    CHECK(seen.insert_if_new(7, 0) == answer::fresh);
    CHECK(seen.contains(7, 80));
    CHECK_FALSE(seen.contains(7, 90));
}

TEST_CASE("a_window_of_time_holds_for_so_long_and_for_an_eighth_more_at_most") {
    for (const std::uint64_t start : {0U, 5U, 9U, 10U, 1'000'003U}) {
        CAPTURE(start);
        numbers seen(by_time{.window = 80, .keys = 100});
        CHECK(seen.insert_if_new(7, start) == answer::fresh);
        CHECK(seen.insert_if_new(7, start + 80) == answer::seen);
        CHECK(seen.insert_if_new(7, start + 90) == answer::fresh);
    }
}

TEST_CASE("a_repetition_does_not_prolong_the_stay") {
    numbers seen(by_time{.window = 80, .keys = 100});
    CHECK(seen.insert_if_new(7, 0) == answer::fresh);
    for (std::uint64_t now = 0; now <= 80; now += 8)
        CHECK(seen.insert_if_new(7, now) == answer::seen);
    CHECK(seen.insert_if_new(7, 90) == answer::fresh);
}

TEST_CASE("time_that_goes_backwards_counts_as_the_latest") {
    numbers seen(by_time{.window = 80, .keys = 100});
    CHECK(seen.insert_if_new(1, 1000) == answer::fresh);
    CHECK(seen.insert_if_new(2, 10) == answer::fresh);
    CHECK(seen.insert_if_new(1, 0) == answer::seen);
    CHECK(seen.insert_if_new(2, 1080) == answer::seen);
    CHECK(seen.statistics().generation == 108);
}

TEST_CASE("a_pause_longer_than_the_window_forgets_everything") {
    numbers seen(by_time{.window = 80, .keys = 100});
    std::uint64_t now = 0;
    for (const std::uint64_t pause :
        {std::uint64_t{90}, std::uint64_t{1270}, std::uint64_t{1280}, std::uint64_t{1290},
            std::uint64_t{12'800}, std::uint64_t{1} << 40, std::uint64_t{1} << 59}) {
        CAPTURE(pause);
        CHECK(seen.insert_if_new(7, now) == answer::fresh);
        now += pause;
        CHECK_FALSE(seen.contains(7, now));
    }
}

TEST_CASE("the_latest_time_that_generations_can_count_is_no_end") {
    numbers seen(by_time{.window = 8, .keys = 100});  // a generation is one unit
    CHECK(seen.insert_if_new(7, UINT64_MAX) == answer::fresh);
    CHECK(seen.insert_if_new(7, UINT64_MAX) == answer::seen);
    numbers long_seen(by_time{.window = UINT64_MAX, .keys = 100});
    CHECK(long_seen.insert_if_new(7, 0) == answer::fresh);
    CHECK(long_seen.insert_if_new(7, UINT64_MAX) == answer::seen);
}

TEST_CASE("a_window_of_one_key_remembers_that_key") {
    numbers seen(by_count{.keys = 1});
    CHECK(seen.insert_if_new(0) == answer::fresh);
    for (std::uint64_t key = 1; key < 3000; ++key) {
        REQUIRE(seen.insert_if_new(key) == answer::fresh);
        REQUIRE(seen.insert_if_new(key - 1) == answer::seen);
    }
    CHECK(seen.insert_if_new(0) == answer::fresh);
}

TEST_CASE("full_decides_nothing_and_keeps_nothing") {
    numbers seen(by_time{.window = 80, .keys = 1});  // 256 buckets of 15 words
    std::uint64_t stored = 0;
    std::vector<std::uint64_t> refused;
    for (std::uint64_t key = 0; key < 10'000; ++key) {
        if (seen.insert_if_new(key, 0) == answer::fresh) {
            ++stored;
        } else {
            refused.push_back(key);
        }
    }
    CHECK(stored == seen.capacity());
    CHECK(refused.size() == 10'000 - stored);
    for (const std::uint64_t key : refused) {
        REQUIRE(seen.insert_if_new(key, 80) == answer::full);
        REQUIRE_FALSE(seen.contains(key, 80));
    }
    CHECK(seen.statistics().full == 2 * refused.size());
    CHECK(seen.insert_if_new(refused.front(), 90) == answer::fresh);
}

TEST_CASE("one_bucket_may_be_full_while_others_have_room") {
    numbers seen(by_time{.window = 80, .keys = 1});
    // Equal upper bits make one bucket.
    for (std::uint64_t i = 0; i < 15; ++i)
        CHECK(seen.insert_if_new(lfq::unmix(i), 0) == answer::fresh);
    CHECK(seen.insert_if_new(lfq::unmix(15), 0) == answer::full);
    for (std::uint64_t i = 0; i < 15; ++i)
        CHECK(seen.insert_if_new(lfq::unmix(i), 0) == answer::seen);
    CHECK(seen.insert_if_new(lfq::unmix(UINT64_MAX), 0) == answer::fresh);
    CHECK(seen.insert_if_new(lfq::unmix(15), 90) == answer::fresh);
}

// The first line has room again while the second one holds live words.
TEST_CASE("the_second_line_is_looked_at_as_long_as_it_holds_something") {
    numbers seen(by_time{.window = 80, .keys = 1});
    for (std::uint64_t i = 0; i < 7; ++i)
        CHECK(seen.insert_if_new(lfq::unmix(i), 0) == answer::fresh);
    for (std::uint64_t i = 7; i < 10; ++i)
        CHECK(seen.insert_if_new(lfq::unmix(i), 30) == answer::fresh);
    for (std::uint64_t i = 7; i < 10; ++i)
        CHECK(seen.insert_if_new(lfq::unmix(i), 110) == answer::seen);
    CHECK(seen.insert_if_new(lfq::unmix(0), 110) == answer::fresh);
    CHECK(seen.insert_if_new(lfq::unmix(7), 120) == answer::fresh);
}

// A smallest table has buckets of 2^56 keys each.
TEST_CASE("keys_of_one_bucket_that_differ_in_one_bit_are_two") {
    for (unsigned bit = 0; bit < 56; ++bit) {
        CAPTURE(bit);
        numbers seen(by_time{.window = 80, .keys = 1});
        CHECK(seen.insert_if_new(lfq::unmix(0), 0) == answer::fresh);
        CHECK(seen.insert_if_new(lfq::unmix(std::uint64_t{1} << bit), 0) == answer::fresh);
    }
}

// Both lines of a bucket, left alone until their stamps are those of the present again.
TEST_CASE("a_round_of_the_stamps_revives_nothing") {
    for (const std::uint64_t generations : {127U, 128U, 129U, 136U, 256U}) {
        CAPTURE(generations);
        numbers seen(by_time{.window = 8, .keys = 1});
        for (std::uint64_t i = 0; i < 15; ++i)
            CHECK(seen.insert_if_new(lfq::unmix(i), 0) == answer::fresh);
        for (std::uint64_t now = 0; now <= generations; ++now)
            static_cast<void>(seen.contains(99, now));
        for (std::uint64_t i = 0; i < 15; ++i)
            CHECK_FALSE(seen.contains(lfq::unmix(i), generations));
        // Also where both lines are looked at again.
        for (std::uint64_t i = 15; i < 23; ++i)
            CHECK(seen.insert_if_new(lfq::unmix(i), generations) == answer::fresh);
        for (std::uint64_t i = 0; i < 15; ++i)
            CHECK_FALSE(seen.contains(lfq::unmix(i), generations));
    }
}

TEST_CASE("a_batch_answers_each_key_in_its_order") {
    numbers seen(by_time{.window = 80, .keys = 1000});
    std::vector<std::uint64_t> keys(300);
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = i % 100;
    std::vector<answer> answers(keys.size(), answer::full);
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 64U, 65U, 300U}) {
        CAPTURE(size);
        numbers again(by_time{.window = 80, .keys = 1000});
        const auto all =
            again.insert_if_new_n(std::span<const std::uint64_t>(keys).first(size), 0, answers);
        const std::size_t different = size < 100 ? size : 100;
        CHECK(all.fresh == different);
        CHECK(all.seen == size - different);
        CHECK(all.full == 0);
        for (std::size_t i = 0; i < size; ++i)
            REQUIRE(answers[i] == (i < 100 ? answer::fresh : answer::seen));
    }
}

TEST_CASE("a_long_batch_moves_a_window_of_keys_on") {
    numbers seen(by_count{.keys = 100});
    std::vector<std::uint64_t> keys(5000);
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = i;
    std::vector<answer> answers(keys.size());
    CHECK(seen.insert_if_new_n(keys, answers).fresh == keys.size());
    CHECK(seen.insert_if_new(4900) == answer::seen);
    CHECK(seen.insert_if_new(1000) == answer::fresh);
    CHECK(seen.statistics().live_approx < 300);
}

TEST_CASE("statistics_count_answers_and_what_is_live") {
    numbers seen(by_time{.window = 80, .keys = 100});
    for (std::uint64_t key = 0; key < 50; ++key) static_cast<void>(seen.insert_if_new(key, 5));
    for (std::uint64_t key = 0; key < 20; ++key) static_cast<void>(seen.insert_if_new(key, 25));
    lfq::dedup::statistics now = seen.statistics();
    CHECK(now.fresh == 50);
    CHECK(now.seen == 20);
    CHECK(now.full == 0);
    CHECK(now.generation == 2);
    CHECK(now.live_approx == 50);
    CHECK(now.capacity == 256 * 15);
    static_cast<void>(seen.insert_if_new(0, 90));
    now = seen.statistics();
    CHECK(now.fresh == 51);
    CHECK(now.live_approx == 1);
}

TEST_CASE("keys_of_every_kind_are_told_apart") {
    lfq::deduplicator<std::string_view> views(by_count{.keys = 100});
    CHECK(views.insert_if_new("order-1") == answer::fresh);
    CHECK(views.insert_if_new(std::string("order-") + "1") == answer::seen);
    CHECK(views.insert_if_new("order-2") == answer::fresh);
    CHECK(views.insert_if_new("") == answer::fresh);
    CHECK(views.insert_if_new(std::string_view("\0", 1)) == answer::fresh);

    lfq::deduplicator<std::string> strings(by_count{.keys = 100});
    CHECK(strings.insert_if_new("a string that lies on the heap") == answer::fresh);
    CHECK(strings.insert_if_new("a string that lies on the heap") == answer::seen);

    struct sender_and_number {
        std::uint64_t sender;
        std::uint64_t number;
    };
    lfq::deduplicator<sender_and_number> pairs(by_count{.keys = 100});
    CHECK(pairs.insert_if_new({1, 2}) == answer::fresh);
    CHECK(pairs.insert_if_new({2, 1}) == answer::fresh);
    CHECK(pairs.insert_if_new({1, 2}) == answer::seen);

    lfq::deduplicator<std::int32_t> negative(by_count{.keys = 100});
    CHECK(negative.insert_if_new(-1) == answer::fresh);
    CHECK(negative.insert_if_new(1) == answer::fresh);
    CHECK(negative.insert_if_new(-1) == answer::seen);
}
