// SPDX-License-Identifier: MIT
// Goal: the string of a failure repeats its execution, and any other string is refused.
// Method: strings of every search; strings that are wrong in every way.
// Cannot show: that a string still fits after the program was changed.
#include "checker/programs.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

namespace {

using namespace model;

options replay_of(const std::string& decisions) {
    options how;
    how.how = options::mode::replay;
    how.replay = decisions;
    return how;
}

}  // namespace

TEST_CASE("a_replay_repeats_the_execution_that_failed") {
    for (const auto scenario : {rarely_wrong, lost_count}) {
        const execution::result found = checker().explore({}, scenario);
        REQUIRE(found.why.found == verdict::assertion);
        REQUIRE_FALSE(found.trace.empty());
        const execution::result again = checker().explore(replay_of(found.replay), scenario);
        CHECK(again.why.found == found.why.found);
        CHECK(again.why.text == found.why.text);
        CHECK(again.trace == found.trace);
        CHECK(again.replay == found.replay);
        CHECK(again.executions == 1);
    }
}

TEST_CASE("a_replay_repeats_what_dice_found_too") {
    for (const auto mode : {options::mode::random, options::mode::pct}) {
        options how;
        how.how = mode;
        how.executions = 10'000;
        const execution::result found = checker().explore(how, rarely_wrong);
        REQUIRE(found.why.found == verdict::assertion);
        const execution::result again = checker().explore(replay_of(found.replay), rarely_wrong);
        CHECK(again.trace == found.trace);
        CHECK(again.why.text == found.why.text);
    }
}

TEST_CASE("a_replay_repeats_deaths_time_and_failures_by_themselves") {
    options how;
    how.deaths = 1;
    how.spurious = 1;
    how.reordered_stores = true;
    const auto unlucky = [](execution& here) {
        atomic<int> x{0};
        bool late = false;
        bool refused = false;
        here.run(thread{"mortal", [&] { x.store(1, relaxed); }, true},
            thread{"unlucky", [&] {
                       int seen = 0;
                       refused = !x.compare_exchange_weak(seen, 2, relaxed, relaxed) && seen == 0;
                       late = model::clock::now_ns() != 0;
                       x.store(3, relaxed);
                   }});
        check(!here.died(1) || !late || !refused, "never all three");
    };
    const execution::result found = checker().explore(how, unlucky);
    REQUIRE(found.why.text == "never all three");
    how.how = options::mode::replay;
    how.replay = found.replay;
    const execution::result again = checker().explore(how, unlucky);
    CHECK(again.why.text == found.why.text);
    CHECK(again.trace == found.trace);
}

TEST_CASE("a_replay_repeats_a_choice_among_very_many") {
    const auto old = [](execution& here) {
        atomic<int> x{0};
        atomic<int> done{0};
        here.run(thread{"writer",
                     [&] {
                         for (int i = 1; i <= 200; ++i) x.store(i, relaxed);
                         done.store(1, relaxed);
                     }},
            thread{"reader", [&] {
                       while (done.load(relaxed) == 0) env::pause();
                       check(x.load(relaxed) != 5, "not 5");
                   }});
    };
    const execution::result found = checker().explore({}, old);
    REQUIRE(found.why.text == "not 5");
    const execution::result again = checker().explore(replay_of(found.replay), old);
    CHECK(again.why.text == found.why.text);
    CHECK(again.trace == found.trace);
}

TEST_CASE("a_string_that_is_no_replay_is_refused_in_a_sentence") {
    for (const char* const text : {"", "AB", ".AB", "0.A!", "x.AB", "0.AF", "0.A B",
             "fffffffffffffffffffff.AB", "0.AB.", "-1.AB"}) {
        INFO(text);
        const execution::result found = checker().explore(replay_of(text), lost_count);
        CHECK(found.why.found == verdict::limit);
        CHECK(found.why.text.find("replay: ") == 0);
    }
}

TEST_CASE("a_replay_of_something_else_is_refused_in_a_sentence") {
    const std::string fits = checker().explore({}, lost_count).replay;
    for (const std::string& text :
        {fits.substr(0, fits.size() - 1), std::string("1.A"), std::string("1.AAAAAAAAA"),
            std::string("1.9"), std::string("1.E"), std::string("1.ABABAB00000BA")}) {
        INFO(text);
        const execution::result found = checker().explore(replay_of(text), lost_count);
        CHECK(found.why.found == verdict::limit);
        CHECK(found.why.text.find("does not fit this scenario") != std::string::npos);
    }
    // And leaves nothing behind for the next search.
    CHECK(checker().explore({}, a_message).why.text == "");
}

TEST_CASE("a_replay_repeats_what_a_weakened_order_did") {
    std::vector<met> orders;
    checker().record(&orders);
    REQUIRE(checker().explore({}, a_message).complete);
    checker().record(nullptr);
    int failed = 0;
    for (const met& one : orders) {
        const mutation change{"programs.hpp", one.where.line(), one.where.column(), false, relaxed};
        checker().mutate(&change);
        const execution::result found = checker().explore({}, a_message);
        const execution::result again = checker().explore(replay_of(found.replay), a_message);
        checker().mutate(nullptr);
        CHECK(found.why.found == verdict::race);
        CHECK(again.trace == found.trace);
        CHECK(again.why.text == found.why.text);
        failed += checker().explore(replay_of(found.replay), a_message).why.text != again.why.text;
    }
    CHECK(orders.size() == 2);
    CHECK(failed == 2);
}
