// SPDX-License-Identifier: MIT
// Goal: pieces of every size come out as they went in at every offset about the wrap of the memory,
//         and any sequence of verbs is answered as a queue of bytes answers it.
// Method: a sweep of sizes at the offsets where a page, a word or the ring ends, through both pairs
//         of verbs, bytes compared; then random sequences against a model, from zero and across the
//         wrap of the positions. LFQ_SEED repeats a run.
// Cannot show: anything between threads; rings below a page, which mirrored memory has not.
#include <lfq/ring/byte_ring.hpp>

#include "property/ring/byte_ring_twins.hpp"
#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>

namespace {

using support::bytes;
using support::numbered_bytes;
using support::same;

using every_played = std::tuple<support::stream_setup<support::backoff>,
    support::stream_setup<support::park, support::env_near_wrap>,
    support::stream_setup<support::doorbell, support::env_near_wrap>>;

template <class Ring>
void through(Ring& ring, const bytes& piece) {
    auto claimed = ring.claim(piece.size());
    if (claimed.bytes().size() != piece.size()) FAIL(piece.size() << " bytes were not granted");
    std::ranges::copy(piece, claimed.bytes().begin());
    if (claimed) claimed.commit(piece.size());
    if (!same(ring.peek(), piece)) FAIL(piece.size() << " bytes differ in place");
    ring.consume(piece.size());
}

template <class Ring>
void through_by_copy(Ring& ring, const bytes& piece) {
    if (ring.try_push_n(piece) != piece.size()) FAIL(piece.size() << " bytes do not fit");
    bytes out(piece.size() + 1);
    if (ring.try_pop_n(out) != piece.size()) FAIL(piece.size() << " bytes did not come");
    out.pop_back();
    if (!same(out, piece)) FAIL(piece.size() << " bytes differ when popped");
}

template <class Setup>
void play(std::size_t capacity, std::uint64_t stream) {
    support::dice random(stream);
    auto ring = Setup::make(capacity);
    ring_twins::byte_twins<typename Setup::ring> pair(ring, random);
    const std::size_t steps = random.from_to(1, 200);
    for (std::size_t i = 0; i < steps; ++i) pair.step();
    if (!random.one_in(3)) pair.end();
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "pieces_of_every_size_about_the_wrap_come_out_as_they_went_in", "", every_played) {
    auto ring = TestType::make(4096);
    REQUIRE(ring.capacity() == 4096);
    const std::size_t step = support::affordable(10) == 10 ? 1 : 13;
    std::size_t at = 0;
    for (const std::size_t offset :
        {0u, 1u, 7u, 8u, 63u, 64u, 2047u, 2048u, 2049u, 4031u, 4088u, 4094u, 4095u}) {
        for (std::size_t size = 0; size <= 4096; size += step) {
            through(ring, bytes((offset - at) % 4096));
            if (size % 2 == 0) {
                through(ring, numbered_bytes(size, offset));
            } else {
                through_by_copy(ring, numbered_bytes(size, offset));
            }
            at = offset + size;
        }
    }
    CHECK(ring.empty_approx());
}

TEMPLATE_LIST_TEST_CASE("a_full_ring_of_bytes_is_one_span_at_every_offset", "", every_played) {
    auto ring = TestType::make(4096);
    const bytes full = numbered_bytes(4096, 3);
    const std::size_t step = support::affordable(10) == 10 ? 1 : 29;
    for (std::size_t offset = 0; offset < 4096; offset += step) {
        through(ring, full);
        through(ring, bytes(step));
    }
    CHECK(ring.statistics().high_water == 4096);
}

TEMPLATE_LIST_TEST_CASE(
    "any_sequence_of_verbs_of_bytes_is_answered_as_the_model_answers", "", every_played) {
    const std::uint64_t games = support::affordable(400);
    for (std::uint64_t game = 0; game < games; ++game) {
        play<TestType>(4096, game * 2);
        play<TestType>(8192, game * 2 + 1);
    }
    SUCCEED(games << " games");
}
