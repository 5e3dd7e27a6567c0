// SPDX-License-Identifier: MIT
// Goal: a subscriber is waited for as long as it has earned, and never longer than the most.
// Method: an account; what is earned and spent against sums done by hand.
// Cannot show: what the worker and the network thread do with it; limits.e2e shows that.
#include "broker/core/patience.hpp"

#include "support/catch.hpp"

using broker::core::patience;

TEST_CASE("who_has_got_rid_of_nothing_is_not_waited_for") {
    patience one;
    CHECK(one.is_empty());
    one.earn(0);
    one.earn(patience::bytes_per_us - 1);
    CHECK(one.is_empty());
    one.earn(patience::bytes_per_us);  // the byte that was missing
    CHECK_FALSE(one.is_empty());
}

TEST_CASE("what_is_spent_has_to_be_earned_again") {
    patience one;
    one.earn(patience::bytes_per_us * 1'000);
    one.spend(999);
    CHECK_FALSE(one.is_empty());
    one.earn(patience::bytes_per_us * 1'000);  // nothing new
    one.spend(5'000);
    CHECK(one.is_empty());
    one.earn(patience::bytes_per_us * 1'001);  // no debt was left
    CHECK_FALSE(one.is_empty());
    one.spend(1);
    CHECK(one.is_empty());
}

TEST_CASE("nobody_saves_up_more_than_the_most") {
    patience one;
    one.earn(patience::bytes_per_us * 1'000'000'000);
    one.spend(patience::most_us - 1);
    CHECK_FALSE(one.is_empty());
    one.spend(1);
    CHECK(one.is_empty());
}
