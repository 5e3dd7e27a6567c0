// SPDX-License-Identifier: MIT
// Goal: medians, intervals and paired ratios are what the benchmarks' tables say they are.
// Method: small sets whose answers are known. Cannot show: that the rounds of a benchmark are
// independent, which the interval assumes.

#include "harness/statistics.hpp"
#include "support/catch.hpp"

#include <vector>

TEST_CASE("a_median_of_an_even_number_lies_between_the_two_in_the_middle") {
    CHECK(bench::median_of({4, 1, 3, 2}) == 2.5);
    CHECK(bench::median_of({5, 1, 3}) == 3);
    CHECK(bench::median_of({}) == 0);
}

TEST_CASE("the_interval_of_nine_rounds_leaves_out_the_two_extremes") {
    const bench::summary found = bench::interval_of({9, 1, 5, 3, 7, 2, 8, 4, 6});
    CHECK(found.median == 5);
    CHECK(found.low == 2);
    CHECK(found.high == 8);
}

TEST_CASE("few_rounds_have_no_interval_but_their_extremes") {
    const bench::summary found = bench::interval_of({3, 1, 2});
    CHECK(found.low == 1);
    CHECK(found.high == 3);
}

TEST_CASE("a_ratio_is_taken_inside_each_round") {
    CHECK(bench::paired_ratios({2, 9, 8}, {1, 3, 2}) == std::vector<double>{2, 3, 4});
    CHECK(bench::paired_ratios({2, 9}, {1}) == std::vector<double>{2});
}
