// SPDX-License-Identifier: MIT
// Goal: lists of numbers are read and written as Linux does it, and what is none is told apart.
// Method: texts and sets, both ways.
// Cannot show: that every kernel writes its lists so.
#include <lfq/sys/number_list.hpp>

#include "support/catch.hpp"

#include <string>
#include <vector>

using lfq::sys::counted;
using lfq::sys::number_list;
using lfq::sys::numbers_from;
using lfq::sys::size_in_words;
using numbers = std::vector<unsigned>;

TEST_CASE("a_list_is_written_in_ranges_and_read_back") {
    struct row {
        numbers set;
        std::string text;
    };
    const row rows[] = {{{0}, "0"}, {{0, 1}, "0-1"}, {{0, 1, 2, 3, 8}, "0-3,8"},
        {{1, 3, 5}, "1,3,5"}, {{4094, 4095}, "4094-4095"}};
    for (const row& each : rows) {
        CHECK(number_list(each.set) == each.text);
        CHECK(numbers_from(each.text) == each.set);
        CHECK(numbers_from(each.text + "\n") == each.set);
    }
    CHECK(number_list({}) == "none");
}

TEST_CASE("what_is_read_ascends_and_holds_each_number_once") {
    CHECK(numbers_from("5,1-3,2") == numbers{1, 2, 3, 5});
    CHECK(numbers_from("") == numbers{});
    CHECK(numbers_from("\n") == numbers{});
}

TEST_CASE("what_is_no_list_is_nothing") {
    for (const char* const text : {"x", "1,", ",1", "1-", "-1", "3-1", "1 2", "1,,2", "1-2-3",
             "0-4294967295", "65536", "99999999999999999999", "none"}) {
        CAPTURE(text);
        CHECK_FALSE(numbers_from(text));
    }
    CHECK(numbers_from("65535") == numbers{65'535});
}

TEST_CASE("counts_and_sizes_are_told_in_words") {
    CHECK(counted(0, "cpu") == "0 cpus");
    CHECK(counted(1, "cpu") == "1 cpu");
    CHECK(counted(2, "cpu") == "2 cpus");
    CHECK(size_in_words(1023) == "1023 B");
    CHECK(size_in_words(1024) == "1 KiB");
    CHECK(size_in_words(32U << 20) == "32 MiB");
    CHECK(size_in_words(std::uint64_t{3} << 29) == "1.5 GiB");
}
