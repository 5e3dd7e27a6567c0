// SPDX-License-Identifier: MIT
// Goal: a thread that fails before it does anything that another one could see ends the execution
//       with its own verdict.
// Method: two threads, each wrong or right in its first step.
// Cannot show: failures later on; verdicts.model.cpp has those.
#include "checker/execution.hpp"

#include "support/catch.hpp"

using namespace model;

TEST_CASE("a_thread_that_fails_at_once_ends_the_execution") {
    execution here;
    const execution::result found = here.explore({}, [](execution& one) {
        one.run(thread{"wrong", [] { check(false, "at once"); }}, thread{"other", [] {}});
    });
    CHECK(found.why.found == verdict::assertion);
    CHECK(found.why.text == "at once");
    CHECK(found.executions == 1);
}

TEST_CASE("the_other_threads_are_not_begun_after_a_failure") {
    execution here;
    static bool begun = false;
    const execution::result found = here.explore({}, [](execution& one) {
        one.run(thread{"wrong", [] { check(false, "at once"); }},
            thread{"other", [] { begun = true; }});
    });
    CHECK(found.why.text == "at once");
    CHECK(!begun);
}
