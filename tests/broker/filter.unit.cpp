// SPDX-License-Identifier: MIT
// Goal: which topics and filters are valid, and the rules of matching one by one.
// Method: tables of pairs; every rule stands with what it takes and what it leaves.
// Cannot show: pairs nobody thought of (filter.property.cpp).
#include "broker/core/filter.hpp"

#include "support/catch.hpp"

#include <stdexcept>
#include <string>

namespace {

using broker::core::check_filter;
using broker::core::check_topic;
using broker::core::filter;
using broker::core::filter_error;
using broker::core::filter_matches;
using broker::core::topic_error;

}  // namespace

TEST_CASE("a_topic_is_1_to_255_bytes") {
    CHECK(check_topic("") == topic_error::empty);
    CHECK(check_topic("a") == topic_error::none);
    CHECK(check_topic(std::string(255, 'a')) == topic_error::none);
    CHECK(check_topic(std::string(256, 'a')) == topic_error::too_long);
    CHECK(check_topic("abc", 2) == topic_error::too_long);
}

TEST_CASE("a_topic_has_no_control_bytes_at_any_place") {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const bool control = byte < 0x20 || byte == 0x7f;
        for (std::size_t at = 0; at < 20; ++at) {
            std::string topic(20, 'a');
            topic[at] = static_cast<char>(byte);
            const topic_error expected = control ? topic_error::control_byte : topic_error::none;
            if (check_topic(topic) != expected) FAIL("byte " << byte << " at " << at);
        }
    }
    SUCCEED();
}

TEST_CASE("a_topic_may_have_empty_tokens_and_wildcards_as_the_seeds_may_send_them") {
    for (const char* topic :
        {"a..b", "/a", "a/", ".", "//", "a*", ">", "a.>.b", "gr\xc3\xbc\xc3\x9f"})
        CHECK(check_topic(topic) == topic_error::none);
}

TEST_CASE("each_bad_filter_has_its_own_answer") {
    CHECK(check_filter("") == filter_error::empty);
    CHECK(check_filter(std::string(255, 'a')) == filter_error::none);
    CHECK(check_filter(std::string(256, 'a')) == filter_error::too_long);
    CHECK(check_filter("a\n") == filter_error::control_byte);
    CHECK(check_filter("a\x7f") == filter_error::control_byte);
    for (const char* text : {"a*", "*a", "**", "a.b>", ">>", "*>", ">*", "a./*b"})
        CHECK(check_filter(text) == filter_error::wildcard_inside_token);
    for (const char* text : {">.", ">.a", "a/>/b", "a.>."})
        CHECK(check_filter(text) == filter_error::rest_not_last);
    for (const char* text :
        {"a", "*", ">", "a.*", "*.b", "a.*.c", "a.>", "*.>", "a/*", "a..b", "."})
        CHECK(check_filter(text) == filter_error::none);
}

TEST_CASE("without_a_wildcard_it_is_the_topic_itself_and_the_separators_are_alike") {
    CHECK(filter_matches("a.b", "a.b"));
    CHECK(filter_matches("a.b", "a/b"));
    CHECK(filter_matches("a/b.c", "a.b/c"));
    CHECK_FALSE(filter_matches("a.b", "a"));
    CHECK_FALSE(filter_matches("a.b", "a.b.c"));
    CHECK_FALSE(filter_matches("a.b", "a.bc"));
    CHECK_FALSE(filter_matches("a.b", "A.b"));
    CHECK_FALSE(filter_matches("a.bc", "a.b"));
}

TEST_CASE("a_star_is_exactly_one_token") {
    CHECK(filter_matches("a.*", "a.b"));
    CHECK(filter_matches("sensor/*", "sensor/temp"));
    CHECK(filter_matches("*", "anything"));
    CHECK(filter_matches("*.*", "a/b"));
    CHECK(filter_matches("a.*.c", "a.x.c"));
    CHECK_FALSE(filter_matches("a.*", "a"));
    CHECK_FALSE(filter_matches("a.*", "a.b.c"));
    CHECK_FALSE(filter_matches("*", "a.b"));
    CHECK_FALSE(filter_matches("a.*.c", "a.c"));
}

TEST_CASE("a_rest_is_one_token_or_more") {
    CHECK(filter_matches("a.>", "a.b"));
    CHECK(filter_matches("a.>", "a/b/c.d"));
    CHECK(filter_matches(">", "a"));
    CHECK(filter_matches(">", "a.b"));
    CHECK(filter_matches("*.>", "a.b"));
    CHECK_FALSE(filter_matches("a.>", "a"));
    CHECK_FALSE(filter_matches("a.>", "ab"));
    CHECK_FALSE(filter_matches("a.>", "b.c"));
    CHECK_FALSE(filter_matches("*.>", "a"));
}

TEST_CASE("an_empty_token_is_a_token_like_any_other") {
    CHECK(filter_matches("a..b", "a..b"));
    CHECK(filter_matches("a..b", "a//b"));
    CHECK(filter_matches("a.*.b", "a..b"));
    CHECK(filter_matches("/a", "/a"));
    CHECK(filter_matches("*.a", "/a"));
    CHECK(filter_matches("a.>", "a."));
    CHECK(filter_matches("a.*", "a/"));
    CHECK_FALSE(filter_matches("a.b", "a..b"));
    CHECK_FALSE(filter_matches("a", "a."));
    CHECK_FALSE(filter_matches("a", "/a"));
}

TEST_CASE("a_wildcard_in_a_topic_is_a_letter") {
    CHECK(filter_matches("*", ">"));
    CHECK(filter_matches("a.*", "a.>"));
    CHECK_FALSE(filter_matches("a.b", "a.*"));
    CHECK_FALSE(filter_matches("a.b", ">"));
}

TEST_CASE("a_filter_keeps_its_own_copy_of_the_text_and_refuses_what_is_none") {
    std::string text = "a/b";
    const filter kept(text);
    text = "xxx";
    CHECK(kept.text() == "a/b");
    CHECK(kept.matches("a.b"));
    CHECK_THROWS_AS(filter("a.>.b"), std::invalid_argument);
}
