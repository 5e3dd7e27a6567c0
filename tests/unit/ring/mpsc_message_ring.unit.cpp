// SPDX-License-Identifier: MIT
// Goal: messages of any length arrive whole and in the order of their claims, exactly what the
//         stated sizes promise fits, and what is left over or abandoned is stepped over.
// Method: one thread, up to three handles, both storages; every byte of every message is compared.
// Cannot show: anything between threads (stress), sequences nobody thought of (property).
#include <lfq/ring/mpsc_message_ring.hpp>

#include "support/catch.hpp"
#include "support/shared_messages.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using support::is_message;
using support::message_of;
using support::room_of;

// The oldest message is this one; it is consumed.
template <class Ring>
[[nodiscard]] bool next_is(Ring& ring, std::uint64_t number, std::size_t bytes) {
    const auto seen = ring.peek();
    const bool same = seen.has_value() && is_message(*seen, number, bytes);
    if (seen.has_value()) ring.consume();
    return same;
}

template <class Producer>
[[nodiscard]] bool commits(
    Producer& from, std::uint64_t number, std::size_t granted, std::size_t used) {
    auto claimed = from.claim(granted);
    if (!claimed) return false;
    support::write_message(number, claimed.bytes());
    claimed.commit(used);
    return true;
}

// Pushes messages of no bytes until one is refused; how many fitted.
template <class Producer>
[[nodiscard]] std::size_t fill(Producer& from) {
    std::size_t count = 0;
    while (from.try_push({})) ++count;
    return count;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("messages_of_any_length_arrive_whole_in_the_order_of_their_claims", "",
    support::every_message_storage) {
    constexpr std::size_t longest = 100;
    auto ring = TestType::make(2, longest);
    auto one = ring.producer();
    auto other = ring.producer();
    REQUIRE(one.has_value());
    REQUIRE(other.has_value());
    for (std::size_t round = 0; round < 100; ++round) {  // across the wrap many times
        for (std::size_t bytes = 0; bytes <= longest; bytes += 10) {
            REQUIRE(one->try_push(message_of(bytes, bytes)));
            REQUIRE(commits(*other, bytes + 1, bytes, bytes));
        }
        for (std::size_t bytes = 0; bytes <= longest; bytes += 10) {
            REQUIRE(next_is(ring, bytes, bytes));
            REQUIRE(next_is(ring, bytes + 1, bytes));
        }
        REQUIRE_FALSE(ring.peek().has_value());
    }
}

TEMPLATE_LIST_TEST_CASE("a_message_of_no_bytes_is_a_message", "", support::every_message_storage) {
    auto ring = TestType::make(1, 0);  // a ring of nothing else
    auto from = ring.producer();
    REQUIRE(from->try_push({}));
    REQUIRE(from->claim(0).bytes().empty());  // and is abandoned
    REQUIRE(commits(*from, 0, 0, 0));
    const auto seen = ring.peek();
    REQUIRE(seen.has_value());
    REQUIRE(seen->empty());
    ring.consume();
    const lfq::popped_message popped = ring.try_pop({});
    REQUIRE(popped);
    REQUIRE(popped.bytes == 0);
    REQUIRE_FALSE(ring.try_pop({}));
    REQUIRE(ring.statistics().consumed == 2);
    REQUIRE(ring.statistics().consumed_bytes == 0);
}

TEMPLATE_LIST_TEST_CASE(
    "a_message_above_the_stated_limit_is_a_length_error", "", support::every_message_storage) {
    auto ring = TestType::make(2, 21);
    auto from = ring.producer();
    const auto longer = message_of(1, 22);  // within the word, beyond the limit
    const auto refuses = [&](auto verb) {
        std::string said;
        try {
            verb();
        } catch (const std::length_error& failure) {
            said = failure.what();
        }
        REQUIRE(said ==
            "lfq: a message of 22 bytes is pushed into an mpsc_message_ring that takes at most 21");
    };
    refuses([&] { static_cast<void>(from->try_push(longer)); });
    refuses([&] { static_cast<void>(from->push(longer)); });
    refuses([&] { static_cast<void>(from->claim(22)); });
    REQUIRE(ring.empty_approx());
    REQUIRE(ring.statistics().refused_pushes == 0);
    REQUIRE(from->try_push(message_of(2, 21)));
    REQUIRE(next_is(ring, 2, 21));
}

TEMPLATE_LIST_TEST_CASE(
    "one_producer_fills_exactly_what_the_slack_leaves", "", support::every_message_storage) {
    auto ring = TestType::make(3, 20);
    REQUIRE(ring.capacity() == TestType::bytes - 3 * room_of(20));
    REQUIRE(ring.message_bytes_max() == 20);
    REQUIRE(ring.producers_max() == 3);
    auto from = ring.producer();
    REQUIRE(fill(*from) == ring.capacity() / 8);
    REQUIRE(ring.size_approx() == ring.capacity());
    REQUIRE_FALSE(from->try_push({}));
    REQUIRE_FALSE(from->claim(0));
    ring.consume();
    REQUIRE_FALSE(from->try_push(message_of(1, 9)));  // two words, and one is free
    REQUIRE(fill(*from) == 1);
    ring.consume(2);
    REQUIRE(from->try_push(message_of(2, 9)));
    REQUIRE(fill(*from) == 0);
}

TEMPLATE_LIST_TEST_CASE("producers_that_know_nothing_of_each_other_stay_within_the_slack", "",
    support::every_message_storage) {
    constexpr std::size_t longest = 24;
    auto ring = TestType::make(3, longest);
    for (std::uint64_t round = 0; round < 50; ++round) {
        auto full = ring.producer();
        auto second = ring.producer();
        auto third = ring.producer();
        std::size_t count = 0;
        while (full->try_push(message_of(count, longest))) ++count;
        // Each may do so once, because it does not know yet.
        const bool twice = second->try_push(message_of(count, longest));
        const bool thrice = third->try_push(message_of(count + twice, longest));
        if (round == 0) REQUIRE((twice && thrice));
        count += std::size_t{twice} + std::size_t{thrice};
        REQUIRE(count * longest >= ring.capacity() - longest);
        REQUIRE(count * longest <= ring.capacity() + 2 * longest);
        for (auto* from : {&full, &second, &third})
            REQUIRE_FALSE((*from)->try_push(message_of(0, longest)));
        REQUIRE(ring.size_approx() <= ring.capacity());
        for (std::size_t i = 0; i < count; ++i) REQUIRE(next_is(ring, i, longest));
        ring.drain([](support::message_view) {});
    }
}

TEMPLATE_LIST_TEST_CASE("what_a_short_commit_leaves_over_is_freed_with_its_message", "",
    support::every_message_storage) {
    constexpr std::size_t longest = 40;
    auto ring = TestType::make(2, longest);
    auto from = ring.producer();
    auto other = ring.producer();
    for (std::size_t granted = 0; granted <= longest; ++granted) {
        for (std::size_t used = 0; used <= granted; ++used) {
            REQUIRE(commits(*from, 1, granted, used));
            REQUIRE(ring.size_approx() == room_of(granted));
            REQUIRE(other->try_push(message_of(2, 5)));
            REQUIRE(next_is(ring, 1, used));
            REQUIRE(ring.size_approx() == room_of(5));
            REQUIRE(next_is(ring, 2, 5));
            REQUIRE(ring.empty_approx());
        }
    }
    // By every other verb that frees, and at the end of the ring.
    REQUIRE(commits(*from, 3, longest, 0));
    REQUIRE(ring.try_pop({}));
    REQUIRE(ring.empty_approx());
    REQUIRE(commits(*from, 4, longest, 8));
    REQUIRE(ring.drain([](support::message_view) {}) == 1);
    REQUIRE(ring.empty_approx());
}

TEMPLATE_LIST_TEST_CASE("an_abandoned_claim_delivers_nothing_and_is_freed_by_the_next_look", "",
    support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    auto from = ring.producer();
    auto other = ring.producer();
    static_cast<void>(from->claim(40));
    static_cast<void>(other->claim(0));
    SECTION("none but abandoned ones") {
        REQUIRE_FALSE(ring.peek().has_value());
        REQUIRE(ring.empty_approx());
        REQUIRE(ring.statistics().published == 0);
    }
    SECTION("before a message") {
        REQUIRE(from->try_push(message_of(7, 7)));
        REQUIRE(next_is(ring, 7, 7));
        REQUIRE(ring.statistics().consumed == 1);
    }
    SECTION("before a message that is popped") {
        REQUIRE(from->try_push(message_of(7, 7)));
        std::array<std::byte, 40> out{};
        REQUIRE(ring.try_pop(out).bytes == 7);
        REQUIRE(ring.empty_approx());
    }
    SECTION("around a message that is visited") {
        REQUIRE(from->try_push(message_of(7, 7)));
        static_cast<void>(from->claim(12));
        static_cast<void>(other->claim(40));
        REQUIRE(
            ring.drain([](support::message_view seen) { REQUIRE(is_message(seen, 7, 7)); }) == 1);
        REQUIRE(ring.empty_approx());
    }
    SECTION("behind a message that is popped, though the ring is closed") {
        ring.drain([](support::message_view) {});
        REQUIRE(from->try_push(message_of(7, 7)));
        static_cast<void>(other->claim(40));
        ring.close();
        REQUIRE(next_is(ring, 7, 7));
        REQUIRE_FALSE(ring.try_pop({}));
        REQUIRE(ring.drained());
    }
}

TEMPLATE_LIST_TEST_CASE(
    "a_claim_that_moves_is_committed_where_it_is", "", support::every_message_storage) {
    auto ring = TestType::make(1, 40);
    auto from = ring.producer();
    auto claimed = from->claim(13);
    support::write_message(1, claimed.bytes());
    {
        auto moved = std::move(claimed);
        REQUIRE(moved);
        REQUIRE(moved.bytes().size() == 13);
        moved.commit(13);
        REQUIRE_FALSE(moved);
    }
    REQUIRE(next_is(ring, 1, 13));
    auto kept = from->claim(3);
    { auto lost = std::move(kept); }
    REQUIRE_FALSE(ring.peek().has_value());
    REQUIRE(ring.empty_approx());
}

TEMPLATE_LIST_TEST_CASE("an_unfinished_claim_holds_back_what_was_claimed_behind_it", "",
    support::every_message_storage) {
    auto ring = TestType::make(2, 40);
    auto from = ring.producer();
    auto other = ring.producer();
    auto claimed = from->claim(40);
    REQUIRE(other->try_push(message_of(2, 2)));
    REQUIRE_FALSE(ring.peek().has_value());
    REQUIRE_FALSE(ring.try_pop({}));
    REQUIRE(ring.drain([](support::message_view) {}) == 0);
    REQUIRE(ring.size_approx() == room_of(40) + room_of(2));
    SECTION("until it is committed") {
        support::write_message(1, claimed.bytes());
        claimed.commit(17);
        REQUIRE(next_is(ring, 1, 17));
    }
    SECTION("until it is destroyed") { auto lost = std::move(claimed); }
    REQUIRE(next_is(ring, 2, 2));
}
