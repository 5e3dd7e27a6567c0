// SPDX-License-Identifier: MIT
// Goal: leases, ends and statistics of a message_ring_pool do what the headers say: who may push,
//         when a ring may be given back, how often its end is told, what is counted.
// Method: one thread, small pools in both storages; a thread that ends while it has a lease.
// Cannot show: anything between threads (stress/ring); turns and sleeping (the files beside).
#include <lfq/ring/message_ring_pool.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using support::bytes;
using support::bytes_of;
using support::same;

using spilling = lfq::message_ring_pool<lfq::storage::spill>;
using every_pool = std::tuple<lfq::message_ring_pool<>, spilling>;
using ids = std::vector<std::size_t>;

// What a round visits, when it takes everything.
template <class Pool>
ids drained_round(Pool& pool) {
    ids seen;
    const std::size_t visits = pool.for_each_ready([&seen](std::size_t id, auto ring) {
        seen.push_back(id);
        ring.drain([](auto) {});
    });
    REQUIRE(visits == seen.size());
    return seen;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("every_ring_can_be_leased_until_none_is_left", "", every_pool) {
    TestType pool({.rings = 3, .bytes = 4096});
    CHECK(pool.rings() == 3);
    CHECK(pool.ring_capacity() == 4096);
    CHECK(pool.message_bytes_max() == 4088);
    std::vector<typename TestType::lease_type> leases;
    for (std::size_t id = 0; id < 3; ++id) {
        CHECK(pool.free_approx() == 3 - id);
        auto lease = pool.lease();
        REQUIRE(lease.has_value());
        CHECK(lease->id() == id);
        leases.push_back(std::move(*lease));
    }
    CHECK(pool.free_approx() == 0);
    CHECK_FALSE(pool.lease().has_value());
    leases.clear();
    CHECK_FALSE(pool.lease().has_value());  // closed is not given back
    CHECK(drained_round(pool) == ids{0, 1, 2});
    REQUIRE(pool.give_back(1));
    CHECK(pool.free_approx() == 1);
    CHECK(pool.lease()->id() == 1);
    CHECK_FALSE(pool.lease().has_value());
}

TEMPLATE_LIST_TEST_CASE(
    "a_lease_closes_its_ring_when_it_is_closed_or_dropped_or_its_thread_ends", "", every_pool) {
    TestType pool({.rings = 4, .bytes = 64});
    auto closed = pool.lease();
    closed->close();
    closed->close();  // again: nothing
    { const auto dropped = pool.lease(); }
    std::thread([&pool] {
        static_cast<void>(pool.lease()->try_push(bytes_of("last words")));
    }).join();
    auto open = pool.lease();
    ids drained;
    CHECK(pool.for_each_ready([&](std::size_t id, auto ring) {
        CHECK(ring.closed());
        if (id == 2) CHECK(same(ring.peek().value(), bytes_of("last words")));
        ring.drain([](auto) {});
        if (ring.drained()) drained.push_back(id);
    }) == 3);
    CHECK(drained == ids{0, 1, 2});
    CHECK(open->try_push({}));
}

TEMPLATE_LIST_TEST_CASE("a_moved_lease_has_one_owner", "", every_pool) {
    TestType pool({.rings = 2, .bytes = 64});
    using lease_type = typename TestType::lease_type;
    static_assert(!std::is_copy_constructible_v<lease_type>);
    std::optional<lease_type> first = pool.lease();
    {
        lease_type taken(std::move(*first));
        CHECK(taken.id() == 0);
        CHECK(taken.try_push(bytes_of("one")));
        CHECK_FALSE(first->try_push({}));
        first->close();  // nothing: it has no ring
        CHECK(taken.try_push(bytes_of("two")));
        std::optional<lease_type> second = pool.lease();
        taken = std::move(*second);  // closes the ring it had
        CHECK(taken.id() == 1);
        CHECK(taken.try_push(bytes_of("three")));
        CHECK_FALSE(second->try_push(bytes_of("four")));
        CHECK_FALSE(second->claim(1));
        CHECK(drained_round(pool) == ids{0, 1});
        CHECK(drained_round(pool) == ids{0});
        lease_type& itself = taken;
        taken = std::move(itself);
        CHECK(taken.try_push(bytes_of("five")));
    }
    CHECK(drained_round(pool) == ids{1});
    CHECK(drained_round(pool) == ids{1});
    CHECK(pool.statistics().consumed == 4);
}

TEMPLATE_LIST_TEST_CASE("a_lease_has_every_verb_until_it_is_closed", "", every_pool) {
    TestType pool({.rings = 1, .bytes = 64});
    auto lease = pool.lease();
    REQUIRE(lease->try_push(bytes_of("a")));
    REQUIRE(lease->push(bytes_of("b")));
    REQUIRE(lease->push_for(bytes_of("c"), 0ns));
    {
        auto claimed = lease->claim(8);
        REQUIRE(claimed);
        claimed.bytes()[0] = std::byte{'d'};
        claimed.commit(1);
    }
    CHECK(lease->message_bytes_max() == pool.message_bytes_max());
    CHECK_THROWS_AS(lease->try_push(bytes(lease->message_bytes_max() + 1)), std::length_error);
    CHECK_FALSE(lease->closed());
    lease->close();
    CHECK(lease->closed());
    CHECK(lease->message_bytes_max() == 0);
    CHECK_FALSE(lease->try_push({}));
    CHECK_FALSE(lease->push({}));
    CHECK_FALSE(lease->push_for({}, 1h));
    CHECK_FALSE(lease->claim(0));
    bytes all;
    pool.for_each_ready([&all](std::size_t, auto ring) {
        ring.drain([&all](auto found) { all.push_back(found[0]); });
    });
    CHECK(same(all, bytes_of("abcd")));
}

TEMPLATE_LIST_TEST_CASE("a_reader_has_the_verbs_of_a_message_ring", "", every_pool) {
    TestType pool({.rings = 1, .bytes = 4096});
    auto lease = pool.lease();
    for (const char* const text : {"one", "two", "three", "four", "five"})
        REQUIRE(lease->try_push(bytes_of(text)));
    const auto look = [](std::size_t id, typename TestType::reader ring) {
        CHECK(id == 0);
        CHECK(ring.capacity() == 4096);
        CHECK(ring.size_approx() == 80);
        CHECK(same(ring.peek().value(), bytes_of("one")));
        CHECK(ring.peek(3).size() == 3);
        ring.consume(2);
        bytes out(8);
        CHECK(ring.try_pop(std::span(out).first(4)).bytes == 5);  // too short: it stays
        CHECK(ring.try_pop(out).bytes == 5);
        CHECK(ring.drain([](auto found) { CHECK(same(found, bytes_of("four"))); }, 1) == 1);
        ring.consume();
        CHECK_FALSE(ring.peek().has_value());
        CHECK_FALSE(ring.closed());
        CHECK_FALSE(ring.drained());
    };
    CHECK_FALSE(pool.for_each_ready(look) == 0);
    CHECK(pool.for_each_ready(look) == 0);
}

TEMPLATE_LIST_TEST_CASE(
    "give_back_refuses_what_is_no_ring_or_not_out_or_not_drained", "", every_pool) {
    TestType pool({.rings = 2, .bytes = 64});
    CHECK_FALSE(pool.give_back(0));  // not out
    CHECK_FALSE(pool.give_back(2));
    CHECK_FALSE(pool.give_back(SIZE_MAX));
    auto lease = pool.lease();
    CHECK_FALSE(pool.give_back(0));  // open
    REQUIRE(lease->try_push(bytes_of("one")));
    lease->close();
    CHECK_FALSE(pool.give_back(0));  // not empty
    CHECK(drained_round(pool) == ids{0});
    CHECK(pool.give_back(0));
    CHECK_FALSE(pool.give_back(0));  // twice
    CHECK(pool.free_approx() == 2);
    CHECK(drained_round(pool).empty());
    CHECK_FALSE(lease->try_push({}));  // the old lease stays closed
    auto next = pool.lease();
    CHECK(next->id() == 0);
    CHECK_FALSE(lease->try_push({}));
    CHECK(next->try_push(bytes_of("two")));
    CHECK_FALSE(pool.give_back(0));
    CHECK(drained_round(pool) == ids{0});
}

TEMPLATE_LIST_TEST_CASE("the_end_of_a_ring_is_told_once_after_its_last_message", "", every_pool) {
    TestType pool({.rings = 1, .bytes = 64});
    for (std::size_t messages = 0; messages < 4; ++messages) {
        auto lease = pool.lease();
        for (std::size_t i = 0; i < messages; ++i) REQUIRE(lease->try_push(bytes_of("x")));
        lease->close();
        // One message a visit; then the end.
        for (std::size_t i = 0; i < messages; ++i) {
            CHECK(pool.for_each_ready([](std::size_t, auto ring) {
                CHECK_FALSE(ring.drained());
                ring.consume(ring.peek(1).size());
            }) == 1);
        }
        CHECK(pool.for_each_ready([](std::size_t, auto ring) {
            CHECK(ring.drained());
            CHECK_FALSE(ring.peek().has_value());
        }) == 1);
        for (int again = 0; again < 3; ++again) CHECK(drained_round(pool).empty());
        CHECK(pool.arm());  // nothing more to say
        REQUIRE(pool.give_back(0));
    }
}

TEMPLATE_LIST_TEST_CASE("a_ring_may_be_given_back_and_leased_inside_its_visit", "", every_pool) {
    TestType pool({.rings = 1, .bytes = 64});
    for (int lap = 0; lap < 5; ++lap) {
        auto lease = pool.lease();
        REQUIRE(lease->try_push(bytes_of("last")));
        lease->close();
        decltype(pool.lease()) next;
        CHECK(pool.for_each_ready([&](std::size_t id, auto ring) {
            ring.drain([](auto) {});
            REQUIRE(pool.give_back(id));
            if (lap % 2 == 0) return;
            next = pool.lease();
            REQUIRE(next->try_push(bytes_of("first")));
        }) == 1);
        CHECK(drained_round(pool) == (next ? ids{0} : ids{}));
        if (!next) continue;
        next->close();
        CHECK(drained_round(pool) == ids{0});
        REQUIRE(pool.give_back(0));
    }
}

TEMPLATE_LIST_TEST_CASE("statistics_are_of_a_lease_and_of_the_life_of_the_pool", "", every_pool) {
    TestType pool({.rings = 2, .bytes = 4096});
    CHECK(pool.statistics(7).published == 0);
    for (std::uint64_t lap = 1; lap <= 3; ++lap) {
        auto lease = pool.lease();
        CHECK(pool.statistics(0).published == 0);
        CHECK(pool.statistics(0).refused_pushes == 0);
        for (std::uint64_t i = 0; i < lap; ++i) REQUIRE(lease->try_push(bytes(100)));
        CHECK_FALSE(lease->try_push(bytes(pool.message_bytes_max())));
        CHECK(pool.statistics(0).published == lap);
        CHECK(pool.statistics(0).published_bytes == 100 * lap);
        CHECK(pool.statistics(0).consumed == 0);
        lease->close();
        drained_round(pool);
        drained_round(pool);
        REQUIRE(pool.give_back(0));
        const lfq::message_statistics of_lease = pool.statistics(0);  // kept until the next lease
        CHECK(of_lease.consumed == lap);
        CHECK(of_lease.consumed_bytes == 100 * lap);
        CHECK(of_lease.refused_pushes == 1);
        CHECK(of_lease.high_water_bytes == 112 * lap);
    }
    auto first = pool.lease();
    auto second = pool.lease();
    REQUIRE(second->try_push(bytes(8)));
    CHECK(pool.statistics(1).published == 1);
    const lfq::message_statistics all = pool.statistics();
    CHECK(all.published == 7);
    CHECK(all.published_bytes == 608);
    CHECK(all.consumed == 6);
    CHECK(all.refused_pushes == 3);
    CHECK(all.high_water_bytes == 336);
}
