// SPDX-License-Identifier: MIT
// Goal: the waiting and timed verbs answer false exactly when the ring is closed (and drained) or
//         the time is up.
// Method: one thread, every wait, durations of any kind; the ring is empty or full, so nobody else
//         is needed.
// Cannot show: waking up (stress/policy); how long it took.
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/setups.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>
#include <thread>

namespace {

using namespace std::chrono_literals;
using seconds_as_double = std::chrono::duration<double>;

template <class Ring, class Duration>
void runs_out(Ring& empty, Ring& full, Duration duration) {
    std::uint64_t out = 77;
    REQUIRE_FALSE(empty.pop_for(out, duration));
    REQUIRE(out == 77);
    REQUIRE_FALSE(full.push_for(std::uint64_t{9}, duration));
    const std::uint64_t value = 9;
    REQUIRE_FALSE(full.push_for(value, duration));
    REQUIRE(full.size_approx() == 1);
}

template <class Ring, class Duration>
void answers_at_once(Ring& ring, Duration duration) {
    std::uint64_t out = 0;
    REQUIRE(ring.push_for(std::uint64_t{5}, duration));
    REQUIRE(ring.pop_for(out, duration));
    REQUIRE(out == 5);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a_timed_verb_gives_up_when_its_time_is_over", "", support::every_setup) {
    auto empty = TestType::template make<std::uint64_t, 1>();
    auto full = TestType::template make<std::uint64_t, 1>();
    REQUIRE(full.try_push(1));
    runs_out(empty, full, 0ns);
    runs_out(empty, full, -1ns);
    runs_out(empty, full, std::chrono::hours::min());
    runs_out(empty, full, seconds_as_double(-std::numeric_limits<double>::infinity()));
    runs_out(empty, full, seconds_as_double(1e-12));
    runs_out(empty, full, 1ns);
    runs_out(empty, full, 50us);
    runs_out(empty, full, 1ms);
    runs_out(empty, full, std::chrono::duration<std::int64_t, std::ratio<1, 4096>>(3));
    REQUIRE(full.try_pop() == 1u);
}

TEMPLATE_LIST_TEST_CASE(
    "a_timed_verb_that_need_not_wait_does_not_ask_for_the_time", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 1>();
    answers_at_once(ring, 0ns);
    answers_at_once(ring, -1h);
    answers_at_once(ring, std::chrono::hours::max());
    answers_at_once(ring, std::chrono::nanoseconds::max());
    answers_at_once(ring, seconds_as_double(1e300));
    answers_at_once(ring, seconds_as_double(std::numeric_limits<double>::infinity()));
    answers_at_once(ring, std::chrono::duration<std::int64_t, std::ratio<1, 3>>(20'000'000'000));
    answers_at_once(ring, std::chrono::duration<float>(9.2e9f));
}

TEMPLATE_LIST_TEST_CASE(
    "a_wait_without_end_ends_when_the_other_side_answers", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 1>();
    std::uint64_t out = 0;
    SECTION("an empty side, however far the deadline") {
        std::thread producer([&] {
            std::this_thread::sleep_for(1ms);
            static_cast<void>(ring.try_push(1));
        });
        const bool popped = ring.pop_for(out, std::chrono::hours::max());
        producer.join();
        REQUIRE(popped);
        REQUIRE(out == 1);
    }
    SECTION("a full side, however far the deadline") {
        REQUIRE(ring.try_push(1));
        std::thread consumer([&] {
            std::this_thread::sleep_for(1ms);
            static_cast<void>(ring.try_pop());
        });
        const bool pushed = ring.push_for(2u, seconds_as_double(1e300));
        consumer.join();
        REQUIRE(pushed);
        REQUIRE(ring.try_pop() == 2u);
    }
    SECTION("the end wakes the empty side") {
        std::thread producer([&] {
            std::this_thread::sleep_for(1ms);
            ring.close();
        });
        const bool popped = ring.pop(out);
        producer.join();
        REQUIRE_FALSE(popped);
    }
}

TEMPLATE_LIST_TEST_CASE(
    "an_open_claim_keeps_the_consumer_of_a_closed_ring_waiting", "", support::every_patient_setup) {
    if constexpr (TestType::skips) {
        std::uint64_t out = 0;
        for (const bool kept : {true, false}) {
            auto ring = TestType::template make<std::uint64_t, 2>();
            std::thread producer([&, claimed = ring.claim(1)]() mutable {
                ring.close();
                std::this_thread::sleep_for(1ms);
                if (!kept) return;  // abandoned when the thread's function is destroyed
                claimed.emplace(1u);
                claimed.commit();
            });
            const bool popped = ring.pop(out);
            producer.join();
            REQUIRE(popped == kept);
            REQUIRE(ring.drained());
        }
    }
}
