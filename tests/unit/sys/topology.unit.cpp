// SPDX-License-Identifier: MIT
// Goal: without hwloc, cpus, nodes, cores and caches are what the files of Linux tell; what is
//         missing there is no mistake, and who asks for what is not there hears what is.
// Method: folders laid out as /sys, of machines that this one is not; and this one, from threads
//         that may use a part of it.
// Cannot show: that a kernel tells the truth.
#include <lfq/sys/topology.hpp>

#include "support/catch.hpp"
#include "support/machines.hpp"
#include "support/mapping_calls.hpp"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

using lfq::sys::machine_facts;
using lfq::sys::topology;
using support::attempted;
using support::files_of_a_machine;
using support::regular;
using numbers = std::vector<unsigned>;

namespace {

/// Two packages of one node, two L3 caches each, two cores behind each, two cpus on each core.
machine_facts server() {
    machine_facts facts =
        regular{.packages = 2, .l3s_each = 2, .cores_each = 2, .cpus_each = 2}.facts();
    for (auto& node : facts.nodes) node.memory_bytes = std::uint64_t{64} << 30;
    for (unsigned l3 = 0; l3 < 4; ++l3) {
        const unsigned core = 2 * l3;
        facts.caches.push_back({3, 16U << 20, 64, {core, core + 1, core + 8, core + 9}});
    }
    for (unsigned core = 0; core < 8; ++core) {
        facts.caches.push_back({1, 32U << 10, 64, {core, core + 8}});
        facts.caches.push_back({2, 1U << 20, 64, {core, core + 8}});
    }
    return facts;
}

/// The same, told by files.
topology from(const machine_facts& facts) {
    const files_of_a_machine files(facts);
    return topology::from_files(files.root());
}

}  // namespace

TEST_CASE("files_tell_what_they_were_written_from") {
    const topology read = from(server());
    const topology meant{server()};
    CHECK(std::ranges::equal(read.cpus(), meant.cpus()));
    CHECK(std::ranges::equal(read.nodes(), meant.nodes()));
    CHECK(std::ranges::equal(read.caches(), meant.caches()));
    CHECK(read.package_count() == 2);
    CHECK(read.core_count() == 8);
    CHECK(read.node_count() == 2);
}

TEST_CASE("a_topology_tells_itself_in_lines") {
    CHECK(topology(server()).text() ==
        "2 nodes, 2 packages, 8 cores, 16 cpus; told by a test\n"
        "node 0, 64.0 GiB: cores 0-3, cpus 0-3,8-11\n"
        "  L3 0, 16 MiB: cores 0-1, cpus 0-1,8-9\n"
        "  L3 1, 16 MiB: cores 2-3, cpus 2-3,10-11\n"
        "node 1, 64.0 GiB: cores 4-7, cpus 4-7,12-15\n"
        "  L3 2, 16 MiB: cores 4-5, cpus 4-5,12-13\n"
        "  L3 3, 16 MiB: cores 6-7, cpus 6-7,14-15");
    machine_facts memory_only = regular{}.facts();
    memory_only.nodes = {{0, std::uint64_t{0}}, {7, std::uint64_t{2} << 30}};
    CHECK(topology(memory_only).text() ==
        "one node, 1 package, 1 core, 1 cpu; told by a test\n"
        "node 0, no memory for this process: cores 0, cpus 0\n"
        "node 7, 2.0 GiB: no cpu");
}

TEST_CASE("cpus_are_found_by_node_by_core_and_beside_each_other") {
    const topology machine(server());
    CHECK(machine.cpus_of_node(1) == numbers{4, 5, 6, 7, 12, 13, 14, 15});
    CHECK(machine.cpus_of_core(3) == numbers{3, 11});
    CHECK(machine.siblings(11) == numbers{3});
    CHECK(machine.cpu(11).l3 == 1U);
    CHECK(machine.node(1).memory_bytes == std::uint64_t{64} << 30);
}

TEST_CASE("who_asks_for_what_is_not_there_hears_what_is") {
    const topology machine = topology(server()).only(numbers{0, 1, 5});
    CHECK(attempted([&] { static_cast<void>(machine.cpu(4)); }).error ==
        "lfq: cpu 4 is not there, or not allowed; cpus 0-1,5 are: Invalid argument");
    CHECK(attempted([&] { static_cast<void>(machine.cpus_of_node(2)); }).error ==
        "lfq: there is no node 2; there are 0-1: Invalid argument");
    CHECK(attempted([&] { static_cast<void>(machine.cpus_of_core(2)); }).error ==
        "lfq: core 2 is not there, or not allowed; cores 0-1,5 are: Invalid argument");
    CHECK(attempted([&] {
        static_cast<void>(machine.only(numbers{0, 9}));
    }).error == "lfq: cpu 9 is not there, or not allowed; cpus 0-1,5 are: Invalid argument");
    CHECK(attempted([&] { static_cast<void>(machine.only({})); }).error ==
        "lfq: none of the cpus of this topology may be used: No such file or directory");
}

TEST_CASE("a_part_of_a_machine_keeps_the_numbers_of_the_whole") {
    const topology part = topology(server()).only(numbers{3, 11, 12});
    CHECK(part.cpus_of_core(3) == numbers{3, 11});
    CHECK(part.cpu(12).core == 4);
    CHECK(part.cpu(12).l3 == 2U);
    CHECK(part.node_count() == 2);
    CHECK(part.summary() == "2 nodes, 2 packages, 2 cores, 3 cpus; told by a test");
    for (const auto& cache : part.caches()) CHECK_FALSE(cache.cpus.empty());
}

TEST_CASE("cpus_that_are_offline_are_not_there") {
    const files_of_a_machine files(server());
    files.write("devices/system/cpu/online", "0-2,8");
    files.write(files_of_a_machine::cpu_folder(1) + "topology/core_cpus_list", "1");
    files.write(files_of_a_machine::cpu_folder(2) + "topology/core_cpus_list", "2");
    const topology machine = topology::from_files(files.root());
    CHECK(machine.summary() == "one node, 1 package, 3 cores, 4 cpus; told by " + files.root());
    CHECK(machine.siblings(8) == numbers{0});
    CHECK(machine.siblings(1).empty());
    CHECK(machine.nodes().size() == 2);  // the memory of the other is still there
}

TEST_CASE("what_the_files_do_not_tell_is_taken_to_be_simple") {
    const files_of_a_machine files;
    files.write("devices/system/cpu/online", "0,2");
    const topology machine = topology::from_files(files.root());
    CHECK(machine.summary() == "one node, 1 package, 2 cores, 2 cpus; told by " + files.root());
    CHECK(machine.cpu(2).core == 1);
    CHECK_FALSE(machine.cpu(2).l3);
    CHECK(machine.caches().empty());
    CHECK_FALSE(machine.node(0).memory_bytes);
}

TEST_CASE("damaged_files_count_as_missing") {
    const files_of_a_machine files(server());
    const std::string first = files_of_a_machine::cpu_folder(0);
    files.write(first + "topology/core_cpus_list", "zero");
    files.write(first + "topology/physical_package_id", "-1");
    files.write(first + "cache/index1/shared_cpu_list", "0-");
    files.write("devices/system/node/node1/cpulist", "4-x");
    files.write("devices/system/node/node0/meminfo", "Node 0 MemTotal: much");
    const topology machine = topology::from_files(files.root());
    CHECK(machine.cpus().size() == 16);
    CHECK(machine.siblings(0).empty());
    CHECK(machine.node_count() == 1);
    CHECK_FALSE(machine.node(0).memory_bytes);
    const files_of_a_machine nothing;
    CHECK(attempted([&] { static_cast<void>(topology::from_files(nothing.root())); }).error ==
        "lfq: " + nothing.root() + " tells of no cpu: No such file or directory");
}

TEST_CASE("fast_cores_are_told_from_slow_ones") {
    const files_of_a_machine files(support::hybrid_laptop());
    files.write("devices/cpu_atom/cpus", "16-19");
    const topology laptop = topology::from_files(files.root());
    CHECK(laptop.cpu(15).speed == 1);
    CHECK(laptop.cpu(16).speed == 0);
    const files_of_a_machine arm(regular{.l3s_each = 0, .cores_each = 3}.facts());
    for (const auto& [cpu, capacity] : {std::pair{0U, "290"}, {1U, "1024"}, {2U, "650"}})
        arm.write(files_of_a_machine::cpu_folder(cpu) + "cpu_capacity", capacity);
    const topology phone = topology::from_files(arm.root());
    CHECK(phone.cpu(0).speed == 0);
    CHECK(phone.cpu(1).speed == 2);
    CHECK(phone.cpu(2).speed == 1);
}

TEST_CASE("old_kernels_have_another_file_for_siblings") {
    const files_of_a_machine files(regular{.cpus_each = 2}.facts());
    for (const unsigned cpu : {0U, 1U}) {
        const std::string folder = files_of_a_machine::cpu_folder(cpu) + "topology/";
        files.remove(folder + "core_cpus_list");
        files.write(folder + "thread_siblings_list", "0-1");
    }
    CHECK(topology::from_files(files.root()).siblings(0) == numbers{1});
}

TEST_CASE("of_this_machine_a_thread_sees_what_it_may_use") {
    const numbers allowed = lfq::sys::cpus_allowed();
    const topology machine = topology::of_this_machine();
    numbers seen;
    for (const auto& cpu : machine.cpus()) seen.push_back(cpu.os);
    CHECK(seen == allowed);
    // A bare chroot has no /sys.
    const bool has_files = ::access("/sys/devices/system/cpu/online", R_OK) == 0;
    const std::string source = has_files ? "/sys" : "sched_getaffinity alone";
    CHECK(machine.source() == source);
    std::string summary;
    std::thread confined([&] {
        lfq::sys::pin_this_thread(allowed.back());
        summary = topology::of_this_machine().summary();
    });
    confined.join();
    CHECK(summary == "one node, 1 package, 1 core, 1 cpu; told by " + source);
}

TEST_CASE("without_hwloc_other_machines_are_refused_in_a_sentence") {
    CHECK(attempted([] { static_cast<void>(topology::from_synthetic("core:2")); }).error ==
        "lfq: a synthetic topology needs hwloc; link lfq::numa: Operation not supported");
    CHECK(attempted([] { static_cast<void>(topology::from_xml("<topology/>")); }).error ==
        "lfq: a topology in XML needs hwloc; link lfq::numa: Operation not supported");
}

TEST_CASE("a_topology_is_a_value") {
    topology first(server());
    const topology second = first;
    CHECK(first == second);
    const topology third = std::move(first);
    CHECK(third == second);
    CHECK_FALSE(third == second.only(numbers{0}));
}
