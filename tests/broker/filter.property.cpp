// SPDX-License-Identifier: MIT
// Goal: check_filter and filter_matches answer as a naive reference does, on any pair.
// Method: the reference cuts both texts into lists of tokens and compares recursively; texts come
//         from a small alphabet, so that near misses are common. LFQ_SEED repeats a run.
// Cannot show: speed.
#include "broker/core/filter.hpp"

#include "dice.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

namespace {

using broker::core::check_filter;
using broker::core::filter_error;
using broker::core::filter_matches;
using broker::test::dice;
using tokens = std::vector<std::string>;

tokens cut(const std::string& text) {
    tokens list(1);
    for (const char c : text) {
        if (c == '.' || c == '/')
            list.emplace_back();
        else
            list.back() += c;
    }
    return list;
}

bool matches_from(const tokens& filter, std::size_t f, const tokens& topic, std::size_t t) {
    if (f == filter.size()) return t == topic.size();
    if (t == topic.size()) return false;
    if (filter[f] == ">") return true;
    if (filter[f] != "*" && filter[f] != topic[t]) return false;
    return matches_from(filter, f + 1, topic, t + 1);
}

bool is_valid(const std::string& text) {
    if (text.empty() || text.size() > 255) return false;
    const tokens list = cut(text);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const bool wild = list[i].find_first_of("*>") != std::string::npos;
        if (wild && list[i].size() != 1) return false;
        if (list[i] == ">" && i + 1 != list.size()) return false;
    }
    return true;
}

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
        if (!is_valid(filter)) continue;
        const bool expected = matches_from(cut(filter), 0, cut(topic), 0);
        matched += expected ? 1U : 0U;
        if (filter_matches(filter, topic) == expected) continue;
        if (++wrong == 1) UNSCOPED_INFO("filter " << filter << " topic " << topic);
    }
    CHECK(wrong == 0);
    CHECK(matched > 1'000);  // or the texts above no longer meet
}

TEST_CASE("a_filter_is_valid_when_the_naive_reference_says_so") {
    dice d("filter validity");
    unsigned wrong = 0;
    unsigned valid = 0;
    for (int round = 0; round < 200'000; ++round) {
        const std::string text = d.text(d.from_to(0, 6), "ab../*>");
        const bool expected = is_valid(text);
        valid += expected ? 1U : 0U;
        if ((check_filter(text) == filter_error::none) == expected) continue;
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
