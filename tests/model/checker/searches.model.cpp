// SPDX-License-Identifier: MIT
// Goal: a search says what it has shown and no more, and finds what it should.
// Method: small programs, bounds, seeds, and orders that are weakened.
// Cannot show: how fast it is.
#include "checker/programs.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

namespace {

using namespace model;

constexpr auto seq_cst = std::memory_order_seq_cst;

}  // namespace

TEST_CASE("a_search_that_was_stopped_is_not_complete") {
    options how;
    how.executions = 3;
    execution::result found = checker().explore(how, lost_count);
    how.executions = 1;
    found = checker().explore(how, a_message);
    CHECK(found.stopped);
    CHECK_FALSE(found.complete);
    how = {};
    how.seconds = 0;
    found = checker().explore(how, [](execution& here) {
        atomic<int> x{0};
        const auto adds = [&] {
            for (int i = 0; i < 4; ++i) (void)x.fetch_add(1, relaxed);
        };
        here.run(thread{"one", adds}, thread{"two", adds}, thread{"three", adds});
    });
    CHECK(found.stopped);
    CHECK_FALSE(found.complete);
    CHECK(found.why.found == verdict::passed);
    how = {};
    how.how = options::mode::random;
    how.executions = 10;
    found = checker().explore(how, a_message);
    CHECK(found.executions == 10);
    CHECK_FALSE(found.complete);
}

TEST_CASE("two_executions_do_not_know_of_each_other") {
    execution one;
    {
        execution other;
        CHECK(other.explore({}, a_message).complete);
        CHECK(one.explore({}, a_message).complete);
        CHECK(other.explore({}, lost_count).why.text == "both counted");
    }
    CHECK(one.explore({}, a_message).complete);
}

TEST_CASE("a_bound_on_preemptions_finds_what_needs_no_more") {
    options how;
    how.preemptions = 0;
    const execution::result none = checker().explore(how, lost_count);
    CHECK(none.complete);
    how.preemptions = 1;
    const execution::result one = checker().explore(how, lost_count);
    CHECK(one.why.text == "both counted");
}

TEST_CASE("dice_fall_the_same_way_for_the_same_seed") {
    for (const auto mode : {options::mode::random, options::mode::pct}) {
        options how;
        how.how = mode;
        how.executions = 10'000;
        how.seed = 7;
        const execution::result one = checker().explore(how, rarely_wrong);
        const execution::result again = checker().explore(how, rarely_wrong);
        REQUIRE(one.why.found == verdict::assertion);
        CHECK(again.replay == one.replay);
        CHECK(again.executions == one.executions);
        bool differs = false;
        for (how.seed = 8; how.seed < 16; ++how.seed) {
            const execution::result other = checker().explore(how, rarely_wrong);
            differs = differs || other.executions != one.executions;
        }
        CHECK(differs);
    }
}

TEST_CASE("one_call_is_weakened_and_no_other_on_its_line") {
    // The one statement holds two stores; only the second hands the field over.
    const auto two_on_a_line = [](execution& here) {
        atomic<int> first{0};
        atomic<int> ready{0};
        plain<int> field{0};
        here.run(thread{"writer",
                     [&] {
                         field = 1;
                         // clang-format off
                         first.store(1, release); ready.store(1, release);
                         // clang-format on
                     }},
            thread{"reader", [&] {
                       if (ready.load(acquire) == 1) (void)field.get();
                       (void)first.load(relaxed);
                   }});
    };
    std::vector<met> all;
    checker().record(&all);
    CHECK(checker().explore({}, two_on_a_line).complete);
    checker().record(nullptr);
    std::vector<verdict> found;
    for (const met& one : all) {
        if (one.order != release) continue;
        const mutation weaker{
            "searches.model.cpp", one.where.line(), one.where.column(), one.of_failure, relaxed};
        checker().mutate(&weaker);
        found.push_back(checker().explore({}, two_on_a_line).why.found);
        CHECK(checker().mutation_was_met());
        checker().mutate(nullptr);
    }
    CHECK(found == std::vector<verdict>{verdict::passed, verdict::race});
    const mutation elsewhere{
        "another_file.cpp", all[0].where.line(), all[0].where.column(), false, relaxed};
    checker().mutate(&elsewhere);
    CHECK(checker().explore({}, two_on_a_line).complete);
    CHECK_FALSE(checker().mutation_was_met());
    checker().mutate(nullptr);
}

TEST_CASE("the_second_order_of_a_compare_exchange_is_weakened_by_itself") {
    const auto failing = [](execution& here) {
        atomic<int> ready{0};
        plain<int> field{0};
        here.run(thread{"writer",
                     [&] {
                         field = 1;
                         ready.store(1, release);
                     }},
            thread{"reader", [&] {
                       int seen = 7;
                       (void)ready.compare_exchange_strong(seen, 8, seq_cst, acquire);
                       if (seen == 1) (void)field.get();
                   }});
    };
    std::vector<met> all;
    checker().record(&all);
    CHECK(checker().explore({}, failing).complete);
    checker().record(nullptr);
    for (const met& one : all) {
        if (std::string(one.operation) != "compare_exchange") continue;
        const mutation weaker{
            "searches.model.cpp", one.where.line(), one.where.column(), one.of_failure, relaxed};
        checker().mutate(&weaker);
        CHECK(checker().explore({}, failing).why.found ==
            (one.of_failure ? verdict::race : verdict::passed));
        checker().mutate(nullptr);
    }
}
