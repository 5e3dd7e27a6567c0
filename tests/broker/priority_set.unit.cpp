// SPDX-License-Identifier: MIT
// Goal: a priority_set holds exactly what was inserted and knows its ends.
// Method: every priority alone, and every pair, against std::set.
// Cannot show: anything about threads; the set is not shared.
#include "broker/core/priority_set.hpp"

#include "support/catch.hpp"

#include <set>

namespace {

using broker::core::priority_count;
using broker::core::priority_set;

}  // namespace

TEST_CASE("an_empty_set_has_no_lowest_priority") {
    const priority_set none;
    CHECK(none.empty());
    CHECK(none.count() == 0);
    CHECK(none.lowest() == priority_count);
    CHECK(none.highest() == 0);
}

TEST_CASE("every_pair_has_the_ends_that_a_std_set_says") {
    unsigned wrong = 0;
    for (unsigned a = 0; a < priority_count; ++a) {
        for (unsigned b = 0; b < priority_count; ++b) {
            const std::set<unsigned> model{a, b};
            priority_set set;
            set.insert(a);
            set.insert(b);
            if (set.count() != model.size()) ++wrong;
            if (set.lowest() != *model.begin()) ++wrong;
            if (set.highest() != *model.rbegin()) ++wrong;
            const unsigned above = set.lowest(*model.begin() + 1);
            if (above != (a == b ? priority_count : *model.rbegin())) ++wrong;
            if (!set.contains(a) || set.contains(a ^ b ^ 1U) != (model.count(a ^ b ^ 1U) == 1)) {
                ++wrong;
            }
            if (!(priority_set(set.low(), set.high()) == set)) ++wrong;
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("a_union_holds_both") {
    priority_set left;
    left.insert(3);
    priority_set right;
    right.insert(127);
    left |= right;
    CHECK(left.contains(3));
    CHECK(left.contains(127));
    CHECK(left.count() == 2);
}
