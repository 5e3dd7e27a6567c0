// SPDX-License-Identifier: MIT
// Goal: messages are written and read where they lie, in one piece wherever the ring wraps; an
//         abandoned claim leaves no trace, and a visitor that throws consumes what it saw.
// Method: one thread, both storages, every wait, from zero and across the wrap of the positions.
// Cannot show: anything between threads (stress/ring).
#include <lfq/ring/message_ring.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

using support::bytes;
using support::bytes_of;
using support::numbered_bytes;
using support::same;
using message = std::span<const std::byte>;

template <class Ring>
void push_numbered(Ring& ring, std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t code = first; code < first + count; ++code)
        REQUIRE(ring.try_push(numbered_bytes(code % 8, code)));
}

template <class Ring>
void expect_numbered(Ring& ring, std::uint64_t first, std::uint64_t count) {
    std::uint64_t code = first;
    ring.drain([&](message found) {
        REQUIRE(same(found, numbered_bytes(code % 8, code)));
        ++code;
    });
    REQUIRE(code == first + count);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "a_claim_is_filled_in_place_and_read_there_in_one_piece", "", support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest);
    const std::size_t most = ring.message_bytes_max();
    for (std::size_t lap = 0; lap < 2 * ring.capacity() / 8; ++lap) {
        auto claimed = ring.claim(most);
        REQUIRE(claimed);
        REQUIRE(claimed.bytes().size() == most);
        REQUIRE(reinterpret_cast<std::uintptr_t>(claimed.bytes().data()) % 8 == 0);
        const std::byte* const written_at = claimed.bytes().data();
        std::ranges::copy(numbered_bytes(most, lap), claimed.bytes().begin());
        REQUIRE_FALSE(ring.peek().has_value());  // not yet
        claimed.commit(most);
        REQUIRE_FALSE(claimed);
        const std::optional<message> found = ring.peek();
        REQUIRE(found.has_value());
        REQUIRE(found->data() == written_at);
        REQUIRE(same(*found, numbered_bytes(most, lap)));
        ring.consume();
        REQUIRE(ring.try_push({}));  // the next one begins 8 bytes further
        ring.consume(ring.peek(1).size());
    }
}

TEMPLATE_LIST_TEST_CASE(
    "a_claim_committed_in_part_is_a_shorter_message", "", support::every_message_setup) {
    auto ring = TestType::make(64);
    for (std::size_t used = 0; used <= 40; ++used) {
        auto claimed = ring.claim(40);
        REQUIRE(claimed);
        std::ranges::copy(numbered_bytes(40, used), claimed.bytes().begin());
        claimed.commit(used);
        REQUIRE(ring.size_approx() == 8 + (used + 7) / 8 * 8);
        REQUIRE(same(ring.peek().value(), message(numbered_bytes(40, used)).first(used)));
        ring.consume();
        REQUIRE_FALSE(ring.peek().has_value());
    }
    CHECK(ring.statistics().published_bytes == 820);
}

TEMPLATE_LIST_TEST_CASE(
    "a_claim_that_is_destroyed_leaves_no_trace", "", support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest);
    for (int lap = 0; lap < 9; ++lap) {
        {
            auto claimed = ring.claim(ring.message_bytes_max());
            REQUIRE(claimed);
            std::ranges::fill(claimed.bytes(), std::byte{0xEE});
        }
        REQUIRE(ring.size_approx() == 0);
        REQUIRE_FALSE(ring.peek().has_value());
        const bytes longest = numbered_bytes(ring.message_bytes_max(), 3);
        REQUIRE(ring.try_push(longest));  // nothing is missing
        REQUIRE(same(ring.peek().value(), longest));
        ring.consume();
    }
    CHECK(ring.statistics().published == 9);
    CHECK(ring.statistics().refused_pushes == 0);
}

TEMPLATE_LIST_TEST_CASE(
    "a_moved_claim_is_committed_by_its_new_owner_only", "", support::every_message_setup) {
    auto ring = TestType::make(64);
    std::optional<typename TestType::ring::claimed> kept;
    {
        auto claimed = ring.claim(4);
        std::ranges::copy(bytes_of("kept"), claimed.bytes().begin());
        kept.emplace(std::move(claimed));
        CHECK_FALSE(claimed);
    }
    REQUIRE(*kept);
    CHECK(ring.size_approx() == 0);
    kept->commit(4);
    CHECK(same(ring.peek().value(), bytes_of("kept")));
    ring.consume();
    CHECK(ring.empty_approx());
    kept.reset();
    CHECK(ring.statistics().published == 1);
}

TEMPLATE_LIST_TEST_CASE(
    "a_refused_claim_grants_nothing_and_needs_nothing", "", support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest * 4);
    REQUIRE(ring.try_push(bytes(ring.message_bytes_max() - 16)));
    {
        const auto refused = ring.claim(9);  // 24 bytes with its length, and 16 are free
        CHECK_FALSE(refused);
        CHECK(refused.bytes().empty());
    }
    CHECK(ring.statistics().refused_pushes == 1);
    auto granted = ring.claim(8);
    CHECK(granted);
    granted.commit(0);
    CHECK(ring.peek(9).size() == 2);
}

TEMPLATE_LIST_TEST_CASE("peeked_messages_stay_where_they_are_until_they_are_consumed", "",
    support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest * 8);
    using peeked = typename TestType::ring::peeked;
    static_assert(std::ranges::forward_range<peeked>);
    static_assert(std::is_same_v<std::ranges::range_value_t<peeked>, message>);
    for (std::uint64_t lap = 0; lap < 40; ++lap) {
        push_numbered(ring, lap, 5);
        for (std::size_t n = 0; n <= 6; ++n) {
            const auto some = ring.peek(n);
            REQUIRE(some.size() == std::min<std::size_t>(n, 5));
            REQUIRE(some.empty() == (n == 0));
            std::uint64_t code = lap;
            for (const message found : some) {
                REQUIRE(same(found, numbered_bytes(code % 8, code)));
                ++code;
            }
            REQUIRE(code == lap + some.size());
        }
        const auto all = ring.peek(SIZE_MAX);
        push_numbered(ring, lap + 5, 1);
        REQUIRE(all.size() == 5);  // as it was when it looked
        REQUIRE(std::ranges::distance(all) == 5);
        auto second = all.begin();
        const auto first = second++;
        REQUIRE(first == all.begin());
        REQUIRE(second == std::next(first));
        REQUIRE(same(ring.peek().value(), *first));
        ring.consume(0);
        REQUIRE(same(ring.peek().value(), *first));
        ring.consume(2);
        REQUIRE(same(ring.peek().value(), numbered_bytes((lap + 2) % 8, lap + 2)));
        ring.consume();
        REQUIRE(ring.peek(9).size() == 3);
        expect_numbered(ring, lap + 3, 3);
    }
}

TEMPLATE_LIST_TEST_CASE("drain_visits_in_order_up_to_its_limit_and_frees_what_it_visited", "",
    support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest * 8);
    for (std::uint64_t lap = 0; lap < 20; ++lap) {
        push_numbered(ring, 0, 5);
        std::uint64_t seen = 0;
        const auto count = [&seen](message found) {
            REQUIRE(same(found, numbered_bytes(seen, seen)));
            ++seen;
        };
        REQUIRE(ring.drain(count, 0) == 0);
        REQUIRE(ring.drain(count, 2) == 2);
        REQUIRE(ring.peek(9).size() == 3);
        REQUIRE(ring.drain(count) == 3);
        REQUIRE(ring.drain(count) == 0);
        REQUIRE(ring.size_approx() == 0);
        REQUIRE(ring.statistics().consumed == 5 * (lap + 1));
    }
}

TEMPLATE_LIST_TEST_CASE(
    "a_visitor_that_throws_consumes_what_it_saw", "", support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest * 8);
    push_numbered(ring, 0, 5);
    int seen = 0;
    const auto throws_at = [&](int last) {
        return [&seen, last](message) {
            if (++seen == last) throw std::runtime_error("enough");
        };
    };
    CHECK_THROWS_AS(ring.drain(throws_at(2)), std::runtime_error);
    CHECK(seen == 2);
    CHECK(ring.statistics().consumed == 2);
    CHECK(ring.statistics().consumed_bytes == 1);
    CHECK_THROWS_AS(ring.drain(throws_at(3)), std::runtime_error);
    expect_numbered(ring, 3, 2);
    CHECK(ring.empty_approx());
}

TEST_CASE("a_message_that_wraps_lies_in_one_piece_and_the_next_one_at_the_beginning") {
    const auto wraps = [](auto ring_of) {
        auto& ring = ring_of();
        const std::size_t most = ring.message_bytes_max();
        REQUIRE(ring.try_push(bytes(8)));
        const std::byte* const start = ring.peek()->data();
        ring.consume();
        REQUIRE(ring.try_push(bytes(most - 16)));  // up to the end
        ring.consume(ring.peek(1).size());
        REQUIRE(ring.try_push({}));
        CHECK(ring.peek()->data() == start);
    };
    lfq::message_ring<> mirrored(4096);
    lfq::message_ring<lfq::storage::spill> spilling(64);
    wraps([&]() -> auto& { return mirrored; });
    wraps([&]() -> auto& { return spilling; });
}
