// SPDX-License-Identifier: MIT
// Goal: how long a subscriber was waited for is counted to the end; who eases last is known.
// Method: one thread plays worker and network thread; only that enough time was counted is checked.
// Cannot show: both threads at once (dispatcher.stress.cpp).
#include "broker/core/subscriber.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <thread>

using broker::core::port;
using broker::core::pressure;
using broker::core::subscriber;

namespace {

constexpr std::size_t budget = 100;

/// Has read a lot, and now has more than half of its budget pending.
void let_press(subscriber& one) {
    one.count_pushed(std::size_t{1} << 20);
    one.count_settled(std::size_t{1} << 20);
    one.count_pushed(budget * 3 / 5);
    REQUIRE(one.is_pressing());
}

}  // namespace

TEST_CASE("the_time_of_pressing_counts_whether_it_is_over_or_not_and_once") {
    constexpr std::chrono::milliseconds moment{5};
    constexpr std::int64_t moment_ns = std::chrono::nanoseconds(moment).count();
    port reach(64);
    pressure pressing{0};
    subscriber one(reach, pressing, 8, budget, 0);
    let_press(one);
    std::this_thread::sleep_for(moment);
    CHECK(one.take_pressed_ns() >= moment_ns);  // it goes on
    std::this_thread::sleep_for(moment);
    one.count_settled(budget * 3 / 5);
    CHECK_FALSE(one.is_pressing());
    CHECK(one.take_pressed_ns() >= moment_ns);  // it is over
    CHECK(one.take_pressed_ns() == 0);
    let_press(one);
    one.stop_pressing();
    static_cast<void>(one.take_pressed_ns());
    std::this_thread::sleep_for(moment);
    CHECK(one.take_pressed_ns() == 0);  // nobody waits any more
}

TEST_CASE("whoever_eases_last_is_known_at_once") {
    port reach(64);
    pressure pressing{0};
    subscriber one(reach, pressing, 8, budget, 0);
    subscriber two(reach, pressing, 8, budget, 0);
    let_press(one);
    let_press(two);
    CHECK(pressing.load(std::memory_order_relaxed) == 2);  // own: one thread
    one.count_settled(budget * 3 / 5);
    CHECK_FALSE(reach.last_eased);
    two.stop_pressing();
    CHECK(reach.last_eased);
    CHECK(pressing.load(std::memory_order_relaxed) == 0);  // own: as above
}
