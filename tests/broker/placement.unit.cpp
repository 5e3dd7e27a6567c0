// SPDX-License-Identifier: MIT
// Goal: how many threads the broker starts, whether they are pinned and spin, and what it says.
// Method: the plan and its map as pure functions of the settings and the number of cpus.
// Cannot show: that the threads are where the map says; or that the plan is a quick one.
#include "broker/placement.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <numeric>
#include <string>
#include <vector>

using broker::config;
using broker::cpu_for;
using broker::plan_for;
using broker::thread_map;
using broker::core::thread_plan;

namespace {

std::vector<unsigned> cpus(unsigned count) {
    std::vector<unsigned> all(count);
    std::iota(all.begin(), all.end(), 10U);  // a broker is not always given the first ones
    return all;
}

std::string map_of(const thread_plan& plan, unsigned count) {
    return thread_map(plan, cpus(count), {.tcp = "a:1", .udp = "a:2", .tick_ms = 50});
}

}  // namespace

TEST_CASE("one_to_four_cpus_have_one_network_thread_and_one_core_thread_that_sleep") {
    const auto count = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4});
    const thread_plan plan = plan_for({}, count);
    CHECK(plan.net_threads == 1);
    CHECK(plan.fused);
    CHECK(plan.workers == 1);
    CHECK(plan.spin.count() == 0);
    CHECK_FALSE(cpu_for(plan, cpus(4), 0));
}

TEST_CASE("more_cpus_have_a_quarter_of_each_kind_at_most_eight_pinned_and_spinning") {
    struct row {
        std::size_t cpus;
        std::uint32_t each;
    };
    const row is = GENERATE(row{5, 1}, row{8, 2}, row{16, 4}, row{32, 8}, row{64, 8});
    const thread_plan plan = plan_for({}, is.cpus);
    CHECK(plan.net_threads == is.each);
    CHECK(plan.workers == is.each);
    CHECK_FALSE(plan.fused);
    CHECK(plan.spin == std::chrono::microseconds(10));
    CHECK(cpu_for(plan, cpus(64), 2) == 12U);
}

TEST_CASE("network_threads_that_are_chosen_are_no_more_than_the_slabs_serve") {
    config few_slabs;
    few_slabs.core.slab_count = 8;
    CHECK(plan_for(few_slabs, 64).net_threads == 2);
    CHECK(plan_for(few_slabs, 1).net_threads == 1);
    few_slabs.core.slab_count = 3 * broker::net::slabs_per_thread_min;
    CHECK(plan_for(few_slabs, 64).net_threads == 3);
    CHECK(plan_for(few_slabs, 64).workers == 8);  // they fill no slabs
}

TEST_CASE("what_was_asked_for_is_not_changed") {
    config asked;
    asked.net.threads = 20;
    asked.core.workers = 30;
    const thread_plan many = plan_for(asked, 64);
    CHECK(many.net_threads == 20);
    CHECK(many.workers == 30);
    CHECK(many.spin.count() != 0);  // 51 threads have 64 cpus
    CHECK(plan_for(asked, 51).spin.count() == 0);
    asked.net.threads = 1;
    asked.core.workers = 1;
    const thread_plan one = plan_for(asked, 2);
    CHECK_FALSE(one.fused);  // a worker was asked for: it gets its thread
    CHECK(one.spin.count() == 0);
}

TEST_CASE("the_map_names_every_thread_and_its_cpu") {
    CHECK(map_of(plan_for({}, 1), 1) ==
        "1 cpu: not pinned, nothing spins\n"
        "  core: dispatcher and its only worker (fused)\n"
        "  net-0: TCP a:1, UDP a:2\n"
        "  control: signals, states; sleeps 50 ms between ticks");
    CHECK(map_of(plan_for({}, 8), 8) ==
        "8 cpus: pinned\n"
        "  core: dispatcher, cpu 10\n"
        "  worker-0: subscribers 0 of 2, cpu 11\n"
        "  worker-1: subscribers 1 of 2, cpu 12\n"
        "  net-0: TCP a:1, UDP a:2, cpu 13\n"
        "  net-1: TCP a:1, cpu 14\n"
        "  control: signals, states; sleeps 50 ms between ticks");
}
