// SPDX-License-Identifier: MIT
// tests/model/litmus/tables.hpp — rows of "may this come out?", and the test of a row.
#pragma once

#include "litmus.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace litmus {

/// `missed`: C++20 allows it, the checker does not find it; one of its known limits.
enum class answer { allowed, forbidden, missed };
inline constexpr auto allowed = answer::allowed;
inline constexpr auto forbidden = answer::forbidden;
inline constexpr auto missed = answer::missed;

struct row {
    const char* name;
    std::vector<body> threads;
    const char* question;  // "r0=1 r1=0"
    answer expected;
};

/// Every row by every search: the whole tree gives the answer, the tree without reduction the same
/// outcomes, and dice none but these.
inline void hold(const std::vector<row>& rows, const model::options& how = {}) {
    for (const row& one : rows) {
        INFO(one.name << ": " << one.question);
        const auto program = [&](model::execution& here, const auto& note) {
            cells at;
            run(here, at, one.threads);
            note(at.outcome());
        };
        const found all = search(how, program);
        INFO("outcomes:\n" << lines(all.outcomes));
        CHECK(all.how.complete);
        CHECK(all.how.why.text == "");
        const bool seen = std::any_of(all.outcomes.begin(), all.outcomes.end(),
            [&](const std::string& outcome) { return holds(outcome, one.question); });
        CHECK(seen == (one.expected == allowed));

        const found whole = search(unreduced(how), program);
        CHECK(whole.how.complete);
        CHECK(lines(whole.outcomes) == lines(all.outcomes));

        const found thrown = search(at_random(how, 2'000), program);
        CHECK(thrown.how.why.text == "");
        CHECK(std::includes(all.outcomes.begin(), all.outcomes.end(), thrown.outcomes.begin(),
            thrown.outcomes.end()));
    }
}

}  // namespace litmus
