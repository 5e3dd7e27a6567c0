// SPDX-License-Identifier: MIT
// Goal: a pool is built with what was asked for, or says in one sentence what cannot be.
// Method: sizes at both ends of what is allowed; objects that throw, that count their lifetimes,
//       that are aligned beyond a line, that neither move nor copy.
// Cannot show: memory that runs out in the middle.
#include <lfq/pool/event_pool.hpp>

#include "support/catch.hpp"
#include "support/tracked.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <stdexcept>
#include <string>

namespace {

using support::lifetimes;

struct anchored {
    anchored() = default;
    explicit anchored(int start) : number(start) {}
    anchored(const anchored&) = delete;
    anchored& operator=(const anchored&) = delete;
    std::atomic<int> number{7};
};

struct alignas(256) wide {
    std::uint64_t number = 3;
};

template <class T = int>
std::string refusal_of(const lfq::pool_limits& wanted) {
    try {
        const lfq::event_pool<T> pool(wanted);
    } catch (const std::length_error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a_pool_has_the_sizes_of_its_limits") {
    const lfq::event_pool<int> by_default;
    CHECK(by_default.capacity() == 65'536);
    CHECK(by_default.cache_capacity() == 1'000);
    CHECK(by_default.homes() == 1);
    const lfq::event_pool<int> small({.capacity = 100});
    CHECK(small.capacity() == 128);
    CHECK(small.cache_capacity() == 16);
    const lfq::event_pool<int> odd({.capacity = 8, .cache_capacity = 5});
    CHECK(odd.cache_capacity() == 4);
    const lfq::event_pool<int, lfq::storage::inplace<32>> inside;
    CHECK(inside.capacity() == 32);
    CHECK(inside.cache_capacity() == 4);
}

TEST_CASE("the_smallest_pools_hand_out_what_they_have") {
    for (const std::size_t capacity : {1u, 2u, 4u}) {
        lfq::event_pool<int> pool({.capacity = capacity, .caches_max = 1});
        auto mine = pool.cache();
        for (int round = 0; round < 5; ++round) {
            std::array<lfq::pooled<int>, 4> out;
            for (std::size_t i = 0; i < capacity; ++i) {
                out[i] = mine->take();
                CHECK(out[i]);
            }
            CHECK_FALSE(mine->take());
            if (round % 2 != 0) {
                for (auto& each : out) mine->give_back(std::move(each));
            }
        }
    }
}

TEST_CASE("sizes_that_cannot_be_are_length_errors_with_a_sentence") {
    const std::string capacity =
        "lfq: event_pool: capacity must be from 1 to 1,073,741,824, which its indices can name, "
        "and its objects must fit into memory";
    CHECK(refusal_of({.capacity = 0}) == capacity);
    CHECK(refusal_of({.capacity = (std::size_t{1} << 30) + 1}) == capacity);
    CHECK(refusal_of({.capacity = SIZE_MAX}) == capacity);
    CHECK(refusal_of<std::array<char, 1 << 20>>({.capacity = std::size_t{1} << 60}) == capacity);
    const std::string cache =
        "lfq: event_pool: cache_capacity must be from 2 to the capacity, or 0";
    CHECK(refusal_of({.capacity = 8, .cache_capacity = 1}) == cache);
    CHECK(refusal_of({.capacity = 8, .cache_capacity = 9}) == cache);
    CHECK(refusal_of({.capacity = 8, .cache_capacity = SIZE_MAX}) == cache);
    CHECK(refusal_of({.capacity = 8, .cache_capacity = 8}).empty());
    const std::string caches = "lfq: event_pool: caches_max must be from 1 to 65,536";
    CHECK(refusal_of({.capacity = 8, .caches_max = 0}) == caches);
    CHECK(refusal_of({.capacity = 8, .caches_max = 65'537}) == caches);
    using pool = lfq::event_pool<int>;
    CHECK_THROWS_AS(
        pool({.capacity = 8}, std::span<const lfq::storage::heap>()), std::length_error);
}

TEST_CASE("objects_are_built_and_destroyed_with_the_pool") {
    {
        std::uint64_t next = 0;
        lfq::event_pool<support::wide_tracked> pool({.capacity = 8, .cache_capacity = 2},
            [&next] { return support::wide_tracked(next++); });
        CHECK(next == 8);
        CHECK(lifetimes::open == 8);
        auto mine = pool.cache();
        auto one = mine->take();
        CHECK(one->value() == 0);
        CHECK(reinterpret_cast<std::uintptr_t>(one.get()) % 256 == 0);
        one.give_back();
        CHECK(lifetimes::open == 8);
    }
    CHECK(lifetimes::balanced());
}

TEST_CASE("an_object_that_throws_leaves_nothing_behind") {
    using pool = lfq::event_pool<support::tracked>;
    support::tracked::builds_until_throw = 5;
    CHECK_THROWS_AS(
        pool({.capacity = 8}, [] { return support::tracked(1); }), support::build_failure);
    support::tracked::builds_until_throw = 13;
    const std::array<lfq::storage::heap, 2> two{};
    CHECK_THROWS_AS(
        pool({.capacity = 8}, two, [] { return support::tracked(1); }), support::build_failure);
    support::tracked::builds_until_throw = 0;
    CHECK(lifetimes::balanced());
}

TEST_CASE("objects_need_neither_move_nor_copy") {
    lfq::event_pool<anchored> pool({.capacity = 4});
    CHECK(pool.cache()->take()->number == 7);
    lfq::event_pool<anchored> made({.capacity = 4}, [] { return anchored(9); });
    CHECK(made.cache()->take()->number == 9);
}

TEST_CASE("alignment_beyond_a_line_is_kept") {
    lfq::event_pool<wide> pool({.capacity = 8, .cache_capacity = 2});
    auto mine = pool.cache();
    for (int i = 0; i < 8; ++i) {
        wide* const one = mine->take().detach();
        CHECK(reinterpret_cast<std::uintptr_t>(one) % 256 == 0);
        CHECK(one->number == 3);
        auto again = lfq::pooled<wide>::adopt(one);
        mine->give_back(std::move(again));
    }
}

TEST_CASE("the_first_objects_lie_side_by_side") {
    lfq::event_pool<std::uint64_t> pool({.capacity = 64, .cache_capacity = 8});
    auto mine = pool.cache();
    auto first = mine->take();
    auto second = mine->take();
    auto third = mine->take();
    CHECK(first.get() < second.get());
    CHECK(reinterpret_cast<std::byte*>(third.get()) - reinterpret_cast<std::byte*>(second.get()) ==
        reinterpret_cast<std::byte*>(second.get()) - reinterpret_cast<std::byte*>(first.get()));
}
