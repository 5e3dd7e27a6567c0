// SPDX-License-Identifier: MIT
// Goal: memory is on the node that was asked for, as the kernel says when asked; what it refuses is
//         told in a sentence and leaves nothing behind; what it does not say is not made up.
// Method: the real kernel with the nodes that it has; calls that fail in turn; a pretended kernel
//         with nodes that this machine lacks.
// Cannot show: real pages on a second node, where there is none.
#include <lfq/sys/node_memory.hpp>
#include <lfq/sys/topology.hpp>

#include "support/catch.hpp"
#include "support/mapping_calls.hpp"
#include "support/memory_calls.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

namespace {

using lfq::sys::memory_nodes;
using lfq::sys::node_mapping;
using lfq::sys::node_of_pages;
using support::attempt;
using support::attempted;
using support::memory_calls;
using counted_mapping = lfq::sys::basic_node_mapping<memory_calls>;

std::size_t page_bytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

unsigned first_node() { return memory_nodes().front(); }

attempt build(unsigned node, std::size_t bytes) {
    return attempted([=] { static_cast<void>(counted_mapping::on(node, bytes)); });
}

/// Whether a kernel lets this process choose and ask; some containers do not.
bool kernel_tells() { return node_mapping::on(first_node(), 1).told().error == 0; }

}  // namespace

TEST_CASE("memory_is_where_the_kernel_says_it_is") {
    if (!kernel_tells()) SKIP(node_mapping::on(first_node(), 1).told().text());
    for (const unsigned node : memory_nodes()) {
        const node_mapping mapping = node_mapping::on(node, 300 * page_bytes() + 1);
        CAPTURE(node, mapping.told().text());
        CHECK(mapping.told().node == node);
        CHECK(mapping.bytes() == 301 * page_bytes());
        CHECK(reinterpret_cast<std::uintptr_t>(mapping.data()) % mapping.page_bytes() == 0);
        const auto* const bytes = static_cast<const unsigned char*>(mapping.data());
        for (std::size_t i = 0; i < mapping.bytes(); i += 512) REQUIRE(bytes[i] == 0);
    }
}

TEST_CASE("a_thread_of_one_node_gets_memory_of_another") {
    const std::vector<unsigned> nodes = memory_nodes();
    if (nodes.size() < 2) SKIP("the kernel offers one node");
    const auto machine = lfq::sys::topology::of_this_machine();
    for (const auto& cpu : machine.cpus()) {
        for (const unsigned node : nodes) {
            lfq::sys::told_node told;
            std::thread([&] {
                lfq::sys::pin_this_thread(cpu.os);
                told = node_mapping::on(node, 64 * page_bytes()).told();
            }).join();
            CAPTURE(cpu.os, node, told.text());
            CHECK(told.node == node);
        }
    }
}

TEST_CASE("a_node_mapping_moves_and_is_given_back_once") {
    memory_calls::behave();
    {
        counted_mapping first = counted_mapping::on(first_node(), 1);
        void* const data = first.data();
        counted_mapping second = std::move(first);
        CHECK(second.data() == data);
        counted_mapping third = counted_mapping::on(first_node(), 3 * page_bytes());
        third = std::move(second);
        CHECK(third.data() == data);
        CHECK(third.bytes() == page_bytes());
        CHECK(memory_calls::mapped_bytes == 4 * page_bytes());
    }
    CHECK(memory_calls::mapped_bytes == 0);
}

TEST_CASE("a_node_that_does_not_exist_is_refused_with_those_that_do") {
    memory_calls::behave();
    memory_calls::nodes = {0, 1, 3};
    memory_calls::pages = {3};
    CHECK(build(2, 1).error ==
        "lfq: there is no memory on node 2 for this process; there is on 0-1,3: Invalid argument");
    for (const unsigned node : {lfq::sys::nodes_max - 1, lfq::sys::nodes_max, ~0U}) {
        CHECK(build(node, 1).code == std::errc::invalid_argument);
        CHECK(attempted([&] { static_cast<void>(node_mapping::on(node, 1)); }).code ==
            std::errc::invalid_argument);
    }
    CHECK(build(3, 1).error.empty());
    CHECK(memory_calls::bound == std::vector<unsigned>{3});
    CHECK(memory_calls::mapped_bytes == 0);
    memory_calls::behave();
}

TEST_CASE("a_size_that_cannot_be_is_a_length_error") {
    const unsigned node = first_node();
    CHECK_THROWS_AS(node_mapping::on(node, 0), std::length_error);
    CHECK_THROWS_AS(node_mapping::on(node, SIZE_MAX), std::length_error);
    std::string said;
    try {
        static_cast<void>(node_mapping::on(node, std::size_t{1} << 60));
    } catch (const std::length_error& error) {
        said = error.what();
    }
    CHECK(said.find("do not fit on node ") != std::string::npos);
}

TEST_CASE("each_call_of_a_node_mapping_that_fails_is_named_and_leaves_nothing") {
    for (const char* const call : {"sysconf", "mmap", "mbind"}) {
        memory_calls::behave();
        memory_calls::fail(call, EIO);
        const attempt seen = build(first_node(), 5 * page_bytes());
        CAPTURE(call, seen.error);
        CHECK(seen.error.find(call) == 0);
        CHECK(seen.code == std::errc::io_error);
        CHECK(memory_calls::mapped_bytes == 0);
    }
    memory_calls::behave();
}

TEST_CASE("where_choosing_and_asking_are_forbidden_the_memory_says_so") {
    for (const int error : {EPERM, ENOSYS}) {
        memory_calls::behave();
        memory_calls::fail("mbind", error);
        CHECK(build(first_node(), 1).error.empty());
        memory_calls::fail("get_mempolicy", error);
        CHECK(build(first_node(), 1).error.empty());
        CHECK(build(1023, 1).error.find("lfq: there is no memory on node 1023") == 0);
        memory_calls::fail("move_pages", error);
        const counted_mapping mapping = counted_mapping::on(first_node(), 1);
        CHECK_FALSE(mapping.told().node);
        CHECK(mapping.told().error == error);
        CHECK(mapping.told().text().find("the kernel does not say where: ") == 0);
    }
    memory_calls::behave();
    CHECK(memory_calls::mapped_bytes == 0);
}

TEST_CASE("memory_that_came_from_elsewhere_is_refused_and_given_back") {
    memory_calls::behave();
    memory_calls::nodes = {0, 1};
    memory_calls::pages = {0};
    CHECK(build(1, 4096).error ==
        "lfq: node 1 has no 4 KiB left; the memory is on node 0: Cannot allocate memory");
    memory_calls::pages = {1, 0};
    CHECK(build(1, 8192).error ==
        "lfq: node 1 has no 8 KiB left; the memory is not on one node: Cannot allocate memory");
    CHECK(memory_calls::mapped_bytes == 0);
    memory_calls::behave();
}

TEST_CASE("pages_of_several_nodes_or_none_are_on_no_node") {
    memory_calls::behave();
    const std::vector<unsigned char> memory(2 * page_bytes());
    const auto told = [&] {
        return node_of_pages<memory_calls>(memory.data(), 2 * page_bytes(), page_bytes());
    };
    memory_calls::pages = {2};
    CHECK(told().text() == "on node 2");
    memory_calls::pages = {2, 3};
    CHECK_FALSE(told().node);
    CHECK(told().text() == "not on one node");
    memory_calls::pages = {2, -ENOENT};  // not had yet
    CHECK(told().text() == "not on one node");
    memory_calls::pages = {2, -EFAULT};
    CHECK(told().error == EFAULT);
    memory_calls::behave();
}
