// SPDX-License-Identifier: MIT
// Goal: a thread learns which cpus it may use, and pins itself to one of them, or to several.
// Method: on threads of their own, so that the test's own thread keeps its freedom.
// Cannot show: cpus that this machine does not have.
#include <lfq/sys/affinity.hpp>
#include <lfq/sys/clock.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <sched.h>

TEST_CASE("the_cpus_of_a_thread_ascend_and_there_is_one_at_least") {
    const std::vector<unsigned> cpus = lfq::sys::cpus_allowed();
    REQUIRE_FALSE(cpus.empty());
    CHECK(std::ranges::is_sorted(cpus));
    CHECK(std::ranges::adjacent_find(cpus) == cpus.end());
    CHECK(cpus.back() < lfq::sys::cpus_max);
}

TEST_CASE("a_pinned_thread_runs_on_its_cpu_alone") {
    const std::vector<unsigned> before = lfq::sys::cpus_allowed();
    for (const unsigned cpu : before) {
        std::vector<unsigned> allowed;
        int ran_on = -1;
        std::thread pinned([&] {
            lfq::sys::pin_this_thread(cpu);
            allowed = lfq::sys::cpus_allowed();
            ran_on = ::sched_getcpu();
        });
        pinned.join();
        CHECK(allowed == std::vector<unsigned>{cpu});
        CHECK(ran_on == static_cast<int>(cpu));
    }
    CHECK(lfq::sys::cpus_allowed() == before);
}

TEST_CASE("a_cpu_that_does_not_exist_is_a_system_error") {
    const std::vector<unsigned> before = lfq::sys::cpus_allowed();
    CHECK_THROWS_AS(lfq::sys::pin_this_thread(lfq::sys::cpus_max), std::system_error);
    CHECK_THROWS_AS(lfq::sys::pin_this_thread(lfq::sys::cpus_max - 1), std::system_error);
    CHECK_THROWS_AS(lfq::sys::pin_this_thread(~0u), std::system_error);
    CHECK(lfq::sys::cpus_allowed() == before);
}

TEST_CASE("a_thread_that_is_pinned_to_several_cpus_may_use_them_all") {
    const std::vector<unsigned> before = lfq::sys::cpus_allowed();
    std::vector<unsigned> allowed;
    std::thread pinned([&] {
        lfq::sys::pin_this_thread(before.front());
        lfq::sys::pin_this_thread(before);
        allowed = lfq::sys::cpus_allowed();
    });
    pinned.join();
    CHECK(allowed == before);
}

TEST_CASE("a_set_with_one_cpu_too_many_is_refused_as_a_whole") {
    std::vector<unsigned> too_many = lfq::sys::cpus_allowed();
    std::vector<unsigned> after;
    std::string said;
    std::thread refused([&] {
        lfq::sys::pin_this_thread(too_many.front());
        const std::vector<unsigned> own = lfq::sys::cpus_allowed();
        too_many.push_back(lfq::sys::cpus_max - 1);
        try {
            lfq::sys::pin_this_thread(too_many);
        } catch (const std::system_error& error) {
            said = error.what();
        }
        after = lfq::sys::cpus_allowed();
        if (after == own) after.clear();
    });
    refused.join();
    CHECK(after.empty());  // it stayed where it was
    CHECK(said.find("one is not there, or not allowed") != std::string::npos);
}

TEST_CASE("who_is_refused_hears_which_cpus_there_are") {
    const std::vector<unsigned> own = lfq::sys::cpus_allowed();
    std::string said;
    try {
        lfq::sys::pin_this_thread(lfq::sys::cpus_max - 1);
    } catch (const std::system_error& error) {
        said = error.what();
    }
    CHECK(said ==
        "sched_setaffinity: cpu 4095 is not there, or not allowed; this thread may use " +
            lfq::sys::number_list(own) + ": Invalid argument");
    CHECK_THROWS_AS(lfq::sys::pin_this_thread(std::vector<unsigned>{}), std::system_error);
    CHECK(lfq::sys::cpus_allowed() == own);
}

TEST_CASE("the_clock_does_not_go_back") {
    std::int64_t last_ns = lfq::sys::clock::now_ns();
    for (int i = 0; i < 1000; ++i) {
        const std::int64_t now_ns = lfq::sys::clock::now_ns();
        if (now_ns < last_ns) FAIL("back by " << last_ns - now_ns);
        last_ns = now_ns;
        lfq::sys::clock::yield();
    }
    SUCCEED("a thousand looks");
}
