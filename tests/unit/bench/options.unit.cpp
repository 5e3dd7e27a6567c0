// SPDX-License-Identifier: MIT
// Goal: every benchmark argument is understood or refused in one sentence that names it.
// Method: the parser of the programs' own command line and of LFQ_BENCH_CPUS, without a program
// around it. Cannot show: what bench/run.sh makes of its own arguments; arguments.sh does.

#include "harness/options.hpp"
#include "harness/cpus.hpp"
#include "support/catch.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

std::string why_refused(std::initializer_list<const char*> words) {
    const auto asked = bench::options_of({words.begin(), words.size()});
    const auto* no = std::get_if<bench::refusal>(&asked);
    return no == nullptr ? "" : no->why;
}

std::string why_refused_cpus(std::string_view list) {
    const auto two = bench::two_cpus_of(list, {0, 1, 2, 5});
    const auto* no = std::get_if<bench::refusal>(&two);
    return no == nullptr ? "" : no->why;
}

bool names(const std::string& sentence, const char* word) {
    return sentence.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("every_option_is_read") {
    const std::initializer_list<const char*> words{
        "--full", "--only", "8B/65536", "--csv", "rates.csv", "--rounds", "21", "--list"};
    const auto asked = bench::options_of({words.begin(), words.size()});
    REQUIRE(std::holds_alternative<bench::options>(asked));
    const auto& what = std::get<bench::options>(asked);
    CHECK(what.full);
    CHECK(what.list);
    CHECK_FALSE(what.smoke);
    CHECK(what.csv_file == "rates.csv");
    CHECK(what.rounds == 21);
    CHECK(what.selects("ring/spsc_1p1c_throughput/8B/65536/boost/spin"));
    CHECK_FALSE(what.selects("ring/spsc_1p1c_throughput/8B/64/boost/spin"));
}

TEST_CASE("no_option_selects_every_row") {
    const auto asked = bench::options_of({});
    REQUIRE(std::holds_alternative<bench::options>(asked));
    CHECK(std::get<bench::options>(asked).selects("anything"));
}

TEST_CASE("an_unknown_word_is_refused_by_its_name") {
    CHECK(names(why_refused({"--ful"}), "--ful"));
    CHECK(names(why_refused({"--full", "throughput"}), "throughput"));
    CHECK(names(why_refused({""}), "''"));
}

TEST_CASE("an_option_without_its_value_is_refused") {
    for (const char* option : {"--only", "--csv", "--rounds"}) {
        CHECK(names(why_refused({option}), option));
        CHECK(names(why_refused({option, ""}), "needs a value"));
    }
}

TEST_CASE("an_expression_that_is_none_is_refused") {
    CHECK(names(why_refused({"--only", "8B/("}), "8B/("));
}

TEST_CASE("a_number_of_rounds_that_is_none_is_refused") {
    for (const char* rounds : {"0", "-3", "nine", "9x", "1000", "99999999999999999999"})
        CHECK(names(why_refused({"--rounds", rounds}), rounds));
}

TEST_CASE("two_cpus_that_are_there_are_taken_in_their_order") {
    const auto two = bench::two_cpus_of("5,1", {0, 1, 2, 5});
    REQUIRE(std::holds_alternative<std::vector<int>>(two));
    CHECK(std::get<std::vector<int>>(two) == std::vector<int>{5, 1});
}

TEST_CASE("cpus_that_are_no_pair_are_refused") {
    for (const char* list : {"", "1", "1,", ",1", "1,1", "0,1,2", "a,b", "1;2", "0,1 "})
        CHECK(names(why_refused_cpus(list), "two cpus"));
}

TEST_CASE("cpus_that_are_not_there_are_refused") {
    CHECK(names(why_refused_cpus("0,3"), "not there"));
    CHECK(names(why_refused_cpus("0,-1"), "not there"));
}
