// SPDX-License-Identifier: MIT
// Goal: a plan says for each thread which cpu it gets, near to those it talks with; and what cannot
//         be planned is refused in a sentence.
// Method: whole texts of plans for machines of several kinds, none of which is this one.
// Cannot show: that a plan is a quick one; that a thread runs where it was pinned.
#include <lfq/sys/placement.hpp>

#include "support/catch.hpp"
#include "support/machines.hpp"
#include "support/mapping_calls.hpp"

#include <string>
#include <thread>
#include <vector>

using lfq::sys::place;
using lfq::sys::placement;
using lfq::sys::thread_group;
using lfq::sys::topology;
using support::attempted;
using support::regular;
using groups = std::vector<thread_group>;

namespace {

/// Two packages of 64 cores, of which four share an L3 cache, with two cpus each.
const topology two_epyc_7742(
    regular{.packages = 2, .l3s_each = 16, .cores_each = 4, .cpus_each = 2}.facts());
const topology laptop(support::hybrid_laptop());
const topology one_core(regular{.l3s_each = 0}.facts());

std::vector<unsigned> cpus_of(const placement& plan) {
    std::vector<unsigned> cpus;
    for (const auto& thread : plan.threads()) cpus.push_back(thread.where->os);
    return cpus;
}

}  // namespace

TEST_CASE("on_a_large_machine_groups_spread_over_nodes_and_stay_behind_one_cache") {
    const groups shards{{.threads = {"net-0", "core-0", "worker-0"}},
        {.threads = {"net-1", "core-1", "worker-1"}}, {.threads = {"net-2", "core-2", "worker-2"}}};
    CHECK(place(two_epyc_7742, shards).text() ==
        "9 threads, each on a core of its own; "
        "2 nodes, 2 packages, 128 cores, 256 cpus; told by a test\n"
        "net-0 -> cpu 0 (core 0, L3 0, node 0)\n"
        "core-0 -> cpu 1 (core 1, L3 0, node 0)\n"
        "worker-0 -> cpu 2 (core 2, L3 0, node 0)\n"
        "net-1 -> cpu 64 (core 64, L3 16, node 1)\n"
        "core-1 -> cpu 65 (core 65, L3 16, node 1)\n"
        "worker-1 -> cpu 66 (core 66, L3 16, node 1)\n"
        "net-2 -> cpu 4 (core 4, L3 1, node 0)\n"
        "core-2 -> cpu 5 (core 5, L3 1, node 0)\n"
        "worker-2 -> cpu 6 (core 6, L3 1, node 0)");
}

TEST_CASE("a_group_that_is_larger_than_a_cache_fills_one_after_the_other") {
    CHECK(place(two_epyc_7742, 6).text() ==
        "6 threads, each on a core of its own; "
        "2 nodes, 2 packages, 128 cores, 256 cpus; told by a test\n"
        "thread 0 -> cpu 0 (core 0, L3 0, node 0)\n"
        "thread 1 -> cpu 1 (core 1, L3 0, node 0)\n"
        "thread 2 -> cpu 2 (core 2, L3 0, node 0)\n"
        "thread 3 -> cpu 3 (core 3, L3 0, node 0)\n"
        "thread 4 -> cpu 4 (core 4, L3 1, node 0)\n"
        "thread 5 -> cpu 5 (core 5, L3 1, node 0)");
}

TEST_CASE("a_small_group_takes_what_a_large_one_left_behind_its_cache") {
    const groups mixed{
        {.threads = {"a", "b", "c", "d", "e", "f"}, .node = 1}, {.threads = {"x", "y"}, .node = 1}};
    CHECK(cpus_of(place(two_epyc_7742, mixed)) ==
        std::vector<unsigned>{64, 65, 66, 67, 68, 69, 70, 71});
}

TEST_CASE("who_names_a_node_gets_it_before_others_have_taken_it") {
    const topology two_nodes(regular{.packages = 2, .l3s_each = 1, .cores_each = 2}.facts());
    const groups both{{.threads = {"free-0", "free-1"}}, {.threads = {"a", "b"}, .node = 0}};
    CHECK(place(two_nodes, both).text() ==
        "4 threads, each on a core of its own; "
        "2 nodes, 2 packages, 4 cores, 4 cpus; told by a test\n"
        "free-0 -> cpu 2 (core 2, L3 1, node 1)\n"
        "free-1 -> cpu 3 (core 3, L3 1, node 1)\n"
        "a -> cpu 0 (core 0, L3 0, node 0)\n"
        "b -> cpu 1 (core 1, L3 0, node 0)");
}

TEST_CASE("siblings_are_used_when_each_core_of_the_node_has_a_thread") {
    const topology small(
        regular{.packages = 2, .l3s_each = 1, .cores_each = 2, .cpus_each = 2}.facts());
    CHECK(place(small, 3).text() ==
        "3 threads, 1 core shared; 2 nodes, 2 packages, 4 cores, 8 cpus; told by a test\n"
        "thread 0 -> cpu 0 (core 0, L3 0, node 0)\n"
        "thread 1 -> cpu 1 (core 1, L3 0, node 0)\n"
        "thread 2 -> cpu 4 (core 0, L3 0, node 0)");
    // No node has room for five: then cores of both come before siblings.
    CHECK(cpus_of(place(small, 5)) == std::vector<unsigned>{0, 1, 2, 3, 6});
}

TEST_CASE("on_a_laptop_fast_cores_come_first_and_slow_ones_before_siblings") {
    CHECK(cpus_of(place(laptop, 14)) ==
        std::vector<unsigned>{0, 2, 4, 6, 8, 10, 12, 14, 16, 17, 18, 19, 1, 3});
    CHECK(place(laptop, 2).text() ==
        "2 threads, each on a core of its own; "
        "one node, 1 package, 12 cores, 20 cpus; told by a test\n"
        "thread 0 -> cpu 0 (core 0, L3 0, node 0)\n"
        "thread 1 -> cpu 2 (core 1, L3 0, node 0)");
}

TEST_CASE("threads_that_outnumber_the_cpus_are_not_pinned") {
    const placement plan = place(one_core, 2);
    CHECK(plan.text() ==
        "2 threads outnumber the 1 cpu: none is pinned; "
        "one node, 1 package, 1 core, 1 cpu; told by a test\n"
        "thread 0 -> any cpu\n"
        "thread 1 -> any cpu");
    CHECK_FALSE(plan.pinned());
    plan.check({});
    CHECK(place(one_core, 1).text() ==
        "1 thread, each on a core of its own; "
        "one node, 1 package, 1 core, 1 cpu; told by a test\n"
        "thread 0 -> cpu 0 (core 0, node 0)");
    CHECK(place(one_core, 1).pinned());
    CHECK(place(one_core, std::size_t{0}).threads().empty());
}

TEST_CASE("a_plan_keeps_to_the_cpus_of_a_cpuset") {
    const topology given = two_epyc_7742.only(std::vector<unsigned>{5, 70, 71, 133, 199});
    CHECK(place(given, 3).text() ==
        "3 threads, 1 core shared; 2 nodes, 2 packages, 3 cores, 5 cpus; told by a test\n"
        "thread 0 -> cpu 70 (core 70, L3 17, node 1)\n"
        "thread 1 -> cpu 71 (core 71, L3 17, node 1)\n"
        "thread 2 -> cpu 199 (core 71, L3 17, node 1)");
}

TEST_CASE("a_cpuset_that_forbids_a_plan_is_named_with_the_thread_that_it_hits") {
    const placement plan = place(two_epyc_7742, 3);
    plan.check(std::vector<unsigned>{0, 1, 2});
    CHECK(attempted([&] {
        plan.check(std::vector<unsigned>{0, 1, 3, 4});
    }).error ==
        "lfq: the plan puts thread 2 on cpu 2, which is not among the allowed, 0-1,3-4: "
        "Operation not permitted");
    const placement beyond = place(two_epyc_7742.only(std::vector<unsigned>{255}), 1);
    std::string said;
    std::thread pinned(
        [&] { said = attempted([&] { lfq::sys::pin_this_thread(beyond.threads()[0]); }).error; });
    pinned.join();
    CHECK(said.find("sched_setaffinity: cpu 255 is not there") == 0);
}

TEST_CASE("a_node_that_is_not_there_or_too_small_is_refused_in_a_sentence") {
    const groups nowhere{{.threads = {"a"}, .node = 2}};
    CHECK(attempted([&] { static_cast<void>(place(two_epyc_7742, nowhere)); }).error ==
        "lfq: there is no node 2; there are 0-1: Invalid argument");
    const topology two_nodes(regular{.packages = 2, .l3s_each = 0, .cores_each = 2}.facts());
    const groups too_many{{.threads = {"a"}, .node = 1}, {.threads = {"b", "c"}, .node = 1}};
    CHECK(attempted([&] { static_cast<void>(place(two_nodes, too_many)); }).error ==
        "lfq: node 1 has 1 cpu left, but 2 threads from b on are to go there: Invalid argument");
}

TEST_CASE("a_thread_finds_its_place_by_its_name_and_is_pinned_there") {
    const topology here = topology::of_this_machine();
    const groups own{{.threads = {"net-0"}}};
    const placement plan = place(here, own);
    plan.check(lfq::sys::cpus_allowed());
    std::vector<unsigned> ran_on;
    std::thread pinned([&] {
        lfq::sys::pin_this_thread(plan.thread("net-0"));
        ran_on = lfq::sys::cpus_allowed();
    });
    pinned.join();
    CHECK(ran_on == std::vector<unsigned>{plan.thread("net-0").where->os});
    CHECK(attempted([&] { static_cast<void>(plan.thread("net-1")); }).error ==
        "lfq: the plan has no thread 'net-1': Invalid argument");
    lfq::sys::pin_this_thread(lfq::sys::placed_thread{"free"});  // changes nothing
    CHECK(lfq::sys::cpus_allowed().size() == here.cpus().size());
}
