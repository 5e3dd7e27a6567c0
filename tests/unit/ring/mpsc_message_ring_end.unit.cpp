// SPDX-License-Identifier: MIT
// Goal: what was claimed before the close is delivered, what comes later is refused, and the end
//         holds once it is reached; waiting verbs and the doorbell answer when there is something,
//         when it is over, and when time is up.
// Method: a closer on the producer's, the consumer's or a third thread; every wait; the other side
//         answers a millisecond later.
// Cannot show: that no wake-up is lost (stress), every interleaving of the close (model).
#include <lfq/ring/mpsc_message_ring.hpp>

#include "support/catch.hpp"
#include "support/shared_messages.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>

namespace {

using namespace std::chrono_literals;
using support::message_of;
using support::message_view;

constexpr std::size_t longest = 40;
using buffer = std::array<std::byte, longest>;

[[nodiscard]] bool is_rung(int fd) {
    pollfd bell{fd, POLLIN, 0};
    return ::poll(&bell, 1, 0) == 1;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("what_was_claimed_before_the_close_is_delivered_and_nothing_later", "",
    support::every_message_storage) {
    auto ring = TestType::make(3, longest);
    auto from = ring.producer();
    auto other = ring.producer();
    REQUIRE(from->try_push(message_of(1, 10)));
    auto claimed = other->claim(20);
    REQUIRE_FALSE(ring.closed());
    SECTION("closed here") { ring.close(); }
    SECTION("closed by another thread") {
        std::thread([&] { ring.close(); }).join();
    }
    SECTION("closed twice") {
        ring.close();
        ring.close();
    }
    REQUIRE(ring.closed());
    REQUIRE_FALSE(ring.drained());
    // All of these land behind the end, or see the mark: also those that knew nothing.
    auto late = ring.producer();
    REQUIRE(late.has_value());
    for (std::size_t i = 0; i < 3 * TestType::bytes / longest; ++i) {
        REQUIRE_FALSE(from->try_push(message_of(9, longest)));
        REQUIRE_FALSE(late->push(message_of(9, longest)));
        REQUIRE_FALSE(late->claim(longest));
    }
    REQUIRE_FALSE(from->push_for(message_of(9, 1), 1h));
    REQUIRE(ring.size_approx() == 16 + 24);

    support::write_message(2, claimed.bytes());
    claimed.commit(15);
    buffer out{};
    REQUIRE(ring.pop(out).bytes == 10);
    REQUIRE_FALSE(ring.drained());
    REQUIRE(ring.pop(out).bytes == 15);
    REQUIRE(support::is_message(std::span(out).first(15), 2, 15));
    for (int again = 0; again < 3; ++again) {
        REQUIRE(ring.drained());
        REQUIRE(ring.empty_approx());
        REQUIRE_FALSE(ring.peek().has_value());
        REQUIRE_FALSE(ring.pop(out));
        REQUIRE_FALSE(ring.pop_for(out, 1h));
        REQUIRE_FALSE(ring.try_pop(out));
        REQUIRE(ring.drain([](message_view) {}) == 0);
        REQUIRE_FALSE(from->try_push({}));
        REQUIRE_FALSE(late->push({}));
    }
    REQUIRE(ring.statistics().published == 2);
    REQUIRE(ring.statistics().consumed == 2);
}

TEMPLATE_LIST_TEST_CASE(
    "a_ring_that_is_full_when_it_is_closed_refuses_for_good", "", support::every_shared_messages) {
    auto ring = TestType::make(2, longest);
    auto from = ring.producer();
    auto other = ring.producer();
    while (from->try_push(message_of(1, longest))) {
    }
    const std::size_t held = ring.size_approx();
    ring.close();
    REQUIRE_FALSE(from->push(message_of(2, longest)));
    REQUIRE_FALSE(other->push(message_of(2, longest)));
    REQUIRE(ring.size_approx() == held);
    while (ring.drain([](message_view) {}, 3) != 0) REQUIRE_FALSE(from->try_push({}));
    REQUIRE(ring.drained());
}

TEMPLATE_LIST_TEST_CASE("an_empty_ring_that_is_closed_is_drained_though_adds_come_later", "",
    support::every_message_storage) {
    auto ring = TestType::make(2, longest);
    auto from = ring.producer();
    ring.close();
    REQUIRE(ring.drained());
    REQUIRE_FALSE(from->try_push({}));
    REQUIRE(ring.drained());
    REQUIRE(ring.size_approx() == 0);
    REQUIRE_FALSE(ring.pop({}));
}

TEMPLATE_LIST_TEST_CASE("an_open_claim_keeps_the_consumer_of_closed_messages_waiting", "",
    support::every_shared_messages) {
    for (const bool kept : {true, false}) {
        auto ring = TestType::make(2, longest);
        auto from = ring.producer();
        std::thread producer([&, claimed = from->claim(8)]() mutable {
            ring.close();
            std::this_thread::sleep_for(1ms);
            if (kept) claimed.commit(0);  // else abandoned when the thread's function ends
        });
        const bool popped = static_cast<bool>(ring.pop({}));
        producer.join();
        REQUIRE(popped == kept);
        REQUIRE(ring.drained());
    }
}

TEMPLATE_LIST_TEST_CASE(
    "a_timed_verb_of_messages_gives_up_when_its_time_is_over", "", support::every_shared_messages) {
    auto ring = TestType::make(1, longest);
    auto from = ring.producer();
    buffer out{};
    for (const auto duration : {-1ns, 0ns, 1ns, std::chrono::nanoseconds(50us)})
        REQUIRE_FALSE(ring.pop_for(out, duration));
    while (from->try_push({})) {
    }
    for (const auto duration : {-1ns, 0ns, 1ns, std::chrono::nanoseconds(50us)})
        REQUIRE_FALSE(from->push_for({}, duration));
    REQUIRE(ring.size_approx() == ring.capacity());
    REQUIRE(ring.pop_for(out, -1h));
    REQUIRE(from->push_for({}, -1h));
}

TEMPLATE_LIST_TEST_CASE(
    "a_wait_for_messages_ends_when_the_other_side_answers", "", support::every_shared_messages) {
    auto ring = TestType::make(2, longest);
    auto from = ring.producer();
    buffer out{};
    bool pushed = false;
    lfq::popped_message popped;
    const auto a_little_later = [](auto verb) {
        return std::thread([verb] {
            std::this_thread::sleep_for(1ms);
            verb();
        });
    };
    SECTION("a message comes") {
        auto producer = a_little_later([&] { pushed = from->try_push(message_of(1, 3)); });
        popped = ring.pop_for(out, std::chrono::hours::max());
        producer.join();
        REQUIRE((pushed && popped));
        REQUIRE(support::is_message(std::span(out).first(popped.bytes), 1, 3));
    }
    SECTION("room comes, by any verb") {
        const auto frees = [&](auto verb) {
            while (from->try_push({})) {
            }
            auto consumer = a_little_later(verb);
            pushed = from->push({});
            consumer.join();
            REQUIRE(pushed);
        };
        frees([&] { static_cast<void>(ring.try_pop(out)); });
        frees([&] { ring.consume(); });
        frees([&] { ring.drain([](message_view) {}, 1); });
    }
    SECTION("room comes from an abandoned claim") {
        auto other = ring.producer();
        auto claimed = other->claim(longest);
        while (from->try_push({})) {
        }
        { auto lost = std::move(claimed); }
        auto consumer = a_little_later([&] { static_cast<void>(ring.peek()); });
        pushed = from->push({});
        consumer.join();
        REQUIRE(pushed);
    }
    SECTION("the end comes to the consumer") {
        auto closer = a_little_later([&] { ring.close(); });
        popped = ring.pop(out);
        closer.join();
        REQUIRE(popped.what == lfq::popped_message::outcome::none);
    }
    SECTION("the end comes to two producers") {
        auto other = ring.producer();
        while (from->try_push({})) {
        }
        while (other->try_push({})) {
        }
        const std::uint64_t refused = ring.statistics().refused_pushes;
        bool other_pushed = true;
        std::thread waiting([&] { other_pushed = other->push({}); });
        auto closer = a_little_later([&] { ring.close(); });
        pushed = from->push({});
        waiting.join();
        closer.join();
        REQUIRE_FALSE(pushed);
        REQUIRE_FALSE(other_pushed);
        REQUIRE(ring.statistics().refused_pushes == refused);  // closed is no refusal of a wait
    }
}

TEST_CASE("the_bell_of_messages_rings_once_for_who_armed_it") {
    using rings = support::shared_messages<lfq::storage::mirrored, support::doorbell>;
    auto ring = rings::make(2, longest);
    auto from = ring.producer();
    REQUIRE(from->try_push({}));
    REQUIRE_FALSE(is_rung(ring.fd()));
    REQUIRE_FALSE(ring.arm());  // there is something
    ring.consume();
    REQUIRE(ring.arm());
    static_cast<void>(from->claim(8));  // abandoned: it rings, for it holds others back no longer
    REQUIRE(is_rung(ring.fd()));
    ring.acknowledge();
    REQUIRE_FALSE(is_rung(ring.fd()));
    REQUIRE(ring.arm());
    REQUIRE(ring.empty_approx());  // arm() looked, and stepped over it
    REQUIRE(from->try_push({}));
    REQUIRE(is_rung(ring.fd()));
    ring.acknowledge();
    REQUIRE(from->try_push({}));
    REQUIRE_FALSE(is_rung(ring.fd()));
    REQUIRE(ring.drain([](message_view) {}) == 2);
    REQUIRE(ring.arm());
    ring.close();
    REQUIRE(is_rung(ring.fd()));
    ring.acknowledge();
    REQUIRE_FALSE(ring.arm());  // drained: nothing will ever ring
}
