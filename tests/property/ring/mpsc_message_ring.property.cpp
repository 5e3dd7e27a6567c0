// SPDX-License-Identifier: MIT
// Goal: in any sequence of verbs, of several producers, messages arrive as a plain queue would hand
//         them over; and every claim, of any size and any shorter commit, at any place of any small
//         ring, arrives byte by byte.
// Method: one thread plays all handles and the consumer at random against a queue of records; then
//         a sweep over all small sizes. LFQ_SEED repeats a run.
// Cannot show: anything between threads.
#include <lfq/ring/mpsc_message_ring.hpp>

#include "property/ring/message_twins.hpp"
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/shared_messages.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace {

using support::is_message;
using support::room_of;

template <class Storage, class Env>
using ring_of = lfq::mpsc_message_ring<Storage, lfq::wait::backoff, Env>;

template <class Ring>
void play(std::uint64_t stream, std::size_t bytes) {
    support::dice random(stream);
    const std::size_t producers = random.from_to(1, 3);
    const std::size_t longest = random.from_to(0, 24);
    if ((producers + 1) * room_of(longest) > bytes) return;
    Ring ring({bytes, producers, longest});
    message_twins::twins<Ring> pair(ring, random);
    const std::size_t steps = random.from_to(1, 300);
    for (std::size_t i = 0; i < steps; ++i) pair.step();
    if (!random.one_in(3)) pair.end();  // else the ring is destroyed with what is in it
}

using small_ring = ring_of<lfq::storage::spill, lfq::std_env>;

// A claim and its commit, a largest message behind it, or alone if there is no room.
[[nodiscard]] bool passes(small_ring& ring, small_ring::producer_handle& from,
    small_ring::producer_handle& behind, std::size_t granted, std::size_t used) {
    static std::array<std::byte, 32> bytes{};
    const std::size_t longest = ring.message_bytes_max();
    const auto largest = std::span(bytes).first(longest);
    support::write_message(granted, largest);
    {
        auto claimed = from.claim(granted);
        if (!claimed || claimed.bytes().size() != granted) return false;
        support::write_message(used + 1, claimed.bytes());
        claimed.commit(used);
    }
    const bool both = behind.try_push(largest);
    if (!both && room_of(granted) + room_of(longest) <= ring.capacity()) return false;
    auto seen = ring.peek();
    if (!seen.has_value() || !is_message(*seen, used + 1, used)) return false;
    ring.consume();
    // Nothing else is there: now it fits, whatever happened before.
    if (!both && !behind.try_push(largest)) return false;
    seen = ring.peek();
    if (!seen.has_value() || !is_message(*seen, granted, longest)) return false;
    ring.consume();
    return ring.empty_approx();
}

// Every claim and commit beginning at every word.
[[nodiscard]] bool sweep(std::size_t bytes, std::size_t producers, std::size_t longest) {
    small_ring ring({bytes, producers, longest});
    std::array<std::optional<small_ring::producer_handle>, 3> handles;
    for (std::size_t i = 0; i < producers; ++i) handles[i] = ring.producer();
    std::size_t turn = 0;
    for (std::size_t granted = 0; granted <= longest; ++granted) {
        // An odd step visits every word of a power of two.
        const bool even = (room_of(granted) + room_of(longest)) / 8 % 2 == 0;
        for (std::size_t used = 0; used <= granted; ++used) {
            for (std::size_t at = 0; at < bytes / 8; ++at) {
                auto& from = *handles[turn++ % producers];
                auto& behind = *handles[turn % producers];
                if (!passes(ring, from, behind, granted, used)) return false;
                if (even && (!from.try_push({}) || !ring.try_pop({}))) return false;
            }
        }
    }
    return true;
}

}  // namespace

TEST_CASE("any_sequence_of_verbs_on_messages_is_answered_as_a_queue_answers") {
    const std::uint64_t games = support::affordable(20'000);
    for (std::uint64_t game = 0; game < games; ++game) {
        play<ring_of<lfq::storage::spill, lfq::std_env>>(game * 3, 64);
        play<ring_of<lfq::storage::spill, support::env_near_wrap>>(game * 3 + 1, 128);
        play<ring_of<lfq::storage::spill, lfq::std_env>>(game * 3 + 2, 256);
    }
    SUCCEED(games << " games");
}

TEST_CASE("any_sequence_of_verbs_on_mirrored_messages_is_answered_as_a_queue_answers") {
    const std::uint64_t games = support::affordable(2'000);
    for (std::uint64_t game = 0; game < games; ++game) {
        play<ring_of<lfq::storage::mirrored, lfq::std_env>>(game * 2, 4096);
        play<ring_of<lfq::storage::mirrored, support::env_near_wrap>>(game * 2 + 1, 4096);
    }
    SUCCEED(games << " games");
}

TEST_CASE("every_claim_and_every_shorter_commit_arrives_from_every_place_of_a_small_ring") {
    for (std::size_t bytes = 64; bytes <= 512; bytes *= 2) {
        for (std::size_t producers = 1; producers <= 3; ++producers) {
            for (std::size_t longest = 1; longest <= 24; ++longest) {
                if ((producers + 1) * room_of(longest) > bytes) continue;
                CAPTURE(bytes, producers, longest);
                REQUIRE(sweep(bytes, producers, longest));
            }
        }
    }
}
