// SPDX-License-Identifier: MIT
// Goal: a slab is in one hand at a time, and every slab comes back (edge: give back).
// Method: more threads than slabs take, write a pattern, share the slab among references, check the
//         pattern before the last one drops; tiny pools, so that the free list turns over.
// Cannot show: that a stale free list head is refused for every interleaving.
#include "broker/core/slab.hpp"
#include "support/catch.hpp"

#include <atomic>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

namespace {

using broker::core::reference_drops;
using broker::core::slab;
using broker::core::slab_pool;

constexpr std::size_t slab_bytes = 64;

bool holds(const slab& one, unsigned char pattern) {
    for (std::size_t i = 0; i < slab_bytes; ++i) {
        if (one.bytes[i] != std::byte{pattern}) return false;
    }
    return true;
}

struct tally_of_thread {
    std::size_t taken = 0;
    std::size_t spoiled = 0;
};

tally_of_thread use_slabs(slab_pool& pool, unsigned char pattern, std::size_t turns) {
    tally_of_thread seen;
    for (std::size_t i = 0; i < turns; ++i) {
        slab* const one = pool.take(3);
        if (one == nullptr) {
            std::this_thread::yield();
            continue;
        }
        ++seen.taken;
        std::memset(one->bytes, pattern, slab_bytes);
        one->add_references(1);
        reference_drops drops;
        drops.add(one);
        drops.add(one);
        drops.settle();
        if (!holds(*one, pattern)) ++seen.spoiled;
        one->drop_references(2);
    }
    return seen;
}

}  // namespace

TEST_CASE("a_slab_is_in_one_hand_at_a_time_and_comes_back") {
    for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{5}}) {
        slab_pool pool(count, slab_bytes);
        std::vector<tally_of_thread> seen(4);
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < seen.size(); ++i) {
                threads.emplace_back([&, i] {
                    seen[i] = use_slabs(pool, static_cast<unsigned char>(i + 1), 20'000);
                });
            }
        }
        for (const tally_of_thread& each : seen) CHECK(each.spoiled == 0);
        CHECK(pool.taken_approx() == 0);

        std::set<slab*> all;
        for (std::size_t i = 0; i < count; ++i) all.insert(pool.take(1));
        CHECK(all.size() == count);
        CHECK(all.count(nullptr) == 0);
        CHECK(pool.take(1) == nullptr);
        for (slab* const each : all) each->drop_references(1);
    }
}

TEST_CASE("the_slab_that_came_back_last_is_taken_first") {
    slab_pool pool(8, slab_bytes);
    slab* const first = pool.take(1);
    slab* const second = pool.take(1);
    first->drop_references(1);
    CHECK(pool.take(1) == first);
    first->drop_references(1);
    second->drop_references(1);
}

TEST_CASE("a_pool_of_nothing_is_refused") {
    CHECK_THROWS_AS(slab_pool(0, slab_bytes), std::length_error);
    CHECK_THROWS_AS(slab_pool(8, 0), std::length_error);
}
