// SPDX-License-Identifier: MIT
// Goal: what cannot be built says so in a sentence, and misuse of what can be is named in checked
//       builds; how much memory a window takes.
// Method: constructors that must throw; children that must abort.
// Cannot show: a machine that is really out of memory.
#include <lfq/dedup/deduplicator.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

// The sanitizers look for these names: an allocation beyond memory must fail there too, not end the
// test.
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }
extern "C" const char* __tsan_default_options() { return "allocator_may_return_null=1"; }

namespace {

using lfq::dedup::by_count;
using lfq::dedup::by_time;
using numbers = lfq::deduplicator<std::uint64_t>;

template <class Window>
std::string refusal_of(Window window) {
    try {
        const numbers none(window);
    } catch (const std::length_error& refused) {
        return refused.what();
    }
    return "it was built";
}

}  // namespace

TEST_CASE("a_window_of_nothing_is_refused_in_a_sentence") {
    const std::string no_keys = "lfq: deduplicator: keys of the window must be at least 1";
    CHECK(refusal_of(by_count{.keys = 0}) == no_keys);
    CHECK(refusal_of(by_time{.window = 10, .keys = 0}) == no_keys);
    CHECK(refusal_of(by_time{.window = 0, .keys = 10}) ==
        "lfq: deduplicator: a window of time must be at least 1");
}

TEST_CASE("a_table_that_no_address_reaches_is_refused_in_a_sentence") {
    const std::string too_many =
        "lfq: deduplicator: keys of the window: no memory can be addressed for them";
    CHECK(refusal_of(by_count{.keys = SIZE_MAX}) == too_many);
    CHECK(refusal_of(by_time{.window = 10, .keys = PTRDIFF_MAX / 32 + 4}) == too_many);
}

TEST_CASE("a_table_that_is_not_to_be_had_is_bad_alloc") {
    CHECK_THROWS_AS(numbers(by_count{.keys = PTRDIFF_MAX / 64}), std::bad_alloc);
}

TEST_CASE("a_window_takes_at_most_32_bytes_a_key") {
    for (const std::size_t keys : {1024U, 1025U, 5000U, 100'000U}) {
        CAPTURE(keys);
        const numbers seen(by_count{.keys = keys});
        const std::size_t buckets = static_cast<std::size_t>(seen.capacity()) / 15;
        CHECK(buckets * 128 < 32 * (keys + 4));
        CHECK(buckets * 4 >= keys);
    }
    CHECK(numbers(by_count{.keys = 1}).capacity() == 256 * 15);
}

TEST_CASE("huge_pages_say_what_they_are") {
    lfq::deduplicator<std::uint64_t, lfq::storage::huge> seen(by_count{.keys = 100'000});
    CHECK(seen.insert_if_new(7) == lfq::dedup::fresh);
    CHECK(seen.storage().page_bytes() >= 4096);
}

TEST_CASE("two_seeds_choose_different_bits") {
    CHECK(lfq::dedup::bits_of(std::string_view("a"), {1, 2}) !=
        lfq::dedup::bits_of(std::string_view("a"), {2, 1}));
    CHECK(lfq::dedup::bits_of(std::uint64_t{7}, {1, 0}) !=
        lfq::dedup::bits_of(std::uint64_t{7}, {0, 0}));
}

#if LFQ_CHECKED

TEST_CASE("checked_builds_name_a_time_that_is_missing_or_not_wanted") {
    const support::ending without = support::ending_of([] {
        numbers seen(by_time{.window = 10, .keys = 10});
        static_cast<void>(seen.insert_if_new(7));
    });
    CHECK(without.aborted);
    CHECK(
        without.said.find("a window of time takes the time with every call") != std::string::npos);
    const support::ending with = support::ending_of([] {
        numbers seen(by_count{.keys = 10});
        static_cast<void>(seen.insert_if_new(7, 1));
    });
    CHECK(with.aborted);
    CHECK(with.said.find("a window of keys takes no time with a call") != std::string::npos);
}

TEST_CASE("checked_builds_name_a_batch_without_room_for_its_answers") {
    const support::ending seen = support::ending_of([] {
        numbers all(by_count{.keys = 10});
        const std::array<std::uint64_t, 4> keys{1, 2, 3, 4};
        std::array<lfq::dedup::answer, 3> answers{};
        static_cast<void>(all.insert_if_new_n(keys, answers));
    });
    CHECK(seen.aborted);
    CHECK(seen.said.find("room for an answer to every key") != std::string::npos);
}

#endif
