// SPDX-License-Identifier: MIT
// Goal: the consumer's verbs answer as they say, handles come and go, and the statistics count what
//         happened.
// Method: one thread, or one after the other; both storages.
// Cannot show: waiting and the end (mpsc_message_ring_end), overlapping threads (stress).
#include <lfq/ring/mpsc_message_ring.hpp>

#include "support/catch.hpp"
#include "support/shared_messages.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using outcome = lfq::popped_message::outcome;
using support::is_message;
using support::message_of;
using support::message_view;

template <class Ring>
[[nodiscard]] std::size_t left_in(Ring& ring) {
    return ring.drain([](message_view) {});
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("bytes_that_are_too_few_get_the_size_and_leave_the_message", "",
    support::every_message_storage) {
    auto ring = TestType::make(1, 40);
    auto from = ring.producer();
    REQUIRE(from->try_push(message_of(1, 12)));
    std::array<std::byte, 40> out{};
    const auto answers = [&](lfq::popped_message popped) {
        REQUIRE(popped.what == outcome::too_short);
        REQUIRE_FALSE(popped);
        REQUIRE(popped.bytes == 12);
        REQUIRE(out == std::array<std::byte, 40>{});
    };
    answers(ring.try_pop({}));
    answers(ring.try_pop(std::span(out).first(11)));
    answers(ring.pop(std::span(out).first(11)));
    answers(ring.pop_for(std::span(out).first(11), 1h));
    REQUIRE(ring.statistics().refused_pops == 0);
    SECTION("and bytes that are just enough get it") {
        const lfq::popped_message popped = ring.try_pop(std::span(out).first(12));
        REQUIRE(popped.what == outcome::copied);
        REQUIRE(popped.bytes == 12);
    }
    SECTION("and those behind it are left alone") {
        REQUIRE(ring.pop(out).bytes == 12);
        for (std::size_t k = 12; k < out.size(); ++k) REQUIRE(out[k] == std::byte{});
    }
    REQUIRE(is_message(std::span(out).first(12), 1, 12));
    REQUIRE(ring.empty_approx());
    const lfq::popped_message none = ring.try_pop(out);
    REQUIRE(none.what == outcome::none);
    REQUIRE(none.bytes == 0);
    REQUIRE(ring.statistics().refused_pops == 1);
}

TEMPLATE_LIST_TEST_CASE(
    "peek_shows_the_oldest_until_it_is_consumed", "", support::every_message_storage) {
    auto ring = TestType::make(1, 40);
    auto from = ring.producer();
    for (std::uint64_t i = 0; i < 4; ++i) REQUIRE(from->try_push(message_of(i, i)));
    ring.consume(0);
    REQUIRE(is_message(ring.peek().value(), 0, 0));
    REQUIRE(is_message(ring.peek().value(), 0, 0));
    ring.consume();
    REQUIRE(ring.peek().value().data() == ring.peek().value().data());
    REQUIRE(is_message(ring.peek().value(), 1, 1));
    ring.consume(2);
    REQUIRE(is_message(ring.peek().value(), 3, 3));
    REQUIRE(reinterpret_cast<std::uintptr_t>(ring.peek().value().data()) % 8 == 0);
}

TEMPLATE_LIST_TEST_CASE("peek_of_many_shows_the_oldest_that_are_finished_and_none_that_was_skipped",
    "", support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    auto from = ring.producer();
    auto other = ring.producer();
    for (std::uint64_t lap = 0; lap < 60; ++lap) {  // across the wrap many times
        REQUIRE(ring.peek(SIZE_MAX).empty());
        static_cast<void>(from->claim(40));
        REQUIRE(ring.peek(1).empty());
        REQUIRE(ring.empty_approx());  // who only peeks frees it too
        static_cast<void>(from->claim(12));
        REQUIRE(from->try_push(message_of(lap, 0)));
        static_cast<void>(from->claim(40));
        static_cast<void>(from->claim(1));
        REQUIRE(other->try_push(message_of(lap + 1, 1)));
        auto cut_short = from->claim(40);
        support::write_message(lap + 2, cut_short.bytes());
        cut_short.commit(2);
        auto open = other->claim(3);
        REQUIRE(from->try_push(message_of(lap + 4, 4)));
        for (std::size_t n = 0; n <= 5; ++n) {
            const auto some = ring.peek(n);
            REQUIRE(some.size() == std::min<std::size_t>(n, 3));
            REQUIRE(some.empty() == (n == 0));
            std::size_t seen = 0;
            for (const message_view each : some) {
                REQUIRE(is_message(each, lap + seen, seen));
                ++seen;
            }
            REQUIRE(seen == some.size());
        }
        const auto all = ring.peek(SIZE_MAX);
        support::write_message(lap + 3, open.bytes());
        open.commit(3);
        REQUIRE(all.size() == 3);  // as it was when it looked
        REQUIRE(std::ranges::distance(all) == 3);
        auto second = all.begin();
        const auto first = second++;
        REQUIRE(first == all.begin());
        REQUIRE(second == std::next(first));
        ring.consume(2);
        REQUIRE(is_message(ring.peek().value(), lap + 2, 2));
        REQUIRE(is_message(*std::next(ring.peek(2).begin()), lap + 3, 3));
        ring.consume(ring.peek(9).size());
        REQUIRE(ring.empty_approx());
    }
}

TEMPLATE_LIST_TEST_CASE(
    "a_drain_frees_what_it_visited_and_no_more", "", support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    auto from = ring.producer();
    for (std::uint64_t i = 0; i < 6; ++i) REQUIRE(from->try_push(message_of(i, 9)));
    std::uint64_t next = 0;
    const auto note = [&next](message_view seen) { REQUIRE(is_message(seen, next++, 9)); };
    REQUIRE(ring.drain(note, 0) == 0);
    REQUIRE(ring.size_approx() == std::size_t{6} * 16);
    REQUIRE(ring.drain(note, 2) == 2);
    REQUIRE(ring.size_approx() == std::size_t{4} * 16);
    REQUIRE_THROWS_AS(ring.drain([&](message_view seen) {
        note(seen);
        if (next == 4) throw std::runtime_error("a visitor that was told to");
    }),
        std::runtime_error);
    REQUIRE(next == 4);
    REQUIRE(ring.size_approx() == std::size_t{2} * 16);
    REQUIRE(ring.statistics().consumed == 4);
    REQUIRE(ring.statistics().consumed_bytes == std::size_t{4} * 9);
    REQUIRE(ring.drain(note) == 2);
    REQUIRE(ring.empty_approx());
    REQUIRE(ring.drain(note) == 0);
}

TEMPLATE_LIST_TEST_CASE(
    "a_drain_ends_though_its_visitor_pushes", "", support::every_message_storage) {
    auto ring = TestType::make(1, 8);
    auto from = ring.producer();
    REQUIRE(from->try_push({}));
    std::size_t pushed = 1;
    const std::size_t seen =
        ring.drain([&](message_view) { pushed += from->try_push({}) ? 1u : 0u; });
    REQUIRE(seen == pushed);  // nothing is freed before the end, so at last it is full
    REQUIRE(seen == ring.capacity() / 8);
    REQUIRE(ring.empty_approx());
}

TEMPLATE_LIST_TEST_CASE("there_are_as_many_handles_as_stated", "", support::every_message_storage) {
    auto ring = TestType::make(3, 8);
    auto one = ring.producer();
    auto two = ring.producer();
    {
        auto three = ring.producer();
        REQUIRE((one.has_value() && two.has_value() && three.has_value()));
        REQUIRE_FALSE(ring.producer().has_value());
    }
    auto again = ring.producer();
    REQUIRE(again.has_value());
    REQUIRE_FALSE(ring.producer().has_value());
    SECTION("which know what fits and when it is over") {
        REQUIRE(one->message_bytes_max() == ring.message_bytes_max());
        REQUIRE_FALSE(two->closed());
        ring.close();
        REQUIRE(two->closed());
    }
    SECTION("and one that moved is given back once") {
        auto moved = std::move(*one);
        one.reset();
        REQUIRE_FALSE(ring.producer().has_value());
        REQUIRE(moved.try_push(message_of(1, 8)));
        REQUIRE(left_in(ring) == 1);
    }
    SECTION("and one that is assigned to lets its own go with the other") {
        *one = std::move(*two);
        two.reset();
        auto taken = ring.producer();
        REQUIRE(taken.has_value());
        REQUIRE_FALSE(ring.producer().has_value());
        REQUIRE(one->try_push(message_of(1, 8)));
        REQUIRE(taken->try_push(message_of(2, 8)));
        REQUIRE(left_in(ring) == 2);
    }
}

TEMPLATE_LIST_TEST_CASE("a_handle_taken_by_another_thread_goes_on_with_what_the_first_knew", "",
    support::every_message_storage) {
    auto ring = TestType::make(1, 8);
    std::size_t wrong = 0;
    for (std::size_t round = 0; round < 20; ++round) {
        std::thread([&] {
            auto from = ring.producer();
            std::size_t count = 0;
            while (from->try_push(message_of(count, 8))) ++count;
            if (count != ring.capacity() / 8) ++wrong;
        }).join();
        std::thread([&] {
            auto from = ring.producer();
            // One that knew nothing would spend the slack once more, each time.
            if (!from.has_value() || from->try_push({})) ++wrong;
        }).join();
        if (ring.size_approx() != ring.capacity()) ++wrong;
        if (left_in(ring) != ring.capacity() / 8) ++wrong;
    }
    REQUIRE(wrong == 0);
}

TEMPLATE_LIST_TEST_CASE(
    "statistics_count_messages_and_their_bytes", "", support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    auto one = ring.producer();
    auto two = ring.producer();
    REQUIRE(one->try_push(message_of(1, 10)));
    REQUIRE(two->push(message_of(2, 20)));
    {
        auto claimed = two->claim(40);
        REQUIRE(ring.statistics().published == 2);
        claimed.commit(5);
    }
    static_cast<void>(one->claim(30));  // abandoned: no message
    lfq::message_statistics seen = ring.statistics();
    REQUIRE(seen.published == 3);
    REQUIRE(seen.published_bytes == 35);
    REQUIRE(seen.consumed == 0);
    REQUIRE(seen.high_water_bytes == 16 + 24 + 40 + 32);
    std::array<std::byte, 40> out{};
    REQUIRE(ring.try_pop(out));
    ring.consume();
    REQUIRE(ring.statistics().consumed == 2);
    REQUIRE(ring.statistics().consumed_bytes == 30);
    REQUIRE(left_in(ring) == 1);

    one.reset();  // what it counted stays
    two.reset();
    auto again = ring.producer();
    while (again->try_push({})) {
    }
    REQUIRE_FALSE(again->claim(0));
    REQUIRE_FALSE(again->push_for({}, 1ns));
    seen = ring.statistics();
    REQUIRE(seen.published == 3 + ring.capacity() / 8);
    REQUIRE(seen.published_bytes == 35);
    REQUIRE(seen.consumed == 3);
    REQUIRE(seen.refused_pushes == 3);
    REQUIRE(seen.high_water_bytes == ring.capacity());
    static_cast<void>(left_in(ring));
    REQUIRE_FALSE(ring.try_pop(out));
    REQUIRE_FALSE(ring.pop_for(out, 1ns));
    REQUIRE(ring.statistics().refused_pops == 2);
}
