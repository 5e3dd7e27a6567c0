// SPDX-License-Identifier: MIT
// Goal: a byte_ring hands over the same bytes, however they are cut; what is readable and what is
//         writable is one span at any position; every answer is the count that it says.
// Method: one thread, every wait, known sequences; a ring of one page, from zero and across the
//         wrap of the positions.
// Cannot show: anything between threads (stress/ring); every size at every offset (property/ring).
#include <lfq/ring/byte_ring.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace {

using namespace std::chrono_literals;
using support::bytes;
using support::bytes_of;
using support::numbered_bytes;
using support::same;

// As the two sides see it: written, then read, `size` bytes further.
template <class Ring>
void move_on(Ring& ring, std::size_t size) {
    REQUIRE(ring.try_push_n(bytes(size)) == size);
    REQUIRE(ring.peek().size() == size);
    ring.consume(size);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "bytes_come_out_as_they_went_in_however_they_are_cut", "", support::every_stream_setup) {
    auto ring = TestType::make(4096);
    REQUIRE(ring.capacity() == 4096);
    const bytes sent = numbered_bytes(20'000, 1);
    std::size_t in = 0;
    std::size_t out = 0;
    for (std::size_t step = 1; out < sent.size(); step = step * 5 % 3'001 + 1) {
        in += ring.try_push_n(std::span(sent).subspan(in, std::min(step, sent.size() - in)));
        bytes piece(step * 3 % 1'009 + 1);
        const std::size_t came = ring.try_pop_n(piece);
        REQUIRE(same(std::span(piece).first(came), std::span(sent).subspan(out, came)));
        out += came;
        REQUIRE(ring.size_approx() == in - out);
    }
    CHECK(in == sent.size());
    CHECK(ring.statistics().published == sent.size());
    CHECK(ring.statistics().consumed == sent.size());
}

TEMPLATE_LIST_TEST_CASE("as_many_bytes_as_fit_are_pushed_and_as_many_as_there_are_popped", "",
    support::every_stream_setup) {
    auto ring = TestType::make(4096);
    const bytes many = numbered_bytes(5'000, 2);
    CHECK(ring.try_push_n(many) == 4096);
    CHECK(ring.size_approx() == ring.capacity());
    CHECK(ring.try_push_n(many) == 0);
    bytes out(5'000);
    CHECK(ring.try_pop_n(std::span(out).first(1'000)) == 1'000);
    CHECK(ring.try_push_n(many) == 1'000);
    CHECK(ring.try_pop_n(std::span(out).subspan(1'000)) == 4'000);
    CHECK(same(std::span(out).first(4'096), std::span(many).first(4'096)));
    CHECK(same(std::span(out).subspan(4'096), std::span(many).first(904)));
    CHECK(ring.try_pop_n(out) == 96);
    CHECK(ring.try_pop_n(out) == 0);
    CHECK(ring.statistics().refused_pushes == 1);
    CHECK(ring.statistics().refused_pops == 1);
    CHECK(ring.statistics().high_water == 4096);
}

TEMPLATE_LIST_TEST_CASE(
    "all_that_is_readable_is_one_span_across_the_wrap", "", support::every_stream_setup) {
    auto ring = TestType::make(4096);
    CHECK(ring.peek().empty());
    for (std::uint64_t lap = 0; lap < 50; ++lap) {
        const bytes full = numbered_bytes(4096, lap);
        REQUIRE(ring.try_push_n(std::span(full).first(700)) == 700);
        REQUIRE(same(ring.peek(), std::span(full).first(700)));
        REQUIRE(ring.try_push_n(std::span(full).subspan(700)) == 3'396);
        REQUIRE(same(ring.peek(), full));
        ring.consume(0);
        ring.consume(96);
        REQUIRE(ring.size_approx() == 4'000);
        REQUIRE(same(ring.peek(), std::span(full).subspan(96)));
        ring.consume(4'000);
        REQUIRE(ring.peek().empty());
        move_on(ring, 101);
    }
}

TEMPLATE_LIST_TEST_CASE(
    "all_that_is_writable_is_one_span_across_the_wrap", "", support::every_stream_setup) {
    auto ring = TestType::make(4096);
    for (std::uint64_t lap = 0; lap < 50; ++lap) {
        {
            auto claimed = ring.claim(SIZE_MAX);
            REQUIRE(claimed);
            REQUIRE(claimed.bytes().size() == 4096);
            std::ranges::copy(numbered_bytes(4096, lap), claimed.bytes().begin());
            REQUIRE(ring.peek().empty());
            claimed.commit(3'000);
            REQUIRE_FALSE(claimed);
        }
        REQUIRE(ring.claim(2'000).bytes().size() == 1'096);
        REQUIRE(ring.claim(7).bytes().size() == 7);
        const bytes full = numbered_bytes(4096, lap);
        REQUIRE(same(ring.peek(), std::span(full).first(3'000)));
        ring.consume(3'000);
        move_on(ring, 103);
    }
}

TEMPLATE_LIST_TEST_CASE("a_claim_that_is_destroyed_or_committed_empty_leaves_no_trace", "",
    support::every_stream_setup) {
    auto ring = TestType::make(4096);
    for (int lap = 0; lap < 4; ++lap) {
        {
            auto abandoned = ring.claim(4096);
            std::ranges::fill(abandoned.bytes(), std::byte{0xEE});
        }
        auto unused = ring.claim(4096);
        unused.commit(0);
        REQUIRE(ring.size_approx() == 0);
        REQUIRE(ring.statistics().published == 4096u * static_cast<unsigned>(lap));
        const bytes full = numbered_bytes(4096, 5);
        REQUIRE(ring.try_push_n(full) == 4096);
        REQUIRE(same(ring.peek(), full));
        ring.consume(4096);
    }
    CHECK(ring.statistics().refused_pushes == 0);
}

TEMPLATE_LIST_TEST_CASE(
    "a_moved_claim_of_bytes_is_committed_by_its_new_owner", "", support::every_stream_setup) {
    auto ring = TestType::make(4096);
    std::optional<typename TestType::ring::claimed> kept;
    {
        auto claimed = ring.claim(6);
        std::ranges::copy(bytes_of("stream"), claimed.bytes().begin());
        kept.emplace(std::move(claimed));
        CHECK_FALSE(claimed);
    }
    REQUIRE(*kept);
    kept->commit(6);
    CHECK(same(ring.peek(), bytes_of("stream")));
}

TEMPLATE_LIST_TEST_CASE("refusals_of_bytes_are_counted_once_and_nothing_wanted_is_none", "",
    support::every_stream_setup) {
    auto ring = TestType::make(4096);
    std::array<std::byte, 3> few{};
    REQUIRE(ring.try_pop_n(few) == 0);
    REQUIRE(ring.pop_n_for(few, 10us) == 0);
    REQUIRE(ring.try_pop_n({}) == 0);
    REQUIRE(ring.pop_n({}) == 0);
    REQUIRE(ring.pop_n_for({}, 1h) == 0);
    CHECK(ring.statistics().refused_pops == 2);
    REQUIRE(ring.try_push_n({}) == 0);
    REQUIRE(ring.push_n({}) == 0);
    REQUIRE(ring.push_n_for({}, 1h) == 0);
    REQUIRE_FALSE(ring.claim(0));
    CHECK(ring.statistics().refused_pushes == 0);
    REQUIRE(ring.push_n(bytes(4'095)) == 4'095);
    REQUIRE(ring.push_n_for(few, 10us) == 1);  // in part, and out of time
    REQUIRE(ring.try_push_n(few) == 0);
    REQUIRE_FALSE(ring.claim(1));
    REQUIRE(ring.push_n_for(few, -1h) == 0);
    CHECK(ring.statistics().refused_pushes == 4);
    CHECK(ring.statistics().published == 4'096);
    CHECK(ring.statistics().refused_pops == 2);
}

TEMPLATE_LIST_TEST_CASE(
    "bytes_before_the_end_are_delivered_and_none_after_it", "", support::every_stream_setup) {
    auto ring = TestType::make(4096);
    REQUIRE(ring.push_n(bytes_of("the last bytes")) == 14);
    ring.close();
    CHECK(ring.closed());
    CHECK_FALSE(ring.drained());
    CHECK(ring.try_push_n(bytes(3)) == 0);
    CHECK(ring.push_n(bytes(3)) == 0);
    CHECK(ring.push_n_for(bytes(3), 1h) == 0);
    CHECK_FALSE(ring.claim(3));
    bytes out(4);
    CHECK(ring.pop_n(out) == 4);
    CHECK(ring.pop_n_for(out, 1h) == 4);
    CHECK(same(ring.peek(), bytes_of(" bytes")));
    ring.consume(6);
    CHECK(ring.drained());
    CHECK(ring.pop_n(out) == 0);
    CHECK(ring.pop_n_for(out, 1h) == 0);
    CHECK(ring.statistics().refused_pushes == 2);  // try_push_n and claim
    CHECK(ring.statistics().refused_pops == 0);
}

TEST_CASE("a_byte_ring_has_whole_pages_and_says_so") {
    const lfq::byte_ring<> one(1);
    const std::size_t page_bytes = one.storage().page_bytes();
    CHECK(one.capacity() == page_bytes);
    CHECK(lfq::byte_ring<>(page_bytes).capacity() == page_bytes);
    CHECK(lfq::byte_ring<>(page_bytes + 1).capacity() == 2 * page_bytes);
    CHECK(lfq::byte_ring<>(3 * page_bytes - 5).capacity() == 4 * page_bytes);
}

TEST_CASE("a_byte_ring_of_nought_or_beyond_addresses_is_a_length_error") {
    for (const std::size_t wanted :
        {std::size_t{0}, SIZE_MAX, SIZE_MAX - 7, SIZE_MAX / 2 + 2, std::size_t{1} << 63}) {
        CAPTURE(wanted);
        CHECK_THROWS_AS(lfq::byte_ring<>(wanted), std::length_error);
    }
}
