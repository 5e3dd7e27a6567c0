// SPDX-License-Identifier: MIT
// Goal: messages of every size come out whole at every offset of the ring, the longest always fits
//         an empty one, and any sequence of verbs is answered as a queue of vectors answers it.
// Method: a sweep of all pairs of sizes at all offsets of the smallest rings, and of all sizes at
//         offsets about the wrap of a page, bytes compared; then random sequences against a model,
//         in both storages, from zero and across the wrap of the positions. LFQ_SEED repeats a run.
// Cannot show: anything between threads.
#include <lfq/ring/message_ring.hpp>

#include "property/ring/message_ring_twins.hpp"
#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>

namespace {

using lfq::storage::mirrored;
using lfq::storage::spill;
using support::bytes;
using support::numbered_bytes;
using support::same;

constexpr std::size_t taken_by(std::size_t size) { return 8 + (size + 7) / 8 * 8; }

// A ring that is empty between its steps and knows where the next message begins.
template <class Setup>
class walk {
public:
    explicit walk(std::size_t capacity) : ring_(Setup::make(capacity)) {}

    auto& ring() { return ring_; }

    void go_to(std::size_t offset) {
        while (offset_ != offset) push_and_pop({});
    }

    // The one message that an empty ring must take wherever it stands.
    void longest_fits(std::uint64_t code) {
        push_and_pop(numbered_bytes(ring_.message_bytes_max(), code));
    }

    void push_and_pop(const bytes& message) {
        pushes(message);
        pops(message);
        if (ring_.size_approx() != 0) FAIL("something is left");
    }

    void pushes(const bytes& message) {
        if (!ring_.try_push(message)) FAIL(message.size() << " bytes refused at " << offset_);
        offset_ = (offset_ + taken_by(message.size())) % ring_.capacity();
    }

    void pops(const bytes& message) {
        const auto found = ring_.peek();
        if (!found || !same(*found, message)) FAIL(message.size() << " bytes differ in place");
        out_.assign(message.size(), std::byte{0});
        const lfq::popped_message popped = ring_.try_pop(out_);
        if (!popped || popped.bytes != message.size() || !same(out_, message))
            FAIL(message.size() << " bytes differ when popped before " << offset_);
    }

private:
    typename Setup::ring ring_;
    std::size_t offset_ = 0;
    bytes out_;
};

template <class Setup>
void every_pair_at_every_offset(std::size_t capacity) {
    walk<Setup> along(capacity);
    const std::size_t most = along.ring().message_bytes_max();
    REQUIRE(along.ring().capacity() == capacity);
    REQUIRE(most == capacity - 8);
    for (std::size_t offset = 0; offset < capacity; offset += 8) {
        for (std::size_t first_size = 0; first_size <= most; ++first_size) {
            const bytes first = numbered_bytes(first_size, offset);
            for (std::size_t second_size = 0; second_size <= most; ++second_size) {
                along.go_to(offset);
                along.pushes(first);
                const bytes second = numbered_bytes(second_size, offset + 100);
                const bool fits = taken_by(first_size) + taken_by(second_size) <= capacity;
                if (fits) {
                    along.pushes(second);
                } else if (along.ring().try_push(second)) {
                    FAIL(first_size << " and " << second_size << " bytes in " << capacity);
                }
                along.pops(first);
                if (fits) along.pops(second);
                along.longest_fits(second_size);
            }
        }
    }
}

using every_swept = std::tuple<support::message_setup<spill, support::backoff>,
    support::message_setup<spill, support::park, support::env_near_wrap>>;
using every_played = std::tuple<support::message_setup<spill, support::backoff>,
    support::message_setup<spill, support::doorbell, support::env_near_wrap>,
    support::message_setup<mirrored, support::park>,
    support::message_setup<mirrored, support::backoff, support::env_near_wrap>>;

template <class Setup>
void play(std::size_t capacity, std::uint64_t stream) {
    support::dice random(stream);
    auto ring = Setup::make(capacity);
    ring_twins::message_twins<typename Setup::ring> pair(ring, random);
    const std::size_t steps = random.from_to(1, 300);
    for (std::size_t i = 0; i < steps; ++i) pair.step();
    if (!random.one_in(3)) pair.end();
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "two_messages_of_every_size_at_every_offset_of_a_small_ring_come_out_whole", "", every_swept) {
    for (const std::size_t capacity : {16u, 32u, 64u})
        every_pair_at_every_offset<TestType>(capacity);
}

TEST_CASE("messages_of_every_size_about_the_wrap_of_a_page_come_out_whole") {
    walk<support::message_setup<mirrored, support::backoff, support::env_near_wrap>> along(4096);
    REQUIRE(along.ring().capacity() == 4096);
    const std::size_t step = support::affordable(10) == 10 ? 1 : 11;
    for (const std::size_t offset : {0u, 8u, 16u, 2040u, 2048u, 2056u, 4072u, 4080u, 4088u}) {
        for (std::size_t size = 0; size <= 4088; size += step) {
            along.go_to(offset);
            along.push_and_pop(numbered_bytes(size, offset));
        }
    }
}

TEMPLATE_LIST_TEST_CASE(
    "the_longest_message_fits_an_empty_ring_at_every_offset_of_a_page", "", every_played) {
    walk<TestType> along(4096);
    for (std::size_t offset = 0; offset < 4096; offset += 8) {
        along.go_to(offset);
        along.longest_fits(offset);
        along.push_and_pop(numbered_bytes(offset, 1));  // whatever happened before
        along.longest_fits(offset + 1);
    }
}

TEMPLATE_LIST_TEST_CASE(
    "any_sequence_of_verbs_of_messages_is_answered_as_the_model_answers", "", every_played) {
    const std::uint64_t games = support::affordable(1'500);
    for (std::uint64_t game = 0; game < games; ++game) {
        play<TestType>(16, game * 4);
        play<TestType>(64, game * 4 + 1);
        play<TestType>(256, game * 4 + 2);
    }
    SUCCEED(games << " games");
}
