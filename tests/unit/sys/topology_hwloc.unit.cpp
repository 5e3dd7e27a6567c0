// SPDX-License-Identifier: MIT
// Goal: with hwloc, topologies are what its descriptions and its XML say, also of machines with
//         offline cpus, forbidden ones and cores of several kinds; text that is neither is refused.
// Method: machines that this one is not, beside the same ones as plain facts; and this one, as
//         hwloc tells it and as the files of Linux do.
// Cannot show: that hwloc tells the truth.
#include <lfq/sys/placement.hpp>

#include "support/catch.hpp"
#include "support/machines.hpp"
#include "support/mapping_calls.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

using lfq::sys::place;
using lfq::sys::thread_group;
using lfq::sys::topology;
using support::attempted;
using support::regular;
using numbers = std::vector<unsigned>;

namespace {

constexpr const char* two_epyc_7742 = "pack:2 [numa] l3:16 core:4 pu:2(indexes=2*128:1*2)";

/// One package with two cores of two cpus; cpu 3 is offline, cpu 2 is on a slow core.
constexpr const char* small_xml = R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE topology SYSTEM "hwloc2.dtd">
<topology version="2.0">
  <object type="Machine" os_index="0" cpuset="0x7" complete_cpuset="0xf" allowed_cpuset="0x7"
      nodeset="0x4" complete_nodeset="0x4" allowed_nodeset="0x4">
    <object type="NUMANode" os_index="2" cpuset="0x7" complete_cpuset="0xf" nodeset="0x4"
        complete_nodeset="0x4" local_memory="4294967296"/>
    <object type="Package" os_index="0" cpuset="0x7" complete_cpuset="0xf" nodeset="0x4"
        complete_nodeset="0x4">
      <object type="L3Cache" cpuset="0x7" complete_cpuset="0xf" nodeset="0x4"
          complete_nodeset="0x4" cache_size="8388608" depth="3" cache_linesize="64"
          cache_associativity="16" cache_type="0">
        <object type="Core" os_index="0" cpuset="0x3" complete_cpuset="0x3" nodeset="0x4"
            complete_nodeset="0x4">
          <object type="PU" os_index="0" cpuset="0x1" complete_cpuset="0x1" nodeset="0x4"
              complete_nodeset="0x4"/>
          <object type="PU" os_index="1" cpuset="0x2" complete_cpuset="0x2" nodeset="0x4"
              complete_nodeset="0x4"/>
        </object>
        <object type="Core" os_index="1" cpuset="0x4" complete_cpuset="0xc" nodeset="0x4"
            complete_nodeset="0x4">
          <object type="PU" os_index="2" cpuset="0x4" complete_cpuset="0x4" nodeset="0x4"
              complete_nodeset="0x4"/>
        </object>
      </object>
    </object>
  </object>
  <cpukind cpuset="0x4" forced_efficiency="0"/>
  <cpukind cpuset="0x3" forced_efficiency="1"/>
</topology>
)";

}  // namespace

TEST_CASE("a_machine_in_the_words_of_hwloc_is_the_one_that_was_meant") {
    const topology told = topology::from_synthetic(two_epyc_7742);
    const topology meant(
        regular{.packages = 2, .l3s_each = 16, .cores_each = 4, .cpus_each = 2}.facts());
    CHECK(std::ranges::equal(told.cpus(), meant.cpus()));
    CHECK(told.summary() ==
        "2 nodes, 2 packages, 128 cores, 256 cpus; told by hwloc, not of this machine");
    CHECK(told.cpus_of_core(64) == numbers{64, 192});
    const topology four_nodes_each = topology::from_synthetic("pack:2 numa:4 core:16 pu:2");
    CHECK(four_nodes_each.node_count() == 8);
    CHECK_FALSE(topology::from_synthetic("core:1 pu:1").cpu(0).l3);
}

TEST_CASE("a_plan_for_two_epyc_7742_in_the_words_of_hwloc_reads_as_it_should") {
    const std::vector<thread_group> shards{
        {.threads = {"net-0", "worker-0"}}, {.threads = {"net-1", "worker-1"}, .node = 1}};
    CHECK(place(topology::from_synthetic(two_epyc_7742), shards).text() ==
        "4 threads, each on a core of its own; "
        "2 nodes, 2 packages, 128 cores, 256 cpus; told by hwloc, not of this machine\n"
        "net-0 -> cpu 0 (core 0, L3 0, node 0)\n"
        "worker-0 -> cpu 1 (core 1, L3 0, node 0)\n"
        "net-1 -> cpu 64 (core 64, L3 16, node 1)\n"
        "worker-1 -> cpu 65 (core 65, L3 16, node 1)");
}

TEST_CASE("xml_tells_of_offline_cpus_of_kinds_of_cores_and_of_odd_node_numbers") {
    const topology small = topology::from_xml(small_xml);
    CHECK(small.text() ==
        "one node, 1 package, 2 cores, 3 cpus; told by hwloc, not of this machine\n"
        "node 2, 4.0 GiB: cores 0-1, cpus 0-2\n"
        "  L3 0, 8 MiB: cores 0-1, cpus 0-2");
    CHECK(small.cpu(0).speed > small.cpu(2).speed);
    CHECK(place(small, 3).text() ==
        "3 threads, 1 core shared; "
        "one node, 1 package, 2 cores, 3 cpus; told by hwloc, not of this machine\n"
        "thread 0 -> cpu 0 (core 0, L3 0, node 2)\n"
        "thread 1 -> cpu 2 (core 1, L3 0, node 2)\n"
        "thread 2 -> cpu 1 (core 0, L3 0, node 2)");
    CHECK(attempted([&] { static_cast<void>(small.cpus_of_node(0)); }).error ==
        "lfq: there is no node 0; there are 2: Invalid argument");
}

TEST_CASE("cpus_that_a_cpuset_forbids_are_not_offered") {
    std::string forbidding = small_xml;
    const std::string all = "allowed_cpuset=\"0x7\"";
    forbidding.replace(forbidding.find(all), all.size(), "allowed_cpuset=\"0x5\"");
    const topology given = topology::from_xml(forbidding);
    CHECK(given.summary() ==
        "one node, 1 package, 2 cores, 2 cpus; told by hwloc, not of this machine");
    CHECK(given.siblings(0).empty());
    CHECK(attempted([&] { static_cast<void>(given.cpu(1)); }).error ==
        "lfq: cpu 1 is not there, or not allowed; cpus 0,2 are: Invalid argument");
}

TEST_CASE("what_hwloc_does_not_understand_is_refused_in_a_sentence") {
    for (const char* const words : {"gherkin:3", "pu:0", "core:two"}) {
        CHECK(attempted([&] { static_cast<void>(topology::from_synthetic(words)); }).error ==
            "lfq: hwloc understands no machine in '" + std::string(words) + "': Invalid argument");
    }
    std::string cut = small_xml;
    cut.resize(cut.size() / 2);
    for (const std::string& text : {std::string(), std::string("<topology"), cut,
             std::string("<?xml version=\"1.0\"?><html></html>")}) {
        CAPTURE(text);
        CHECK(attempted([&] {
            static_cast<void>(topology::from_xml(text));
        }).error.find("lfq: this XML holds no topology that hwloc reads: ") == 0);
    }
}

TEST_CASE("of_this_machine_hwloc_and_the_files_tell_the_same") {
    if (::access("/sys/devices/system/cpu/online", R_OK) != 0) SKIP("there is no /sys");
    const topology told = topology::of_this_machine();
    const topology read = topology::from_files("/sys").only(lfq::sys::cpus_allowed());
    CHECK(told.source() == "hwloc");
    CHECK(told.core_count() == read.core_count());
    CHECK(told.package_count() == read.package_count());
    CHECK(told.node_count() == read.node_count());
    REQUIRE(told.cpus().size() == read.cpus().size());
    for (const auto& cpu : read.cpus()) {
        CHECK(told.cpu(cpu.os).node == cpu.node);
        CHECK(told.siblings(cpu.os) == read.siblings(cpu.os));
    }
    std::string summary;
    std::thread confined([&] {
        lfq::sys::pin_this_thread(lfq::sys::cpus_allowed().front());
        summary = topology::of_this_machine().summary();
    });
    confined.join();
    CHECK(summary == "one node, 1 package, 1 core, 1 cpu; told by hwloc");
}
