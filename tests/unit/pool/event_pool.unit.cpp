// SPDX-License-Identifier: MIT
// Goal: a pool hands out each of its objects once, as it was left, says when there is none, and
//       takes them back by a cache, by a handle's end and by a cache's end; its counts agree.
// Method: small pools on one thread, of every storage; counters that start just below their wrap.
// Cannot show: threads; those are the model's and the stress tests'.
#include <lfq/pool/event_pool.hpp>

#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/tracked.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using support::env_near_wrap;
using number = std::uint64_t;

// Small caches, so that magazines are exchanged all the time.
template <class Pool>
Pool& small_pool(std::optional<Pool>& place) {
    if constexpr (std::is_same_v<typename Pool::limits, lfq::pool_limits>) {
        place.emplace(lfq::pool_limits{.capacity = 16, .cache_capacity = 4, .caches_max = 3});
    } else {
        place.emplace(lfq::pool_cache_limits{.cache_capacity = 4, .caches_max = 3});
    }
    return *place;
}

using every_pool =
    std::tuple<lfq::event_pool<number>, lfq::event_pool<number, lfq::storage::heap, env_near_wrap>,
        lfq::event_pool<number, lfq::storage::huge>,
        lfq::event_pool<number, lfq::storage::inplace<16>>>;

template <class Pool>
std::vector<typename Pool::handle> take_all(typename Pool::cache_type& from) {
    std::vector<typename Pool::handle> all;
    while (auto one = from.take()) all.push_back(std::move(one));
    return all;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("every_object_is_handed_out_once", "", every_pool) {
    std::optional<TestType> place;
    TestType& pool = small_pool(place);
    auto mine = pool.cache();
    REQUIRE(mine);
    auto all = take_all<TestType>(*mine);
    CHECK(all.size() == 16);
    CHECK(pool.capacity() == 16);
    std::set<const number*> different;
    for (auto& each : all) different.insert(each.get());
    CHECK(different.size() == 16);
    CHECK_FALSE(mine->take());
}

TEMPLATE_LIST_TEST_CASE("what_came_back_is_handed_out_again_as_it_was_left", "", every_pool) {
    std::optional<TestType> place;
    TestType& pool = small_pool(place);
    auto mine = pool.cache();
    for (int way = 0; way < 3; ++way) {
        auto all = take_all<TestType>(*mine);
        REQUIRE(all.size() == 16);
        for (number i = 0; i < 16; ++i) *all[i] = 100 + i;
        if (way == 0) {
            for (auto& each : all) mine->give_back(std::move(each));
        } else if (way == 1) {
            all.clear();
        } else {
            for (number i = 0; i < 16; i += 2) mine->give_back(std::move(all[i]));
            all.clear();
        }
        auto again = take_all<TestType>(*mine);
        REQUIRE(again.size() == 16);
        std::set<number> found;
        for (auto& each : again) found.insert(*each);
        CHECK(found.size() == 16);
        CHECK(*found.begin() == 100);
        CHECK(*found.rbegin() == 115);
    }
}

TEMPLATE_LIST_TEST_CASE("batches_are_taken_and_given_back_as_one_by_one", "", every_pool) {
    std::optional<TestType> place;
    TestType& pool = small_pool(place);
    auto mine = pool.cache();
    std::array<typename TestType::handle, 20> some;
    for (std::size_t n = 0; n <= 20; ++n) {
        const std::size_t most = std::min<std::size_t>(n, 16);
        CHECK(mine->take_n(std::span(some).first(n)) == most);
        std::set<const number*> different;
        for (std::size_t i = 0; i < most; ++i) different.insert(some[i].get());
        CHECK(different.size() == most);
        for (std::size_t i = most; i < 20; ++i) CHECK_FALSE(some[i]);
        CHECK(pool.statistics().taken - pool.statistics().given_back == most);
        some[n / 2].give_back();
        mine->give_back_n(some);
        for (const auto& each : some) CHECK_FALSE(each);
        CHECK(pool.statistics().taken == pool.statistics().given_back);
    }
    CHECK(mine->take_n(std::span(some).first(16)) == 16);
    std::swap(some[0], some[17]);
    CHECK(mine->take_n(std::span(some).first(2)) == 0);
    mine->give_back_n(some);
    CHECK(mine->take_n(std::span(some).first(3)) == 3);
    CHECK(mine->take_n(std::span(some).first(3)) == 3);  // what was there ends
    CHECK(pool.statistics().taken - pool.statistics().given_back == 3);
}

TEMPLATE_LIST_TEST_CASE("the_counts_agree_with_what_happened", "", every_pool) {
    std::optional<TestType> place;
    TestType& pool = small_pool(place);
    CHECK(pool.statistics().capacity == 16);
    CHECK(pool.statistics().high_water == 0);
    {
        auto mine = pool.cache();
        auto all = take_all<TestType>(*mine);
        auto books = pool.statistics();
        CHECK(books.taken == 16);
        CHECK(books.given_back == 0);
        CHECK(books.refused == 1);
        CHECK(books.high_water == 16);
        for (int i = 0; i < 5; ++i) {
            mine->give_back(std::move(all.back()));
            all.pop_back();
            all.pop_back();
        }
        books = pool.statistics();
        CHECK(books.taken == 16);
        CHECK(books.given_back == 10);
        all.clear();
        CHECK(pool.statistics().given_back == 16);
    }
    const auto books = pool.statistics();  // the end of a cache counts nothing
    CHECK(books.taken == 16);
    CHECK(books.given_back == 16);
    CHECK(books.refused == 1);
}

TEST_CASE("objects_that_fill_no_magazine_are_handed_out_too") {
    lfq::event_pool<number> pool({.capacity = 16, .cache_capacity = 6});  // magazines of 3
    auto mine = pool.cache();
    CHECK(take_all<lfq::event_pool<number>>(*mine).size() == 16);
    CHECK(pool.statistics().given_back == 16);
}

TEST_CASE("high_water_is_an_upper_bound_of_what_was_out") {
    lfq::event_pool<number> pool({.capacity = 64, .cache_capacity = 8});
    auto mine = pool.cache();
    std::vector<lfq::pooled<number>> out;
    for (int i = 0; i < 10; ++i) out.push_back(mine->take());
    CHECK(pool.statistics().high_water >= 10);
    CHECK(pool.statistics().high_water <= 10 + pool.cache_capacity());
}

TEST_CASE("the_last_one_given_back_is_the_first_one_taken") {
    lfq::event_pool<number> pool({.capacity = 64, .cache_capacity = 8});
    auto mine = pool.cache();
    for (int i = 0; i < 100; ++i) {
        auto one = mine->take();
        const number* const where = one.get();
        mine->give_back(std::move(one));
        auto again = mine->take();
        CHECK(again.get() == where);
        mine->give_back(std::move(again));
    }
    CHECK(pool.statistics().taken == 200);
}

TEST_CASE("there_are_as_many_caches_as_was_said") {
    lfq::event_pool<number> pool({.capacity = 16, .cache_capacity = 4, .caches_max = 2});
    auto first = pool.cache();
    auto second = pool.cache();
    CHECK(first);
    CHECK(second);
    CHECK_FALSE(pool.cache());
    first.reset();
    CHECK(pool.cache());
}

TEST_CASE("a_cache_holds_no_more_than_its_capacity") {
    lfq::event_pool<number> pool({.capacity = 16, .cache_capacity = 4, .caches_max = 2});
    auto hoarder = pool.cache();
    CHECK(pool.cache_capacity() == 4);
    for (int way = 0; way < 3; ++way) {
        auto all = take_all<lfq::event_pool<number>>(*hoarder);
        REQUIRE(all.size() == 16);
        if (way == 1) {  // a chain in the cache, then everything comes back to it
            for (int i = 0; i < 3; ++i) all.pop_back();
            all.push_back(hoarder->take());
        }
        for (auto& each : all) hoarder->give_back(std::move(each));
        all.clear();
        auto other = pool.cache();
        CHECK(take_all<lfq::event_pool<number>>(*other).size() >= 16 - 4);
    }
}

TEST_CASE("a_cache_that_takes_a_long_list_leaves_the_rest") {
    lfq::event_pool<number> pool({.capacity = 64, .cache_capacity = 4, .caches_max = 2});
    auto first = pool.cache();
    auto all = take_all<lfq::event_pool<number>>(*first);
    REQUIRE(all.size() == 64);
    all.clear();  // one by one, by their ends
    auto one = first->take();
    auto second = pool.cache();
    CHECK(take_all<lfq::event_pool<number>>(*second).size() >= 64 - 4);
}

// Ended caches leave magazines half full, again and again; none of that is lost, and the empty
// magazines do not run dry.
TEST_CASE("caches_that_end_starve_nobody") {
    lfq::event_pool<number> pool({.capacity = 16, .cache_capacity = 8, .caches_max = 2});
    for (std::size_t round = 0; round < 200; ++round) {
        auto passing = pool.cache();
        std::vector<lfq::pooled<number>> some;
        for (std::size_t i = 0; i <= round % 7; ++i) some.push_back(passing->take());
        for (auto& each : some) {
            REQUIRE(each);
            if (round % 3 != 0) passing->give_back(std::move(each));
        }
    }
    auto mine = pool.cache();
    CHECK(take_all<lfq::event_pool<number>>(*mine).size() == 16);
    CHECK(pool.statistics().refused == 1);
}

// Each takes one object of a magazine, and what it leaves is not quite a magazine.
TEST_CASE("caches_that_take_one_object_and_end_leave_whole_magazines") {
    for (const std::size_t cache_capacity : {2u, 4u, 6u, 10u, 32u}) {
        lfq::event_pool<number> pool(
            {.capacity = 64, .cache_capacity = cache_capacity, .caches_max = 2});
        std::vector<lfq::pooled<number>> late;
        for (std::size_t round = 0; round < 500; ++round) {
            auto one = pool.cache()->take();
            REQUIRE(one);
            if (round % 3 == 0) late.push_back(std::move(one));
            if (round % 5 == 0) late.clear();
        }
        late.clear();
        auto hoarder = pool.cache();
        REQUIRE(hoarder->take());
        auto other = pool.cache();
        CHECK(take_all<lfq::event_pool<number>>(*other).size() >= 64 - cache_capacity);
    }
}

TEST_CASE("a_thread_that_ended_leaves_its_objects_to_others") {
    lfq::event_pool<number> pool({.capacity = 32, .cache_capacity = 16, .caches_max = 2});
    std::thread([&pool] {
        auto mine = pool.cache();
        auto one = mine->take();
        mine->give_back(std::move(one));
    }).join();
    auto mine = pool.cache();
    CHECK(take_all<lfq::event_pool<number>>(*mine).size() == 32);
}

TEST_CASE("a_cache_that_moves_is_the_same_cache") {
    lfq::event_pool<number> pool({.capacity = 16, .cache_capacity = 4, .caches_max = 2});
    auto mine = *pool.cache();
    auto one = mine.take();
    auto moved = std::move(mine);
    moved.give_back(std::move(one));
    CHECK(pool.statistics().given_back == 1);
    auto other = *pool.cache();
    CHECK_FALSE(pool.cache());
    other = std::move(moved);  // ends the one it was
    CHECK(pool.cache());
    CHECK(other.take());
}

TEST_CASE("an_object_keeps_its_buffers") {
    lfq::event_pool<std::string> pool({.capacity = 2, .cache_capacity = 2});
    auto mine = pool.cache();
    auto one = mine->take();
    one->assign(1000, 'x');
    const char* const buffer = one->data();
    mine->give_back(std::move(one));
    auto again = mine->take();
    CHECK(again->data() == buffer);
    CHECK(again->size() == 1000);
}
