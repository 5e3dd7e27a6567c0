// SPDX-License-Identifier: MIT
// Goal: the consumer of a message_ring_pool visits each ring that has something, and no other, in
//         turn: a busy ring starves nobody, whatever a visit takes or throws.
// Method: one thread; pools within a word of the ready set, of one word and beyond it; visits that
//         take nothing, one message or all, and visits that throw.
// Cannot show: a ring that becomes ready during a round (stress/ring, and the model).
#include <lfq/ring/message_ring_pool.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/load.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using support::bytes_of;

using pool_type = lfq::message_ring_pool<lfq::storage::spill>;
using ids = std::vector<std::size_t>;
using leases = std::vector<pool_type::lease_type>;

// Every ring of the pool is out and has `messages`.
leases lease_and_fill(pool_type& pool, std::size_t messages) {
    leases all;
    for (std::size_t id = 0; id < pool.rings(); ++id) {
        all.push_back(std::move(pool.lease().value()));
        for (std::size_t i = 0; i < messages; ++i) REQUIRE(all.back().try_push(bytes_of("x")));
    }
    return all;
}

// All ids once round, beginning with `first`.
ids round_from(std::size_t first, std::size_t rings) {
    ids all;
    for (std::size_t i = 0; i < rings; ++i) all.push_back((first + i) % rings);
    return all;
}

// The visits of a round that ends, by throwing, with its `last` one.
ids broken_round(pool_type& pool, std::size_t last) {
    ids seen;
    CHECK_THROWS_AS(pool.for_each_ready([&](std::size_t id, auto) {
        seen.push_back(id);
        if (seen.size() == last) throw std::runtime_error("enough");
    }),
        std::runtime_error);
    return seen;
}

ids round_that_takes_nothing(pool_type& pool) {
    ids seen;
    pool.for_each_ready([&seen](std::size_t id, auto) { seen.push_back(id); });
    return seen;
}

}  // namespace

TEST_CASE("only_rings_that_have_something_are_visited") {
    for (const std::size_t rings : {1u, 2u, 63u, 64u, 65u, 130u}) {
        pool_type pool({.rings = rings, .bytes = 64});
        CAPTURE(rings);
        leases out = lease_and_fill(pool, 0);
        CHECK(round_that_takes_nothing(pool).empty());
        for (std::size_t id = 0; id < rings; ++id) {
            REQUIRE(out[id].try_push(bytes_of("x")));
            REQUIRE(round_that_takes_nothing(pool) == ids{id});
            REQUIRE(
                pool.for_each_ready([](std::size_t, auto ring) { ring.drain([](auto) {}); }) == 1);
            REQUIRE(pool.for_each_ready([](std::size_t, auto) {}) == 0);
        }
    }
}

TEST_CASE("a_ring_that_keeps_something_is_visited_again_in_each_round") {
    for (const std::size_t rings : {1u, 3u, 64u, 65u, 130u}) {
        pool_type pool({.rings = rings, .bytes = 64});
        CAPTURE(rings);
        const leases out = lease_and_fill(pool, 3);
        std::vector<int> visits(rings);
        for (int round = 0; round < 3; ++round) {
            CHECK(pool.for_each_ready([&visits](std::size_t id, auto ring) {
                ++visits[id];
                ring.consume(ring.peek(1).size());
            }) == rings);
        }
        CHECK(visits == std::vector<int>(rings, 3));
        CHECK(pool.for_each_ready([](std::size_t, auto) {}) == 0);
    }
}

TEST_CASE("a_round_begins_behind_the_last_visit_of_the_one_before") {
    for (const std::size_t rings : {1u, 2u, 5u, 64u, 65u, 128u, 130u}) {
        pool_type pool({.rings = rings, .bytes = 64});
        CAPTURE(rings);
        const leases out = lease_and_fill(pool, 1);
        std::size_t first = 0;
        for (const std::size_t last : {1u, 3u, 50u, 64u, 65u, 66u, 129u}) {
            if (last > rings) continue;
            ids expected = round_from(first, rings);
            expected.resize(last);
            REQUIRE(broken_round(pool, last) == expected);
            first = (first + last) % rings;
            REQUIRE(round_that_takes_nothing(pool) == round_from(first, rings));
        }
    }
}

TEST_CASE("a_busy_ring_does_not_starve_the_others") {
    pool_type pool({.rings = 130, .bytes = 64});
    leases out = lease_and_fill(pool, 1);
    // A consumer that gives up after one visit, as one that throws does, while ring 0 is refilled.
    std::vector<int> visits(130);
    for (int turn = 0; turn < 3 * 130; ++turn) {
        static_cast<void>(out[0].try_push(bytes_of("busy")));
        ++visits[broken_round(pool, 1).at(0)];
    }
    CHECK(visits == std::vector<int>(130, 3));
}

TEST_CASE("a_visit_that_throws_leaves_its_ring_ready_and_what_it_took_taken") {
    pool_type pool({.rings = 3, .bytes = 64});
    leases out = lease_and_fill(pool, 2);
    CHECK_THROWS_AS(pool.for_each_ready([](std::size_t, auto ring) {
        ring.consume(ring.peek(1).size());
        throw std::runtime_error("enough");
    }),
        std::runtime_error);
    CHECK(pool.statistics(0).consumed == 1);
    CHECK_FALSE(pool.arm());
    CHECK(round_that_takes_nothing(pool) == ids{1, 2, 0});
    // One that took all before it threw is quiet, and heard again.
    CHECK_THROWS_AS(pool.for_each_ready([](std::size_t, auto ring) {
        ring.drain([](auto) {});
        throw std::runtime_error("enough");
    }),
        std::runtime_error);
    CHECK(round_that_takes_nothing(pool) == ids{2, 0});
    REQUIRE(out[1].try_push(bytes_of("again")));
    CHECK(round_that_takes_nothing(pool) == ids{1, 2, 0});
}

TEST_CASE("an_end_that_a_visit_throws_at_is_told_again") {
    pool_type pool({.rings = 2, .bytes = 64});
    leases out = lease_and_fill(pool, 0);
    out[1].close();
    CHECK(broken_round(pool, 1) == ids{1});
    CHECK_FALSE(pool.arm());
    CHECK(round_that_takes_nothing(pool) == ids{1});
    CHECK(round_that_takes_nothing(pool).empty());
    CHECK(pool.give_back(1));
}

#if LFQ_CHECKED
TEST_CASE("a_second_consumer_inside_a_round_is_named") {
    if (support::watched_for_races) SKIP("the sanitizer starts no threads after a fork");
    const support::ending seen = support::ending_of([] {
        pool_type pool({.rings = 1, .bytes = 64});
        REQUIRE(pool.lease()->try_push(bytes_of("x")));
        pool.for_each_ready([&pool](std::size_t id, auto) {
            std::thread([&pool, id] { static_cast<void>(pool.give_back(id)); }).join();
        });
    });
    CHECK(seen.aborted);
    CHECK(seen.said.find("message_ring_pool, consumer side: thread") != std::string::npos);
}
#endif
