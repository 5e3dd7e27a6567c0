// SPDX-License-Identifier: MIT
// Goal: each verb of a message_ring does what its header says, in both storages and with every
//         wait: messages come out whole and in order, and every refusal leaves things as they were.
// Method: one thread, known sequences; the smallest ring of the storage, from zero and across the
//         wrap of the positions.
// Cannot show: anything between threads (stress/ring); every size at every offset (property/ring).
#include <lfq/ring/message_ring.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;
using lfq::popped_message;
using support::bytes;
using support::bytes_of;
using support::numbered_bytes;
using support::same;
using outcome = popped_message::outcome;

template <class Ring>
bytes popped(Ring& ring) {
    bytes out(ring.message_bytes_max());
    const popped_message answer = ring.try_pop(out);
    REQUIRE(answer);
    out.resize(answer.bytes);
    return out;
}

// What a length_error says that must come.
template <class Verb>
std::string refusal_of(Verb&& verb) {
    try {
        verb();
    } catch (const std::length_error& refused) {
        return refused.what();
    }
    return "nothing";
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "messages_of_any_length_come_out_whole_and_in_order", "", support::every_message_setup) {
    auto ring = TestType::make(256);
    for (std::uint64_t lap = 0; lap < 60; ++lap) {
        for (const std::size_t size : {0u, 1u, 7u, 8u, 9u, 40u})
            REQUIRE(ring.try_push(numbered_bytes(size, lap + size)));
        for (const std::size_t size : {0u, 1u, 7u, 8u, 9u, 40u})
            REQUIRE(same(popped(ring), numbered_bytes(size, lap + size)));
        REQUIRE(ring.try_pop({}).what == outcome::none);
    }
}

TEMPLATE_LIST_TEST_CASE(
    "the_longest_message_fits_an_empty_ring_and_fills_it", "", support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest);
    REQUIRE(ring.capacity() == TestType::smallest);
    REQUIRE(ring.message_bytes_max() == ring.capacity() - 8);
    for (std::uint64_t lap = 0; lap < 5; ++lap) {
        const bytes longest = numbered_bytes(ring.message_bytes_max(), lap);
        REQUIRE(ring.try_push(longest));
        REQUIRE(ring.size_approx() == ring.capacity());
        REQUIRE_FALSE(ring.try_push({}));
        REQUIRE(same(popped(ring), longest));
        REQUIRE(ring.try_push({}));  // moves on by 8 bytes
        REQUIRE(popped(ring).empty());
    }
}

TEMPLATE_LIST_TEST_CASE(
    "a_message_over_the_limit_is_an_error_that_tells_both_sizes_and_changes_nothing", "",
    support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest);
    REQUIRE(ring.try_push(bytes_of("kept")));
    const lfq::message_statistics before = ring.statistics();
    const std::size_t most = ring.message_bytes_max();
    const std::string sentence = "lfq: a message of " + std::to_string(most + 1) +
        " bytes is pushed into a message_ring that takes at most " + std::to_string(most);
    const bytes over(most + 1);
    for (int lap = 0; lap < 2; ++lap) {  // open, then closed
        CHECK(refusal_of([&] { static_cast<void>(ring.try_push(over)); }) == sentence);
        CHECK(refusal_of([&] { static_cast<void>(ring.push(over)); }) == sentence);
        CHECK(refusal_of([&] { static_cast<void>(ring.push_for(over, 1h)); }) == sentence);
        CHECK(refusal_of([&] { static_cast<void>(ring.claim(most + 1)); }) == sentence);
        CHECK_THROWS_AS(ring.claim(SIZE_MAX), std::length_error);
        ring.close();
    }
    CHECK(ring.statistics().refused_pushes == before.refused_pushes);
    CHECK(ring.statistics().published == 1);
    CHECK(same(popped(ring), bytes_of("kept")));
    CHECK(ring.drained());
}

TEMPLATE_LIST_TEST_CASE("a_message_takes_its_bytes_rounded_up_to_8_and_8_for_its_length", "",
    support::every_message_setup) {
    auto ring = TestType::make(128);
    std::size_t used = 0;
    for (const std::size_t size : {0u, 1u, 8u, 9u, 16u, 17u}) {
        REQUIRE(ring.try_push(bytes(size)));
        used += 8 + (size + 7) / 8 * 8;
        CHECK(ring.size_approx() == used);
    }
    CHECK(used == 120);
    CHECK_FALSE(ring.empty_approx());
    if (ring.capacity() == 128) {
        CHECK_FALSE(ring.try_push(bytes(1)));  // 16 are wanted
        CHECK(ring.try_push({}));  // 8 are there
        CHECK(ring.size_approx() == 128);
    }
}

TEMPLATE_LIST_TEST_CASE("a_message_longer_than_the_bytes_to_pop_into_stays_and_tells_its_size", "",
    support::every_message_setup) {
    auto ring = TestType::make(64);
    REQUIRE(ring.try_push(bytes_of("twelve bytes")));
    REQUIRE(ring.try_push({}));
    std::array<std::byte, 12> out{};
    const std::array<popped_message, 3> answers{ring.try_pop(std::span(out).first(11)),
        ring.pop(std::span(out).first(0)), ring.pop_for(std::span(out).first(11), 1h)};
    for (const popped_message& answer : answers) {
        CHECK_FALSE(answer);
        CHECK(answer.what == outcome::too_short);
        CHECK(answer.bytes == 12);
    }
    CHECK(out == std::array<std::byte, 12>{});
    CHECK(ring.statistics().consumed == 0);
    CHECK(ring.statistics().refused_pops == 0);
    const popped_message fits = ring.try_pop(out);
    CHECK(fits);
    CHECK(fits.bytes == 12);
    CHECK(same(out, bytes_of("twelve bytes")));
    const popped_message nothing_in_it = ring.try_pop({});
    CHECK(nothing_in_it.what == outcome::copied);
    CHECK(nothing_in_it.bytes == 0);
    const popped_message none = ring.try_pop(out);
    CHECK(none.what == outcome::none);
    CHECK(none.bytes == 0);
}

TEMPLATE_LIST_TEST_CASE("what_was_pushed_before_the_end_is_delivered_and_nothing_after_it", "",
    support::every_message_setup) {
    auto ring = TestType::make(64);
    REQUIRE(ring.push(bytes_of("first")));
    REQUIRE(ring.push_for(bytes_of("last"), 0ns));
    ring.close();
    CHECK(ring.closed());
    CHECK_FALSE(ring.drained());
    CHECK_FALSE(ring.try_push({}));
    CHECK_FALSE(ring.push({}));
    CHECK_FALSE(ring.push_for({}, 1h));
    CHECK_FALSE(ring.claim(0));
    std::array<std::byte, 8> out{};
    CHECK(ring.pop(out).bytes == 5);
    CHECK(ring.pop_for(out, 1h).bytes == 4);
    CHECK(ring.drained());
    CHECK(ring.pop(out).what == outcome::none);
    CHECK(ring.pop_for(out, 1h).what == outcome::none);
    CHECK(ring.try_pop(out).what == outcome::none);
    CHECK_FALSE(ring.peek().has_value());
    CHECK(ring.statistics().refused_pushes == 2);  // try_push and claim
    CHECK(ring.statistics().refused_pops == 1);  // try_pop
}

TEMPLATE_LIST_TEST_CASE(
    "statistics_count_messages_and_bytes_of_every_verb", "", support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest * 4);
    const auto expect = [&](std::uint64_t published, std::uint64_t published_bytes,
                            std::uint64_t consumed, std::uint64_t consumed_bytes) {
        const lfq::message_statistics seen = ring.statistics();
        REQUIRE(seen.published == published);
        REQUIRE(seen.published_bytes == published_bytes);
        REQUIRE(seen.consumed == consumed);
        REQUIRE(seen.consumed_bytes == consumed_bytes);
    };
    expect(0, 0, 0, 0);
    CHECK(ring.statistics().high_water_bytes == 0);
    REQUIRE(ring.try_push(bytes(3)));
    REQUIRE(ring.push(bytes(8)));
    REQUIRE(ring.push_for({}, 0ns));
    {
        auto claimed = ring.claim(8);
        REQUIRE(claimed);
        claimed.commit(5);
    }
    static_cast<void>(ring.claim(1));
    expect(4, 16, 0, 0);
    CHECK(ring.statistics().high_water_bytes == 56);
    std::array<std::byte, 8> out{};
    REQUIRE(ring.try_pop(out));
    expect(4, 16, 1, 3);
    ring.consume(static_cast<std::size_t>(ring.peek().has_value()));
    expect(4, 16, 2, 11);
    REQUIRE(ring.drain([](auto) {}) == 2);
    expect(4, 16, 4, 16);
    CHECK(ring.statistics().high_water_bytes == 56);
    REQUIRE(ring.try_push(bytes(1)));
    REQUIRE(ring.peek(5).size() == 1);
    expect(5, 17, 4, 16);
    ring.consume();
    expect(5, 17, 5, 17);
    CHECK(ring.statistics().high_water_bytes == 56);
    CHECK(ring.empty_approx());
}

TEMPLATE_LIST_TEST_CASE("each_refused_message_is_counted_once", "", support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest);
    std::array<std::byte, 8> out{};
    REQUIRE(ring.try_pop(out).what == outcome::none);
    REQUIRE(ring.pop_for(out, 10us).what == outcome::none);
    REQUIRE_FALSE(ring.peek().has_value());
    REQUIRE(ring.peek(3).empty());
    REQUIRE(ring.drain([](auto) {}) == 0);
    CHECK(ring.statistics().refused_pops == 2);
    REQUIRE(ring.try_push(bytes(ring.message_bytes_max())));
    REQUIRE_FALSE(ring.try_push({}));
    REQUIRE_FALSE(ring.try_push(bytes(3)));
    REQUIRE_FALSE(ring.push_for(bytes(3), 10us));
    REQUIRE_FALSE(ring.claim(0));
    CHECK(ring.statistics().refused_pushes == 4);
    CHECK(ring.statistics().published == 1);
    CHECK(ring.statistics().refused_pops == 2);
}

TEST_CASE("a_message_ring_is_rounded_up_and_says_so") {
    using spilling = lfq::message_ring<lfq::storage::spill>;
    const auto spill_capacity = [](std::size_t wanted) { return spilling(wanted).capacity(); };
    for (const std::size_t wanted : {1u, 8u, 15u, 16u}) CHECK(spill_capacity(wanted) == 16);
    CHECK(spill_capacity(17) == 32);
    CHECK(spill_capacity(100) == 128);
    CHECK(spilling(1).message_bytes_max() == 8);
    const lfq::message_ring<> mirrored(1);
    const std::size_t page_bytes = mirrored.storage().page_bytes();
    CHECK(mirrored.capacity() == page_bytes);
    CHECK(lfq::message_ring<>(page_bytes).capacity() == page_bytes);
    CHECK(lfq::message_ring<>(page_bytes + 1).capacity() == 2 * page_bytes);
    CHECK(lfq::message_ring<>(3 * page_bytes - 5).capacity() == 4 * page_bytes);
}

TEST_CASE("a_message_ring_of_nought_or_beyond_addresses_is_a_length_error") {
    using spilling = lfq::message_ring<lfq::storage::spill>;
    for (const std::size_t wanted :
        {std::size_t{0}, SIZE_MAX, SIZE_MAX - 7, SIZE_MAX / 2 + 2, std::size_t{1} << 62}) {
        CAPTURE(wanted);
        CHECK_THROWS_AS(spilling(wanted), std::length_error);
        CHECK_THROWS_AS(lfq::message_ring<>(wanted), std::length_error);
    }
}
