// SPDX-License-Identifier: MIT
// Goal: each kind of handle gives its object back once, when it is told to, and not before: the
//       only one, those that share, a std::shared_ptr with and without weak ones, a bare pointer.
// Method: pools of a few objects; what is out is what the statistics say.
// Cannot show: handles that end at the same moment; that is the model's and the stress tests'.
#include <lfq/pool/event_pool.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace {

using pool = lfq::event_pool<int>;
using handle = lfq::pooled<int>;
using share = lfq::shared_pooled<int>;

static_assert(sizeof(handle) == sizeof(void*) && sizeof(share) == sizeof(void*));
static_assert(
    std::is_nothrow_move_constructible_v<handle> && !std::is_copy_constructible_v<handle>);
static_assert(std::is_nothrow_move_assignable_v<handle>);
static_assert(std::is_nothrow_copy_constructible_v<share> &&
    std::is_nothrow_move_constructible_v<share> && std::is_nothrow_copy_assignable_v<share>);

std::uint64_t out_of(const pool& all) {
    const auto books = all.statistics();
    return books.taken - books.given_back;
}

}  // namespace

TEST_CASE("the_end_of_a_handle_gives_its_object_back") {
    pool all({.capacity = 4});
    auto mine = all.cache();
    {
        const handle one = mine->take();
        CHECK(out_of(all) == 1);
    }
    CHECK(out_of(all) == 0);
    handle one = mine->take();
    handle two = mine->take();
    CHECK(out_of(all) == 2);
    one = std::move(two);
    CHECK(out_of(all) == 1);
    CHECK_FALSE(two);
    CHECK(two.get() == nullptr);
    handle& itself = one;
    one = std::move(itself);
    CHECK(one);
    CHECK(out_of(all) == 1);
    one.give_back();
    one.give_back();
    CHECK(out_of(all) == 0);
}

TEST_CASE("an_empty_handle_may_be_given_back") {
    pool all({.capacity = 4});
    auto mine = all.cache();
    mine->give_back(handle());
    mine->give_back(share());
    handle one = mine->take();
    handle moved = std::move(one);
    mine->give_back(std::move(one));
    CHECK(out_of(all) == 1);
    mine->give_back(std::move(moved));
    CHECK_FALSE(moved);
    CHECK(out_of(all) == 0);
    CHECK_FALSE(to_shared_ptr(handle()));
}

TEST_CASE("a_handle_outlives_its_cache") {
    pool all({.capacity = 4});
    handle one = all.cache()->take();
    *one = 5;
    CHECK(out_of(all) == 1);
    CHECK(*one == 5);
    one.give_back();
    CHECK(out_of(all) == 0);
}

TEST_CASE("a_handle_travels_through_a_ring") {
    pool all({.capacity = 8});
    lfq::spsc_ring<handle> ring(4);
    auto mine = all.cache();
    for (int i = 0; i < 20; ++i) {
        handle one = mine->take();
        *one = i;
        REQUIRE(ring.try_push(std::move(one)));
        handle other;
        REQUIRE(ring.try_pop(other));
        CHECK(*other == i);
        if (i % 2 == 0) mine->give_back(std::move(other));
    }
    CHECK(ring.try_push(mine->take()));
    CHECK(out_of(all) == 1);
    CHECK(ring.drain([](handle&) {}) == 1);
    CHECK(out_of(all) == 0);
}

TEST_CASE("the_last_share_gives_the_object_back") {
    pool all({.capacity = 4});
    auto mine = all.cache();
    handle first = mine->take();
    *first = 7;
    share one = std::move(first);
    CHECK_FALSE(first);
    share two = one;
    share three = two;
    share four = std::move(three);
    CHECK_FALSE(three);
    CHECK(*four == 7);
    CHECK(one.get() == two.get());
    one.give_back();
    two = share();
    CHECK(out_of(all) == 1);
    share& itself = four;
    four = itself;
    CHECK(out_of(all) == 1);
    mine->give_back(std::move(four));
    CHECK(out_of(all) == 0);
    CHECK_FALSE(four);
    const share nothing{handle()};
    CHECK_FALSE(nothing);
}

TEST_CASE("who_has_the_last_share_can_have_the_object_alone") {
    pool all({.capacity = 4});
    share one = all.cache()->take();
    share two = one;
    CHECK_FALSE(one.unshare());
    CHECK_FALSE(one);
    handle alone = two.unshare();
    CHECK(alone);
    CHECK_FALSE(two);
    CHECK(out_of(all) == 1);
    alone.give_back();
    CHECK(out_of(all) == 0);
}

TEST_CASE("a_shared_ptr_gives_the_object_back") {
    pool all({.capacity = 2});
    auto mine = all.cache();
    for (int round = 0; round < 5; ++round) {
        handle first = mine->take();
        *first = round;
        std::shared_ptr<int> one = to_shared_ptr(std::move(first));
        CHECK_FALSE(first);
        std::shared_ptr<int> two = one;
        one.reset();
        CHECK(*two == round);
        CHECK(two.use_count() == 1);
        CHECK(out_of(all) == 1);
        two.reset();
        CHECK(out_of(all) == 0);
    }
}

TEST_CASE("each_shared_ptr_has_a_control_block_of_its_own") {
    pool all({.capacity = 2, .cache_capacity = 2});
    auto mine = all.cache();
    const std::shared_ptr<int> one = to_shared_ptr(mine->take());
    const std::shared_ptr<int> copy = one;
    CHECK(one.use_count() == 2);
    const std::shared_ptr<int> other = to_shared_ptr(mine->take());
    CHECK(other.use_count() == 1);
    CHECK(one.use_count() == 2);
    CHECK(one != other);
}

TEST_CASE("a_weak_ptr_keeps_the_control_block_and_so_the_object") {
    pool all({.capacity = 2, .cache_capacity = 2});
    auto mine = all.cache();
    std::weak_ptr<int> weak;
    {
        const std::shared_ptr<int> one = to_shared_ptr(mine->take());
        weak = one;
        CHECK(weak.lock() == one);
    }
    CHECK(weak.expired());
    CHECK(weak.lock() == nullptr);
    CHECK(out_of(all) == 1);
    handle other = mine->take();
    CHECK(other);
    CHECK_FALSE(mine->take());
    weak.reset();
    CHECK(out_of(all) == 1);
    CHECK(mine->take());
}

TEST_CASE("a_detached_object_stays_out_until_it_is_adopted") {
    pool all({.capacity = 2});
    handle one = all.cache()->take();
    int* const value = one.detach();
    CHECK_FALSE(one);
    CHECK(out_of(all) == 1);
    CHECK(one.detach() == nullptr);
    handle again = handle::adopt(value);
    CHECK(again.get() == value);
    CHECK_FALSE(handle::adopt(nullptr));
    again.give_back();
    CHECK(out_of(all) == 0);
}
