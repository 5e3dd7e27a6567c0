// SPDX-License-Identifier: MIT
// Goal: the writer of a lossy_broadcast_ring is never refused, and a reader sees the newest values
//       in order and knows exactly how many it missed.
// Method: one thread that is the writer and every reader; every storage, positions near the wrap,
//         values of less than a word, of one, and of several.
// Cannot show: values that are overwritten while they are copied (model/ring, stress/ring).
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>

#include "support/broadcasts.hpp"
#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/traffic.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <tuple>
#include <vector>

namespace {

using lfq::join_at;
using support::all_of;
using support::message;
using support::number;
using support::numbers;
using support::push_all;
using support::with_capacity;
using near_wrap = support::env_near_wrap;
using heap = lfq::storage::heap;

using every_ring = std::tuple<lfq::lossy_broadcast_ring<std::uint64_t>,
    lfq::lossy_broadcast_ring<std::uint16_t, heap, lfq::wait::spin, near_wrap>,
    lfq::lossy_broadcast_ring<message, lfq::storage::inplace<8>, lfq::wait::park>,
    lfq::lossy_broadcast_ring<message, lfq::storage::huge, lfq::wait::slip, near_wrap>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("a_reader_that_keeps_up_misses_nothing", "", every_ring) {
    auto ring = with_capacity<TestType>(8);
    auto first = ring.join(join_at::newest);
    auto second = ring.join(join_at::oldest);
    for (unsigned lap = 0; lap < 10; ++lap) {
        push_all(ring, 3 * lap, 3 * lap + 2);
        CHECK(first.size_approx() == 3);
        typename TestType::value_type out(0);
        CHECK(first.try_pop(out));
        CHECK(number(out) == 3 * lap);
        CHECK(first.pop(out));
        CHECK(first.pop_for(out, std::chrono::microseconds(1)));
        CHECK(number(out) == 3 * lap + 2);
        CHECK_FALSE(first.try_pop());
        CHECK(all_of(second) == numbers{3 * lap, 3 * lap + 1, 3 * lap + 2});
    }
    CHECK(first.missed() == 0);
    CHECK(second.missed() == 0);
}

TEMPLATE_LIST_TEST_CASE("an_overrun_reader_knows_how_many_it_missed", "", every_ring) {
    auto ring = with_capacity<TestType>(8);
    auto reader = ring.join(join_at::newest);
    push_all(ring, 0, 19);
    CHECK(reader.missed() == 0);
    CHECK(reader.size_approx() <= ring.capacity());
    numbers seen = all_of(reader);
    CHECK(reader.missed() == 20 - seen.size());
    REQUIRE(seen.size() >= 7);
    CHECK(seen.front() == reader.missed());
    CHECK(seen.back() == 19);
    push_all(ring, 20, 24);
    CHECK(all_of(reader).size() == 5);
    CHECK(reader.missed() + seen.size() + 5 == 25);
}

TEMPLATE_LIST_TEST_CASE("a_reader_may_skip_to_what_it_likes", "", every_ring) {
    auto ring = with_capacity<TestType>(8);
    auto reader = ring.join(join_at::newest);
    push_all(ring, 0, 2);
    CHECK(reader.skip_to(join_at::oldest) == 0);
    CHECK(number(*reader.try_pop()) == 0);
    CHECK(reader.skip_to(join_at::newest) == 2);
    CHECK_FALSE(reader.try_pop());
    push_all(ring, 3, 22);
    const std::uint64_t skipped = reader.skip_to(join_at::oldest);
    CHECK(skipped >= 12);
    CHECK(skipped <= 13);
    CHECK(reader.missed() == 2 + skipped);
    CHECK(number(*reader.try_pop()) == 3 + skipped);
    auto copy = reader;
    CHECK(all_of(copy) == all_of(reader));
}

TEMPLATE_LIST_TEST_CASE("a_late_reader_joins_at_the_newest_or_at_the_oldest_kept", "", every_ring) {
    auto ring = with_capacity<TestType>(8);
    CHECK(ring.empty_approx());
    push_all(ring, 0, 29);
    auto newest = ring.join(join_at::newest);
    auto oldest = ring.join(join_at::oldest);
    CHECK(all_of(newest).empty());
    CHECK(oldest.size_approx() == ring.size_approx());
    const numbers kept = all_of(oldest);
    CHECK(kept.size() >= 7);
    CHECK(kept.size() <= ring.capacity());
    CHECK(kept.back() == 29);
    CHECK(kept.front() == 30 - kept.size());
    CHECK(oldest.missed() == 0);
    CHECK(ring.statistics().published == 30);
    CHECK(ring.statistics().consumed == 30 - kept.size());
}

TEMPLATE_LIST_TEST_CASE("a_batch_of_any_length_is_taken_whole", "", every_ring) {
    using element = typename TestType::value_type;
    auto ring = with_capacity<TestType>(8);
    auto reader = ring.join(join_at::newest);
    std::vector<element> values;
    for (std::uint16_t i = 0; i < 30; ++i) values.emplace_back(i);
    const std::span<const element> all(values);
    CHECK(ring.try_push_n(all.first(0)) == 0);
    CHECK(ring.try_push_n(all.first(5)) == 5);
    std::vector<element> out(30, element(0));
    CHECK(reader.try_pop_n(std::span(out).first(3)) == 3);
    CHECK(number(out[2]) == 2);
    CHECK(ring.try_push_n(all) == 30);
    const std::size_t got = reader.try_pop_n(out);
    CHECK(3 + got + reader.missed() == 35);
    CHECK(number(out[got - 1]) == 29);
}

TEMPLATE_LIST_TEST_CASE("the_end_of_a_lossy_ring_comes_behind_the_last_value", "", every_ring) {
    using element = typename TestType::value_type;
    auto ring = with_capacity<TestType>(8);
    auto reader = ring.join(join_at::newest);
    push_all(ring, 1, 2);
    ring.close();
    CHECK_FALSE(ring.try_push(element(9)));
    CHECK_FALSE(ring.push(element(9)));
    const std::vector<element> some(2, element(9));
    CHECK(ring.try_push_n(std::span<const element>(some)) == 0);
    CHECK(ring.statistics().refused_pushes == 2);
    CHECK(ring.closed());
    CHECK(reader.closed());
    CHECK_FALSE(reader.drained());
    element out(0);
    CHECK(reader.pop(out));
    CHECK(reader.pop(out));
    CHECK_FALSE(reader.pop(out));
    CHECK(reader.drained());
}

TEST_CASE("what_throws_while_it_is_built_leaves_a_lossy_ring_as_it_was") {
    struct picky {
        explicit picky(int of) : number(of) {
            if (of < 0) throw std::runtime_error("no such thing");
        }
        int number;
    };
    lfq::lossy_broadcast_ring<picky> ring(8);
    auto reader = ring.join(join_at::newest);
    for (int i = 0; i < 8; ++i) REQUIRE(ring.try_emplace(i));
    CHECK_THROWS_AS(ring.try_emplace(-1), std::runtime_error);
    CHECK(ring.size_approx() == 8);
    CHECK(ring.statistics().published == 8);
    CHECK(ring.statistics().refused_pushes == 0);
    for (int i = 0; i < 8; ++i) REQUIRE(reader.try_pop()->number == i);
    CHECK(reader.missed() == 0);
    CHECK(ring.try_emplace(8));
    CHECK(reader.try_pop()->number == 8);
    ring.close();
    CHECK_FALSE(ring.try_emplace(-1));  // nothing is built for a closed ring
}

TEST_CASE("what_a_visitor_throws_at_is_consumed") {
    lfq::lossy_broadcast_ring<int> ring(8);
    auto reader = ring.join(join_at::newest);
    CHECK(ring.try_push(1));
    CHECK(ring.try_push(2));
    CHECK_THROWS_AS(
        reader.drain([](int) { throw std::runtime_error("enough"); }), std::runtime_error);
    CHECK(reader.try_pop() == 2);
    CHECK_FALSE(lfq::lossy_broadcast_ring<int>::reader());
    CHECK_THROWS_AS(lfq::lossy_broadcast_ring<int>(0), std::length_error);
}
