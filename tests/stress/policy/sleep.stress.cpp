// SPDX-License-Identifier: MIT
// Goal: no wake-up is lost: who sleeps on a ring is woken by a value, a freed slot or the end, and
//         calls are as few as told.
// Method: threads that sleep at once, many short sleeps on rings of one value, ends at random
//         times; a lost wake-up is a test that hangs until its time limit. The calls of the real
//         eventfd and futex are counted.
// Cannot show: the one interleaving in a billion; the model checker does.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/setups.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

#include <sys/epoll.h>
#include <unistd.h>

namespace {

using namespace support;
using heap = lfq::storage::heap;
using counted_park = lfq::wait::basic_park<counting_futex>;
using counted_doorbell = lfq::wait::basic_doorbell<counting_event_fd, counting_futex>;

template <class Ring>
Ring make() {
    if constexpr (requires { Ring(1, {}, counted_park{}); }) {
        return Ring(1, {}, counted_park{.spin = std::chrono::nanoseconds(0)});
    } else {
        return Ring(1);
    }
}

using every_sleeper = std::tuple<lfq::spsc_ring<std::uint64_t, heap, counted_park>,
    lfq::mpsc_ring<std::uint64_t, heap, counted_park>,
    lfq::spsc_ring<std::uint64_t, heap, counted_doorbell>,
    lfq::mpsc_ring<std::uint64_t, heap, counted_doorbell>>;
using every_shared_sleeper = std::tuple<lfq::mpsc_ring<std::uint64_t, heap, counted_park>,
    lfq::mpsc_ring<std::uint64_t, heap, counted_doorbell>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("a_ball_that_is_thrown_to_and_fro_never_stays", "", every_sleeper) {
    counting_futex::reset();
    counting_event_fd::reset();
    auto there = make<TestType>();
    auto back = make<TestType>();
    const std::uint64_t throws = affordable(40'000);
    std::thread other([&] {
        std::uint64_t ball = 0;
        while (there.pop(ball)) back.push(ball + 1);
        back.close();
    });
    std::uint64_t ball = 0;
    std::uint64_t dropped = 0;
    for (std::uint64_t i = 0; i < throws; ++i) {
        there.push(ball);
        if (!back.pop(ball)) ++dropped;
    }
    there.close();
    other.join();
    CHECK(dropped == 0);
    CHECK(ball == throws);
    CHECK(counting_event_fd::writes <= 2 * throws + 2);
    CHECK_FALSE(back.pop(ball));
}

TEMPLATE_LIST_TEST_CASE(
    "full_and_empty_sides_that_sleep_all_the_time_pass_everything", "", every_sleeper) {
    auto ring = make<TestType>();
    const std::uint64_t count = affordable(40'000);
    std::thread producer([&] {
        for (std::uint64_t i = 0; i < count; ++i) ring.push(i);
        ring.close();
    });
    std::uint64_t expected = 0;
    std::uint64_t wrong = 0;
    for (std::uint64_t out = 0; ring.pop(out);) wrong += out == expected++ ? 0u : 1u;
    producer.join();
    CHECK(wrong == 0);
    CHECK(expected == count);
}

TEMPLATE_LIST_TEST_CASE(
    "several_producers_asleep_on_a_full_ring_all_wake", "", every_shared_sleeper) {
    auto ring = make<TestType>();
    const std::uint64_t each = affordable(10'000);
    std::vector<std::thread> producers;
    std::atomic<int> working{3};
    for (int sender = 0; sender < 3; ++sender) {
        producers.emplace_back([&] {
            for (std::uint64_t i = 0; i < each; ++i) ring.push(i);
            if (working.fetch_sub(1) == 1) ring.close();
        });
    }
    std::uint64_t count = 0;
    std::uint64_t sum = 0;
    for (std::uint64_t out = 0; ring.pop(out); ++count) sum += out;
    for (std::thread& producer : producers) producer.join();
    CHECK(count == 3 * each);
    CHECK(sum == 3 * (each * (each - 1) / 2));
}

TEMPLATE_LIST_TEST_CASE("close_wakes_every_producer_that_sleeps", "", every_shared_sleeper) {
    dice random(1);
    for (std::uint64_t round = 0; round < affordable(300); ++round) {
        auto ring = make<TestType>();
        std::atomic<std::uint64_t> accepted{0};
        std::vector<std::thread> producers;
        for (int sender = 0; sender < 3; ++sender) {
            producers.emplace_back([&] {
                while (ring.push(1)) ++accepted;
            });
        }
        std::this_thread::sleep_for(std::chrono::microseconds(random.from_to(0, 200)));
        ring.close();
        for (std::thread& producer : producers) producer.join();
        std::uint64_t out = 0;
        std::uint64_t delivered = 0;
        while (ring.pop(out)) ++delivered;
        REQUIRE(delivered == accepted);
        REQUIRE(ring.drained());
    }
}

TEMPLATE_LIST_TEST_CASE("close_wakes_a_consumer_that_sleeps", "", every_sleeper) {
    dice random(2);
    for (std::uint64_t round = 0; round < affordable(300); ++round) {
        auto ring = make<TestType>();
        bool popped = true;
        std::thread consumer([&] {
            std::uint64_t out = 0;
            popped = ring.pop(out);
        });
        std::this_thread::sleep_for(std::chrono::microseconds(random.from_to(0, 100)));
        ring.close();
        consumer.join();
        REQUIRE_FALSE(popped);
    }
}

TEST_CASE("an_abandoned_claim_that_was_the_last_wakes_the_consumer_of_a_closed_ring") {
    using ring_type = lfq::mpsc_ring<std::uint64_t, heap, counted_park>;
    dice random(3);
    for (std::uint64_t round = 0; round < affordable(300); ++round) {
        auto ring = make<ring_type>();
        std::thread producer([&, pause_us = random.from_to(0, 60)] {
            const auto claimed = ring.claim(1);
            ring.close();
            std::this_thread::sleep_for(std::chrono::microseconds(pause_us));
        });
        std::uint64_t out = 0;
        const bool popped = ring.pop(out);
        producer.join();
        REQUIRE_FALSE(popped);
        REQUIRE(ring.drained());
    }
}

TEST_CASE("one_bell_in_an_epoll_serves_several_rings_and_rings_at_most_once_per_arming") {
    using bell_ring = lfq::mpsc_ring<std::uint64_t, heap, counted_doorbell>;
    counting_event_fd::reset();
    counted_doorbell::bell bell;
    std::deque<bell_ring> rings;
    for (int i = 0; i < 3; ++i) rings.emplace_back(2, heap{}, counted_doorbell(bell));
    const std::uint64_t each = affordable(10'000);
    std::vector<std::thread> producers;
    for (std::size_t sender = 0; sender < 3; ++sender) {
        producers.emplace_back([&, sender] {
            dice random(10 + sender);
            for (std::uint64_t i = 0; i < each; ++i) {
                rings[sender].push(i);
                if (random.one_in(50)) std::this_thread::sleep_for(std::chrono::microseconds(20));
            }
            rings[sender].close();
        });
    }
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    REQUIRE(::epoll_ctl(epoll, EPOLL_CTL_ADD, bell.fd(), &event) == 0);
    std::array<std::uint64_t, 3> expected{};
    std::uint64_t wrong = 0;
    std::uint64_t armings = 0;
    const auto all_drained = [&] {
        return std::ranges::all_of(rings, [](const bell_ring& ring) { return ring.drained(); });
    };
    while (!all_drained()) {
        bool asleep = true;
        for (bell_ring& ring : rings) {
            if (ring.drained()) continue;
            ++armings;
            asleep = asleep && ring.arm();
        }
        if (asleep && !all_drained()) {
            ::epoll_wait(epoll, &event, 1, -1);
            bell.acknowledge();
        }
        for (std::size_t i = 0; i < 3; ++i) {
            rings[i].drain([&](std::uint64_t value) { wrong += value == expected[i]++ ? 0u : 1u; });
        }
    }
    for (std::thread& producer : producers) producer.join();
    ::close(epoll);
    CHECK(wrong == 0);
    CHECK(expected == std::array<std::uint64_t, 3>{each, each, each});
    CHECK(counting_event_fd::writes <= armings);
}
