// SPDX-License-Identifier: MIT
// Goal: the ratios that a question names itself stand in the CSV, paired and with their interval.
// Method: rows with made-up rounds. Cannot show: what is printed for a reader.

#include "harness/report.hpp"
#include "support/catch.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace {

constexpr std::array<bench::comparison, 2> compared{{
    {"stalled against nobody", "lossy", "stalled", "lossy", "nobody"},
    {"lossy against gated", "lossy", "spin", "gated", "spin"},
}};

bench::contestant row(const char* name, const char* rule, std::vector<double> rounds) {
    bench::contestant who{.name = name, .rule = rule};
    who.rounds = std::move(rounds);
    return who;
}

std::string csv_of(const std::vector<bench::contestant>& all) {
    std::string name = (std::filesystem::temp_directory_path() / "lfq-bench-XXXXXX").string();
    const int made = ::mkstemp(name.data());
    if (made == -1) std::abort();
    ::close(made);
    {
        bench::csv_writer csv(name);
        bench::print_compared("q", all, {.name = "M/s", .compared = compared}, csv);
    }
    std::ostringstream text;
    text << std::ifstream(name).rdbuf();
    std::filesystem::remove(name);
    return text.str();
}

}  // namespace

TEST_CASE("a_question_compares_two_rows_by_the_ratios_inside_its_rounds") {
    const std::string csv =
        csv_of({row("gated", "spin", {1, 2, 2}), row("lossy", "spin", {2, 4, 6}),
            row("lossy", "nobody", {4, 4, 8}), row("lossy", "stalled", {4, 2, 4})});
    CHECK(csv ==
        "question,subject,metric,median,low,high,unit\n"
        "q,lossy / lossy,stalled against nobody,0.5,0.5,1,x\n"
        "q,lossy / gated,\"lossy against gated, spin\",2,2,3,x\n");
}

TEST_CASE("a_row_that_is_missing_or_broke_its_contract_is_compared_with_nothing") {
    bench::contestant broken = row("lossy", "stalled", {1, 1, 1});
    broken.broken_rounds = 1;
    CHECK(csv_of({broken, row("lossy", "nobody", {1, 1, 1}), row("gated", "spin", {1, 1, 1})}) ==
        "question,subject,metric,median,low,high,unit\n");
}
