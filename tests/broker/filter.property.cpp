// SPDX-License-Identifier: MIT
// Goal: check_filter and filter_matches answer as a naive reference does, on any pair.
// Method: the reference, the fuzz targets' too, cuts both texts into lists of tokens; texts come
//         from a small alphabet, so that near misses are common. LFQ_SEED repeats a run.
// Cannot show: speed.
#include "broker/core/filter.hpp"

#include "dice.hpp"
#include "fuzz/filter_model.hpp"
#include "support/catch.hpp"

#include <string>

namespace {

using broker::core::check_filter;
using broker::core::filter_error;
using broker::core::filter_matches;
using broker::test::dice;
using filter_model::cut;
using filter_model::filter_error_of;
using filter_model::matches;

std::string random_filter(dice& d) {
    std::string text;
    for (std::uint64_t left = d.from_to(1, 5); left > 0; --left) {
        if (d.one_in(3))
            text += left == 1 && d.one_in(2) ? ">" : "*";
        else
            text += d.text(d.from_to(0, 2), "ab");
        if (left > 1) text += d.one_in(2) ? "." : "/";
    }
    return text;
}

}  // namespace

TEST_CASE("matching_answers_as_the_naive_reference_does") {
    dice d("filter matching");
    unsigned wrong = 0;
    unsigned matched = 0;
    for (int round = 0; round < 200'000; ++round) {
        const std::string filter = random_filter(d);
        const std::string topic = d.text(d.from_to(1, 7), "aab./>");
        if (filter_error_of(filter) != filter_error::none) continue;
        const bool expected = matches(cut(filter), cut(topic));
        matched += expected ? 1U : 0U;
        if (filter_matches(filter, topic) == expected) continue;
        if (++wrong == 1) UNSCOPED_INFO("filter " << filter << " topic " << topic);
    }
    CHECK(wrong == 0);
    CHECK(matched > 1'000);  // or the texts above no longer meet
}

TEST_CASE("a_filter_is_valid_or_wrong_as_the_naive_reference_says") {
    dice d("filter validity");
    unsigned wrong = 0;
    unsigned valid = 0;
    for (int round = 0; round < 200'000; ++round) {
        const std::string text = d.text(d.from_to(0, 6), "ab../*>");
        const filter_error expected = filter_error_of(text);
        valid += expected == filter_error::none ? 1U : 0U;
        if (check_filter(text) == expected) continue;
        if (++wrong == 1) UNSCOPED_INFO("filter " << text);
    }
    CHECK(wrong == 0);
    CHECK(valid > 1'000);
}

TEST_CASE("a_topic_matches_itself_as_a_filter_and_its_spelling_with_the_other_separator") {
    dice d("filter itself");
    unsigned wrong = 0;
    for (int round = 0; round < 50'000; ++round) {
        const std::string topic = d.text(d.from_to(1, 12), "ab./");
        std::string other = topic;
        for (char& c : other) {
            if (c == '.' || c == '/') c = c == '.' ? '/' : '.';
        }
        if (!filter_matches(topic, topic) || !filter_matches(other, topic)) ++wrong;
        if (!filter_matches(">", topic)) ++wrong;
    }
    CHECK(wrong == 0);
}
