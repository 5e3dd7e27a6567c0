// SPDX-License-Identifier: MIT
// Goal: the rules of the processors are read exactly, or refused: file, line, key, what, expected.
// Method: texts with one mistake each, and the whole sentence that answers it.
// Cannot show: what processors do with their settings (their own tests).
#include "broker/config.hpp"

#include "refusal.hpp"
#include "support/catch.hpp"

#include <string>

namespace {

using broker::config;
using broker::parse_config;
using broker::core::processor_kind;
using broker::test::refusal_of;

/// Of one rule, which begins in line 2.
std::string rule_refusal(const std::string& rule) {
    return refusal_of("processors:\n  - {" + rule + "}\n");
}

}  // namespace

TEST_CASE("a_rule_lands_in_its_fields_whatever_the_order_of_its_keys") {
    const config c = parse_config(
        "processors:\n"
        "  - {topics: orders.>, use: transactional, keys: 1024, window_ms: 2000}\n"
        "  - {window_ms: 10, events: 7, topics: 'metrics/*', use: batch}\n"
        "  - {topics: '>', use: realtime}\n"
        "  - topics: more\n"
        "    use: batch\n"
        "event_pool: {capacity: 256}\n"
        "processor_threads: {transactional: 0, batch: 1}\n",
        "c.yaml");
    const auto& rules = c.processing.rules;
    REQUIRE(rules.size() == 4);
    CHECK(rules[0].topics == "orders.>");
    CHECK(rules[0].use == processor_kind::transactional);
    CHECK(rules[0].transactional.keys == 1'024);
    CHECK(rules[0].transactional.window_ns == 2'000'000'000);
    CHECK(rules[1].topics == "metrics/*");
    CHECK(rules[1].use == processor_kind::batch);
    CHECK(rules[1].batch.events == 7);
    CHECK(rules[1].batch.window_ns == 10'000'000);
    CHECK(rules[2].use == processor_kind::realtime);
    CHECK(rules[3].batch.events == 256);
    CHECK(rules[3].batch.window_ns == 100'000'000);
    CHECK(c.processing.held_max == 256);
    CHECK(c.processing.transactional_threads == 0);
    CHECK(c.processing.batch_threads == 1);
}

TEST_CASE("a_list_of_no_rules_is_a_list") { CHECK(refusal_of("processors: []").empty()); }

TEST_CASE("a_processor_that_does_not_exist_is_refused_with_those_that_do") {
    CHECK(rule_refusal("topics: a, use: fast") ==
        "c.yaml:2: processors.0.use: fast is not possible, expected realtime, transactional or "
        "batch");
    CHECK(rule_refusal("topics: a, use: Batch").find("c.yaml:2: processors.0.use: Batch is") == 0);
    CHECK(rule_refusal("topics: a, use: \"\"") ==
        "c.yaml:2: processors.0.use: \"\" is not possible, expected realtime, transactional or "
        "batch");
    CHECK(rule_refusal("topics: a, use: [batch]") ==
        "c.yaml:2: processors.0.use: is a list, expected realtime, transactional or batch");
    CHECK(rule_refusal("topics: a, use: ~") ==
        "c.yaml:2: processors.0.use: is empty, expected realtime, transactional or batch");
}

TEST_CASE("a_rule_without_topics_or_processor_is_refused") {
    CHECK(rule_refusal("use: batch") ==
        "c.yaml:2: processors.0: has no topics, expected topics and use");
    CHECK(
        rule_refusal("topics: a") == "c.yaml:2: processors.0: has no use, expected topics and use");
    CHECK(rule_refusal("") == "c.yaml:2: processors.0: has no topics, expected topics and use");
}

TEST_CASE("topics_that_are_no_filter_are_refused") {
    for (const char* text : {"'a*'", "'a.>.b'", "''", "\"a\\tb\""}) {
        const std::string refusal = rule_refusal(std::string("use: batch, topics: ") + text);
        CHECK(refusal.find("c.yaml:2: processors.0.topics: ") == 0);
        CHECK(refusal.find(" is not possible, expected a filter such as orders.>") !=
            std::string::npos);
    }
    CHECK(rule_refusal("use: batch, topics: " + std::string(256, 'a')).find("...") !=
        std::string::npos);
}

TEST_CASE("a_setting_of_another_processor_is_refused") {
    CHECK(rule_refusal("topics: a, use: transactional, events: 3") ==
        "c.yaml:2: processors.0.events: is no setting of transactional, expected one of topics, "
        "use, keys, window_ms");
    CHECK(rule_refusal("topics: a, use: batch, keys: 30") ==
        "c.yaml:2: processors.0.keys: is no setting of batch, expected one of topics, use, events, "
        "window_ms");
    CHECK(rule_refusal("topics: a, use: realtime, window_ms: 30") ==
        "c.yaml:2: processors.0.window_ms: is no setting of realtime, expected one of topics, use");
}

TEST_CASE("a_setting_out_of_range_or_of_the_wrong_type_is_refused") {
    const auto batch = [](const std::string& setting) {
        return rule_refusal("topics: a, use: batch, " + setting);
    };
    const auto transactional = [](const std::string& setting) {
        return rule_refusal("topics: a, use: transactional, " + setting);
    };
    CHECK(batch("events: 0") ==
        "c.yaml:2: processors.0.events: 0 is out of range, expected a whole number 1 to 65536");
    CHECK(batch("window_ms: 60001") ==
        "c.yaml:2: processors.0.window_ms: 60001 is out of range, expected a whole number 1 to "
        "60000");
    CHECK(batch("window_ms: 1.5") ==
        "c.yaml:2: processors.0.window_ms: 1.5 is no whole number, expected a whole number 1 to "
        "60000");
    CHECK(batch("events: \"3\"").find("\"3\" is no whole number") != std::string::npos);
    CHECK(batch("events: {a: 1}") ==
        "c.yaml:2: processors.0.events: is a map, expected a whole number");
    CHECK(transactional("keys: 15") ==
        "c.yaml:2: processors.0.keys: 15 is out of range, expected a whole number 16 to 16777216");
    CHECK(transactional("window_ms: 3600001") ==
        "c.yaml:2: processors.0.window_ms: 3600001 is out of range, expected a whole number 1 to "
        "3600000");
}

TEST_CASE("an_unknown_or_repeated_key_of_a_rule_is_refused_at_its_line") {
    CHECK(refusal_of("processors:\n  - topics: a\n    use: batch\n    evnts: 3\n") ==
        "c.yaml:4: processors.0.evnts: unknown key, expected one of topics, use, keys, window_ms, "
        "events");
    CHECK(refusal_of("processors:\n  - {topics: a, use: batch}\n  - topics: b\n    topics: c\n") ==
        "c.yaml:4: processors.1.topics: is here a second time, expected once");
    CHECK(rule_refusal("[a]: 1").find("c.yaml:2: processors.0: a list as a key, expected one of") ==
        0);
}

TEST_CASE("rules_that_are_no_list_of_maps_are_refused") {
    const std::string list = ", expected a list of rules in the file, each with topics and use";
    CHECK(refusal_of("processors: 5\n") == "c.yaml:1: processors: is a single value" + list);
    CHECK(refusal_of("processors:\n") == "c.yaml:1: processors: is empty" + list);
    CHECK(refusal_of("processors: {use: batch}\n") == "c.yaml:1: processors: is a map" + list);
    CHECK(refusal_of("processors:\n  - batch\n") ==
        "c.yaml:2: processors.0: is a single value, expected a map of topics, use, keys, "
        "window_ms, events");
    std::string many = "processors:\n";
    for (int i = 0; i < 65; ++i) many += "  - {topics: a, use: realtime}\n";
    CHECK(refusal_of(many) == "c.yaml:1: processors: 65 rules are too many, expected at most 64");
}

TEST_CASE("a_number_of_processor_threads_is_none_or_one") {
    for (const std::string kind : {"transactional", "batch"}) {
        CHECK(refusal_of("processor_threads: {" + kind + ": 2}") ==
            "c.yaml:1: processor_threads." + kind +
                ": 2 is out of range, expected a whole number 0 to 1");
    }
}

TEST_CASE("a_window_that_the_pool_cannot_hold_is_refused") {
    CHECK(refusal_of("event_pool: {capacity: 63}").find("a whole number 64 to 16777216") !=
        std::string::npos);
    CHECK(refusal_of("processors: [{topics: a, use: batch, events: 65}]\n"
                     "event_pool: {capacity: 64}\n") ==
        "c.yaml:2: event_pool.capacity: a window of 65 events does not fit into 64, expected "
        "event_pool.capacity of as many at least");
}
