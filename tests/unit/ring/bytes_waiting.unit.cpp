// SPDX-License-Identifier: MIT
// Goal: rings of bytes and messages wait, sleep and ring as rings of values do: a waiting verb ends
//         when the other side answers or the ring is closed, and the bell rings for who armed it.
// Method: every wait; the other side comes a millisecond later, so that the first has most likely
//         gone to sleep; nobody is needed for a verb that runs out of time.
// Cannot show: races of sleeping and waking (stress/ring, model); how long it took.
#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/message_ring.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <thread>
#include <tuple>

#include <poll.h>

namespace {

using namespace std::chrono_literals;
using lfq::storage::mirrored;
using lfq::storage::spill;
using support::bytes;
using support::bytes_of;
using support::same;
using outcome = lfq::popped_message::outcome;

template <class Act>
std::thread soon(Act act) {
    return std::thread([act] {
        std::this_thread::sleep_for(1ms);
        act();
    });
}

bool rung(int descriptor) {
    pollfd bell{descriptor, POLLIN, 0};
    return ::poll(&bell, 1, 0) == 1;
}

using with_bells = std::tuple<support::message_setup<mirrored, support::doorbell>,
    support::message_setup<spill, support::doorbell, support::env_near_wrap>,
    support::stream_setup<support::doorbell>>;

template <class Ring>
bool push_one(Ring& ring) {
    const bytes one(1);
    if constexpr (requires { ring.try_push(one); }) {
        return ring.try_push(one);
    } else {
        return ring.try_push_n(one) == 1;
    }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "a_waiting_pop_ends_with_a_message_or_with_the_end", "", support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest);
    std::array<std::byte, 8> out{};
    bool pushed = false;
    std::thread producer = soon([&] { pushed = ring.try_push(bytes_of("late")); });
    const lfq::popped_message came = ring.pop(out);
    producer.join();
    CHECK(pushed);
    CHECK(came);
    CHECK(came.bytes == 4);
    CHECK(ring.pop_for(out, 50us).what == outcome::none);
    std::thread closer = soon([&] { ring.close(); });
    CHECK(ring.pop(out).what == outcome::none);
    closer.join();
    CHECK(ring.statistics().refused_pops == 1);
}

TEMPLATE_LIST_TEST_CASE(
    "a_waiting_push_ends_when_there_is_room_for_all_of_it", "", support::every_message_setup) {
    auto ring = TestType::make(TestType::smallest);
    REQUIRE(ring.try_push({}));
    REQUIRE(ring.try_push(bytes(ring.message_bytes_max() - 8)));
    const bytes longest = support::numbered_bytes(ring.message_bytes_max(), 1);
    CHECK_FALSE(ring.push_for(longest, 50us));
    CHECK(ring.statistics().refused_pushes == 1);
    std::size_t freed = 0;
    std::thread consumer = soon([&] {
        freed += ring.drain([](auto) {}, 1);  // not yet enough
        std::this_thread::sleep_for(200us);
        freed += ring.drain([](auto) {}, 1);
    });
    const bool pushed = ring.push(longest);
    consumer.join();
    CHECK(pushed);
    CHECK(freed == 2);
    CHECK(same(ring.peek().value(), longest));
    CHECK(ring.statistics().refused_pushes == 1);
}

TEMPLATE_LIST_TEST_CASE(
    "waiting_for_bytes_ends_with_some_of_them_or_with_the_end", "", support::every_stream_setup) {
    auto ring = TestType::make(4096);
    bytes out(8);
    std::size_t pushed = 0;
    std::thread producer = soon([&] { pushed = ring.try_push_n(bytes_of("late")); });
    CHECK(ring.pop_n(out) == 4);  // fewer than there is room for
    producer.join();
    CHECK(pushed == 4);
    CHECK(ring.pop_n_for(out, 50us) == 0);
    std::thread closer = soon([&] { ring.close(); });
    CHECK(ring.pop_n(out) == 0);
    closer.join();
    CHECK(ring.statistics().refused_pops == 1);
}

TEMPLATE_LIST_TEST_CASE(
    "a_push_of_more_than_the_ring_holds_waits_until_all_is_in", "", support::every_stream_setup) {
    auto ring = TestType::make(4096);
    const bytes sent = support::numbered_bytes(3 * 4096 + 5, 9);
    bytes came;
    std::thread consumer([&] {
        bytes piece(1'500);
        while (const std::size_t n = ring.pop_n(piece))
            came.insert(came.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(n));
    });
    const std::size_t pushed = ring.push_n(sent);
    ring.close();
    consumer.join();
    CHECK(pushed == sent.size());
    CHECK(same(came, sent));
    CHECK(ring.statistics().refused_pushes == 0);
    CHECK(ring.statistics().refused_pops == 0);
}

TEMPLATE_LIST_TEST_CASE("the_bell_rings_once_for_who_armed_it", "", with_bells) {
    auto ring = TestType::make(4096);
    CHECK(push_one(ring));
    CHECK_FALSE(rung(ring.fd()));  // nobody armed
    CHECK_FALSE(ring.arm());  // there is something
    ring.consume(1);
    CHECK(ring.arm());
    CHECK_FALSE(rung(ring.fd()));
    CHECK(push_one(ring));
    CHECK(rung(ring.fd()));
    ring.acknowledge();
    CHECK(push_one(ring));
    CHECK_FALSE(rung(ring.fd()));  // awake
    static_cast<void>(ring.peek());
    ring.consume(1);
    CHECK_FALSE(ring.arm());
    ring.consume(1);
    CHECK(ring.arm());
    ring.close();
    CHECK(rung(ring.fd()));
    ring.acknowledge();
    CHECK_FALSE(ring.arm());  // nothing will come
    CHECK(ring.drained());
}

TEMPLATE_LIST_TEST_CASE("what_a_claim_publishes_rings_too", "", with_bells) {
    auto ring = TestType::make(4096);
    REQUIRE(ring.arm());
    static_cast<void>(ring.claim(9));
    CHECK_FALSE(rung(ring.fd()));
    ring.claim(9).commit(1);
    CHECK(rung(ring.fd()));
}

TEST_CASE("a_claim_of_bytes_that_is_committed_empty_rings_nobody") {
    auto ring = support::stream_setup<support::doorbell>::make(4096);
    REQUIRE(ring.arm());
    ring.claim(9).commit(0);
    CHECK_FALSE(rung(ring.fd()));
}

TEST_CASE("rings_of_bytes_and_messages_share_a_bell") {
    lfq::wait::bell bell;
    lfq::message_ring<mirrored, lfq::wait::doorbell> messages(64, {}, lfq::wait::doorbell{bell});
    lfq::byte_ring<mirrored, lfq::wait::doorbell> stream(64, {}, lfq::wait::doorbell{bell});
    REQUIRE(messages.fd() == bell.fd());
    REQUIRE(stream.arm());
    CHECK(messages.try_push({}));
    CHECK(rung(bell.fd()));
    bell.acknowledge();
    REQUIRE(stream.arm());
    CHECK(stream.try_push_n(bytes(1)) == 1);
    CHECK(rung(stream.fd()));
}
