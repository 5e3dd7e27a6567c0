// SPDX-License-Identifier: MIT
// Goal: an object goes back to the home that it came from, whoever gives it back: in chains from a
//       cache of another home, at once by its handle's end.
// Method: two and three homes on the heap; what a home has is what a cache of it gets.
// Cannot show: nodes of memory; storage decides about those.
#include <lfq/pool/event_pool.hpp>

#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace {

using pool = lfq::event_pool<int>;
using handle = lfq::pooled<int>;

constexpr std::array<lfq::storage::heap, 3> three{};
constexpr std::span<const lfq::storage::heap> three_homes(three);
constexpr std::span<const lfq::storage::heap> two_homes = three_homes.first(2);

std::vector<handle> take_all(pool& all, std::size_t home) {
    std::vector<handle> out;
    auto mine = all.cache(home);
    while (handle one = mine->take()) out.push_back(std::move(one));
    return out;
}

}  // namespace

TEST_CASE("each_home_has_its_own_objects") {
    pool all({.capacity = 16}, two_homes);
    CHECK(all.homes() == 2);
    CHECK(all.capacity() == 32);
    const auto here = take_all(all, 0);
    const auto there = take_all(all, 1);
    CHECK(here.size() == 16);
    CHECK(there.size() == 16);
    CHECK(all.statistics(0).taken == 16);
    CHECK(all.statistics(1).taken == 16);
    CHECK(all.statistics().taken == 32);
    CHECK(all.statistics().capacity == 32);
    CHECK(all.storage(0).capacity() == 16);
}

TEST_CASE("caches_are_counted_for_each_home") {
    pool all({.capacity = 16, .caches_max = 1}, two_homes);
    const auto here = all.cache(0);
    const auto there = all.cache(1);
    CHECK(here);
    CHECK(there);
    CHECK_FALSE(all.cache(0));
    CHECK_FALSE(all.cache(1));
}

TEST_CASE("what_is_given_back_abroad_goes_home_in_chains") {
    pool all({.capacity = 256, .cache_capacity = 128, .caches_max = 2}, two_homes);
    auto out = take_all(all, 0);
    REQUIRE(out.size() == 256);
    auto abroad = all.cache(1);
    constexpr std::size_t batch = 32;
    for (std::size_t i = 0; i < batch; ++i) {
        CHECK(all.statistics(0).given_back == 0);
        abroad->give_back(std::move(out[i]));
    }
    CHECK(all.statistics(0).given_back == batch);
    CHECK(all.statistics(1).given_back == 0);
    CHECK(take_all(all, 0).size() == batch);
    for (std::size_t i = batch; i < 256; ++i) abroad->give_back(std::move(out[i]));
    CHECK(take_all(all, 0).size() == 256);
    CHECK(take_all(all, 1).size() == 256);
}

TEST_CASE("a_cache_that_ends_sends_home_what_it_has_of_others") {
    pool all({.capacity = 16, .cache_capacity = 8}, two_homes);
    auto out = take_all(all, 0);
    {
        auto abroad = all.cache(1);
        for (int i = 0; i < 3; ++i) {
            abroad->give_back(std::move(out.back()));
            out.pop_back();
        }
    }
    CHECK(all.statistics(0).given_back == 3);
    CHECK(take_all(all, 0).size() == 3);
}

TEST_CASE("a_cache_that_looks_for_more_sends_home_what_it_has_of_others") {
    pool all({.capacity = 16, .cache_capacity = 4}, two_homes);
    handle foreign = all.cache(0)->take();
    auto abroad = all.cache(1);
    abroad->give_back(std::move(foreign));
    CHECK(all.statistics(0).given_back == 0);
    const handle one = abroad->take();
    CHECK(all.statistics(0).given_back == 1);
}

TEST_CASE("a_batch_may_be_of_several_homes") {
    pool all({.capacity = 16, .cache_capacity = 8}, three_homes);
    auto mine = all.cache(1);
    std::vector<handle> some = take_all(all, 0);
    for (handle& each : take_all(all, 1)) some.push_back(std::move(each));
    std::swap(some[3], some[30]);
    mine->give_back_n(some);
    mine.reset();
    CHECK(take_all(all, 0).size() == 16);
    CHECK(take_all(all, 1).size() == 16);
}

TEST_CASE("a_chain_is_for_one_home") {
    pool all({.capacity = 16, .cache_capacity = 8}, three_homes);
    auto mine = all.cache(2);
    auto first = take_all(all, 0);
    auto second = take_all(all, 1);
    for (std::size_t i = 0; i < 16; ++i) {
        mine->give_back(std::move(first[i]));
        mine->give_back(std::move(second[i]));
    }
    mine.reset();
    for (std::size_t home = 0; home < 3; ++home) CHECK(take_all(all, home).size() == 16);
    CHECK(all.statistics().given_back == all.statistics().taken);
}

TEST_CASE("the_end_of_a_handle_sends_its_object_home_at_once") {
    pool all({.capacity = 16}, two_homes);
    {
        const handle one = all.cache(1)->take();
        CHECK(all.statistics(1).given_back == 0);
    }
    CHECK(all.statistics(1).given_back == 1);
    CHECK(all.statistics(0).given_back == 0);
}
