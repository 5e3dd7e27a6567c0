// SPDX-License-Identifier: MIT
// Goal: a slab goes back to its home, and homes together count as one pool; a ring that is placed
//       on a node is a ring like any other.
// Method: two homes and one ring in this thread; the ring on the first node that has memory.
// Cannot show: on which node the pages of a slab are: that decides who touches them first.
#include "broker/core/slab_homes.hpp"
#include "broker/core/placed.hpp"

#include "support/catch.hpp"

#include <lfq/policy/wait.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/sys/node_memory.hpp>

#include <array>
#include <cstddef>

using broker::core::placed;
using broker::core::slab;
using broker::core::slab_homes;

TEST_CASE("a_slab_goes_back_to_the_home_that_it_came_from") {
    const std::array<std::size_t, 2> counts{1, 3};
    slab_homes homes(counts, 64);
    CHECK(homes.homes() == 2);
    CHECK(homes.count() == 4);
    CHECK(homes.slab_bytes() == 64);
    slab* const first = homes.home(0).take(1);
    slab* const second = homes.home(1).take(1);
    REQUIRE(first != nullptr);
    REQUIRE(second != nullptr);
    CHECK(homes.home(0).take(1) == nullptr);  // it does not take from the other
    CHECK(homes.taken_approx() == 2);
    CHECK(&homes.fullest() == &homes.home(0));  // one of one, not one of three
    first->drop_references(1);
    CHECK(homes.home(0).taken_approx() == 0);
    CHECK(homes.home(1).taken_approx() == 1);
    CHECK(&homes.fullest() == &homes.home(1));
    CHECK(homes.home(0).take(1) == first);
    first->drop_references(1);
    second->drop_references(1);
}

TEST_CASE("a_ring_is_the_same_on_the_heap_and_on_a_node") {
    for (const placed& where : {placed{}, placed{lfq::sys::memory_nodes().front()}}) {
        lfq::mpsc_ring<int, placed, lfq::wait::spin> ring(8, where);
        CHECK(ring.capacity() == 8);
        for (int lap = 0; lap < 3; ++lap) {
            for (int i = 0; i < 8; ++i) CHECK(ring.try_push(i));
            CHECK_FALSE(ring.try_push(9));
            for (int i = 0; i < 8; ++i) CHECK(ring.try_pop() == i);
        }
        const auto told = ring.storage().node();
        CHECK((!told || told == where.node));
    }
}
