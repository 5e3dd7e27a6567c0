// SPDX-License-Identifier: MIT
// Goal: slots lie on the node that was asked for, whole pages of them, and a ring on them is a ring.
// Method: slots of odd sizes written from end to end; rings built and filled on each node there is.
// Cannot show: a second node where there is none; what a node costs.
#include <lfq/policy/storage_on_node.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>

using lfq::storage::on_node;

namespace {

struct odd {
    unsigned char bytes[13];
};
struct alignas(256) wide {
    unsigned char bytes[256];
};

}  // namespace

TEMPLATE_TEST_CASE("a_region_on_a_node_holds_its_slots_from_end_to_end", "", odd, wide) {
    for (const unsigned node : lfq::sys::memory_nodes()) {
        on_node::region<TestType> region(on_node(node), 1024);
        REQUIRE(region.capacity() == 1024);
        REQUIRE(region.contiguous);
        REQUIRE(reinterpret_cast<std::uintptr_t>(region.at(0)) % 4096 == 0);
        for (std::size_t i = 0; i < 1024; ++i) {
            REQUIRE(region.at(i) == region.at(0) + i);
            std::memset(region.at(i)->bytes, static_cast<int>(i % 251), sizeof(TestType));
        }
        for (std::size_t i = 0; i < 1024; ++i)
            REQUIRE(region.at(i)->bytes[sizeof(TestType) - 1] == i % 251);
    }
}

TEMPLATE_TEST_CASE("a_ring_on_a_node_tells_where_it_is", "", (lfq::spsc_ring<int, on_node>),
    (lfq::mpsc_ring<int, on_node>)) {
    for (const unsigned node : lfq::sys::memory_nodes()) {
        TestType ring(100, on_node(node));
        const lfq::sys::told_node told = ring.storage().told();
        CAPTURE(told.text());
        CHECK((ring.storage().node() == node || told.error != 0));
        CHECK(ring.capacity() == 128);
        for (int lap = 0; lap < 3; ++lap) {
            for (int i = 0; i < 128; ++i) REQUIRE(ring.try_push(i));
            CHECK_FALSE(ring.try_push(128));
            for (int i = 0; i < 128; ++i) REQUIRE(ring.try_pop() == i);
        }
    }
}

TEST_CASE("elements_on_a_node_may_own_memory_and_end_with_the_ring") {
    const auto counted = std::make_shared<int>(1);
    {
        lfq::spsc_ring<std::shared_ptr<int>, on_node> ring(
            16, on_node(lfq::sys::memory_nodes().front()));
        for (int i = 0; i < 10; ++i) REQUIRE(ring.try_push(counted));
        CHECK(counted.use_count() == 11);
    }
    CHECK(counted.use_count() == 1);
}

TEST_CASE("a_ring_on_a_node_that_is_not_there_is_not_built") {
    const unsigned none = lfq::sys::nodes_max - 1;
    CHECK_THROWS_AS((lfq::spsc_ring<int, on_node>(16, on_node(none))), std::system_error);
    CHECK_THROWS_AS((lfq::mpsc_ring<int, on_node>(16, on_node(none))), std::system_error);
    const unsigned first = lfq::sys::memory_nodes().front();
    CHECK_THROWS_AS((lfq::spsc_ring<int, on_node>(0, on_node(first))), std::length_error);
    CHECK_THROWS_AS(
        (lfq::spsc_ring<wide, on_node>(std::size_t{1} << 48, on_node(first))), std::length_error);
}

TEST_CASE("memory_on_a_node_is_a_policy_without_a_default") {
    static_assert(lfq::storage_policy<on_node> && !lfq::fixed_storage<on_node>);
    static_assert(!std::is_default_constructible_v<on_node>);
    static_assert(!std::is_convertible_v<unsigned, on_node>);
    SUCCEED("the compiler has shown it");
}
