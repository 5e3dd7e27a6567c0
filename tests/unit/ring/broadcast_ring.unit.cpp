// SPDX-License-Identifier: MIT
// Goal: every reader of a broadcast_ring sees every value in place, the writer is held back by the
//       slowest and by nobody else, and values live until their slots are needed.
// Method: one thread that is the writer and every reader; every storage, positions near the wrap,
//         elements that count their lifetimes, that can only be moved, and that throw.
// Cannot show: readers that run beside the writer (stress/ring, model/ring).
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/broadcast_ring.hpp>

#include "support/broadcasts.hpp"
#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/tracked.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using lfq::join_at;
using support::all_of;
using support::number;
using support::numbers;
using support::push_all;
using support::with_capacity;
using near_wrap = support::env_near_wrap;
using heap = lfq::storage::heap;

using every_ring = std::tuple<lfq::broadcast_ring<std::uint64_t>,
    lfq::broadcast_ring<support::tracked, heap, lfq::wait::spin, near_wrap>,
    lfq::broadcast_ring<support::unique_tracked, lfq::storage::inplace<4>, lfq::wait::park>,
    lfq::broadcast_ring<std::uint64_t, lfq::storage::huge, lfq::wait::slip, near_wrap>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("every_reader_sees_every_value_in_place", "", every_ring) {
    auto ring = with_capacity<TestType>(4);
    auto first = ring.join(join_at::newest);
    auto second = ring.join(join_at::newest);
    for (std::uint64_t lap = 0; lap < 10; ++lap) {
        push_all(ring, 3 * lap, 3 * lap + 2);
        CHECK(first.size_approx() == 3);
        numbers seen;
        const typename TestType::value_type* shown = nullptr;
        for (const auto part : first.peek(2)) {
            for (const auto& value : part) {
                if (shown == nullptr) shown = &value;
                seen.push_back(number(value));
            }
        }
        CHECK(seen == numbers{3 * lap, 3 * lap + 1});
        CHECK(second.peek()[0].data() == shown);
        first.consume(2);
        CHECK(all_of(first) == numbers{3 * lap + 2});
        CHECK(all_of(second) == numbers{3 * lap, 3 * lap + 1, 3 * lap + 2});
        CHECK(first.empty_approx());
    }
}

TEMPLATE_LIST_TEST_CASE("the_slowest_reader_holds_the_writer_back", "", every_ring) {
    auto ring = with_capacity<TestType>(4);
    auto fast = ring.join(join_at::newest);
    auto slow = ring.join(join_at::newest);
    push_all(ring, 0, 3);
    CHECK(all_of(fast).size() == 4);
    typename TestType::value_type refused(9);
    CHECK_FALSE(ring.try_push(std::move(refused)));
    CHECK(number(refused) == 9);
    CHECK_FALSE(ring.push_for(std::move(refused), std::chrono::microseconds(1)));
    CHECK(ring.claim(1).size() == 0);
    CHECK(ring.size_approx() == ring.capacity());
    slow.drain([](const auto&) {}, 1);
    CHECK(ring.try_push(std::move(refused)));
    CHECK_FALSE(ring.try_emplace(10u));
    slow.leave();
    CHECK_FALSE(slow);
    CHECK(ring.size_approx() == 1);
    push_all(ring, 10, 12);
    CHECK_FALSE(ring.try_emplace(13u));
    CHECK(all_of(fast) == numbers{9, 10, 11, 12});
    CHECK(ring.statistics().refused_pushes == 5);
}

TEMPLATE_LIST_TEST_CASE("without_a_reader_the_writer_is_never_held_back", "", every_ring) {
    auto ring = with_capacity<TestType>(4);
    push_all(ring, 0, 20);
    CHECK(ring.empty_approx());
    CHECK(ring.statistics().published == 21);
    CHECK(ring.statistics().consumed == 21);
}

TEMPLATE_LIST_TEST_CASE("a_reader_joins_at_the_newest_or_at_the_oldest_kept", "", every_ring) {
    auto ring = with_capacity<TestType>(4);
    push_all(ring, 0, 9);
    auto newest = ring.join(join_at::newest);
    auto oldest = ring.join(join_at::oldest);
    CHECK(all_of(newest).empty());
    CHECK(all_of(oldest) == numbers{6, 7, 8, 9});
    push_all(ring, 10, 10);
    CHECK(all_of(newest) == numbers{10});
    CHECK(all_of(oldest) == numbers{10});
    auto late = ring.join(join_at::oldest);
    CHECK(all_of(late) == numbers{7, 8, 9, 10});
}

TEST_CASE("all_but_an_eighth_of_the_last_values_are_kept_for_who_joins") {
    lfq::broadcast_ring<std::uint64_t> ring(64);
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        REQUIRE(ring.try_push(i));
        auto late = ring.join(join_at::oldest);
        const numbers kept = all_of(late);
        REQUIRE(kept.size() >= std::min<std::size_t>(56, i + 1));
        REQUIRE(kept.back() == i);
        REQUIRE(kept.front() == i + 1 - kept.size());
    }
}

TEST_CASE("a_writer_that_is_refused_takes_nothing_from_who_joins") {
    lfq::broadcast_ring<std::uint64_t> ring(64);
    auto slow = ring.join(join_at::newest);
    const auto read = [&slow](std::size_t n) { return slow.drain([](std::uint64_t) {}, n); };
    CHECK(ring.try_push_n(numbers(64)) == 64);
    CHECK(read(8) == 8);
    CHECK(ring.try_push_n(numbers(8)) == 8);
    CHECK(read(4) == 4);
    CHECK(ring.try_push_n(numbers(20)) == 4);
    CHECK_FALSE(ring.try_push(0u));
    auto late = ring.join(join_at::oldest);
    CHECK(all_of(late).size() == 64);
    slow.leave();
    // It joined below what the writer may take: the floor stays there.
    auto last = ring.join(join_at::oldest);
    CHECK(ring.try_push_n(numbers(60)) == 0);
    CHECK(all_of(last).size() == 64);
}

TEST_CASE("a_full_table_is_an_answer_and_a_seat_is_free_again") {
    lfq::broadcast_ring<int> ring(2, {}, {}, 2);
    CHECK(ring.readers_max() == 2);
    auto first = ring.join(join_at::newest);
    auto second = ring.join(join_at::oldest);
    CHECK(ring.readers_approx() == 2);
    CHECK_FALSE(ring.join(join_at::newest));
    CHECK_FALSE(ring.join(join_at::oldest));
    CHECK(ring.try_push(1));
    CHECK(ring.try_push(2));
    CHECK_FALSE(ring.try_push(3));
    first = {};
    auto third = ring.join(join_at::oldest);
    CHECK(third);
    CHECK(third.try_pop() == 1);
    CHECK(ring.readers_approx() == 2);
    CHECK(lfq::broadcast_ring<int>(2).readers_max() == lfq::broadcast_ring<int>::default_readers);
    lfq::broadcast_ring<int, lfq::storage::inplace<2>> in_place({}, 3);
    CHECK(in_place.readers_max() == 3);
}

TEST_CASE("a_table_of_no_seats_is_refused") {
    CHECK_THROWS_AS(lfq::broadcast_ring<int>(2, {}, {}, 0), std::length_error);
    CHECK_THROWS_AS(lfq::broadcast_ring<int>(2, {}, {}, SIZE_MAX), std::length_error);
    CHECK_THROWS_AS(lfq::broadcast_ring<int>(0), std::length_error);
}

TEST_CASE("a_reader_moves_and_leaves_once") {
    lfq::broadcast_ring<int> ring(4, {}, {}, 2);
    auto first = ring.join(join_at::newest);
    CHECK(ring.try_push(1));
    CHECK(ring.try_push(2));
    CHECK(first.try_pop() == 1);
    auto moved = std::move(first);
    CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move): it says so
    CHECK(ring.readers_approx() == 1);
    auto other = ring.join(join_at::newest);
    other = std::move(moved);
    CHECK(ring.readers_approx() == 1);
    CHECK(other.try_pop() == 2);
    other.leave();
    other.leave();
    CHECK(ring.readers_approx() == 0);
}

TEST_CASE("values_are_copied_out_and_stay_for_others") {
    lfq::broadcast_ring<support::tracked> ring(4);
    auto first = ring.join(join_at::newest);
    auto second = ring.join(join_at::newest);
    push_all(ring, 1, 4);
    support::tracked out(0);
    CHECK(first.try_pop(out));
    CHECK(first.pop_for(out, std::chrono::microseconds(1)));
    CHECK(first.pop(out));
    CHECK(out.value() == 3);
    CHECK(first.try_pop()->value() == 4);
    CHECK_FALSE(first.try_pop(out));
    CHECK_FALSE(first.pop_for(out, std::chrono::microseconds(1)));
    std::vector<support::tracked> many(5, support::tracked(0));
    CHECK(second.try_pop_n(std::span(many).first(3)) == 3);
    CHECK(many[2].value() == 3);
    // What an assignment throws leaves the value to the reader.
    support::tracked::assigns_until_throw = 1;
    CHECK_THROWS_AS(second.try_pop(out), support::build_failure);
    CHECK(second.size_approx() == 1);
    CHECK_THROWS_AS(
        second.drain([](const auto&) { throw support::build_failure(); }), support::build_failure);
    CHECK(second.empty_approx());
    CHECK(ring.statistics().refused_pops == 2);
}

TEST_CASE("numbers_are_copied_in_batches_across_the_wrap") {
    lfq::broadcast_ring<std::uint64_t, heap, lfq::wait::backoff, near_wrap> ring(8);
    auto first = ring.join(join_at::newest);
    auto second = ring.join(join_at::newest);
    numbers in(5);
    numbers out(8);
    for (std::uint64_t lap = 0; lap < 6; ++lap) {
        for (std::uint64_t& each : in) each = lap * 5 + static_cast<std::uint64_t>(&each - &in[0]);
        REQUIRE(ring.try_push_n(in) == 5);
        REQUIRE(first.try_pop_n(out) == 5);
        REQUIRE(std::equal(in.begin(), in.end(), out.begin()));
        REQUIRE(all_of(second) == in);
    }
    CHECK(ring.try_push_n(numbers(9)) == 8);
    CHECK(ring.try_push_n(in) == 0);
    CHECK(first.try_pop_n(std::span(out).first(0)) == 0);
}

TEST_CASE("a_value_lives_until_its_slot_is_needed") {
    REQUIRE(support::lifetimes::balanced());
    {
        lfq::broadcast_ring<support::unique_tracked, heap, lfq::wait::backoff, near_wrap> ring(4);
        auto reader = ring.join(join_at::newest);
        push_all(ring, 0, 3);
        CHECK(all_of(reader).size() == 4);
        CHECK(support::lifetimes::open == 4);
        push_all(ring, 4, 5);
        CHECK(support::lifetimes::open == 4);
        {
            // A claim takes its slots; what is not built is nobody's.
            auto claimed = ring.claim(2);
            CHECK(claimed.size() == 2);
            CHECK(support::lifetimes::open == 2);
            claimed.emplace(6u);
            claimed.commit();
        }
        CHECK(support::lifetimes::open == 3);
        CHECK(all_of(reader) == numbers{4, 5, 6});
        support::tracked::builds_until_throw = 1;
        CHECK_THROWS_AS(ring.try_emplace(7u), support::build_failure);
        push_all(ring, 7, 7);
        CHECK(all_of(reader) == numbers{7});
        auto abandoned = ring.claim(1);
        abandoned.emplace(8u);
    }
    CHECK(support::lifetimes::balanced());
}

TEMPLATE_LIST_TEST_CASE("the_end_comes_behind_the_last_value", "", every_ring) {
    auto ring = with_capacity<TestType>(4);
    auto reader = ring.join(join_at::newest);
    push_all(ring, 1, 2);
    ring.close();
    typename TestType::value_type late(9);
    CHECK_FALSE(ring.push(std::move(late)));
    CHECK(number(late) == 9);
    CHECK(reader.closed());
    CHECK_FALSE(reader.drained());
    CHECK_FALSE(ring.drained());
    CHECK(all_of(reader) == numbers{1, 2});
    CHECK(reader.drained());
    CHECK(ring.drained());
    auto behind = ring.join(join_at::oldest);
    CHECK_FALSE(ring.drained());
    CHECK(all_of(behind) == numbers{1, 2});
    CHECK(ring.closed());
}
