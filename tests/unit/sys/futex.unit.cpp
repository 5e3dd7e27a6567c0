// SPDX-License-Identifier: MIT
// Goal: a futex wait returns at once when the word differs, at its deadline, and when it is woken.
// Method: the real call on a std::atomic; the waker repeats until the sleeper is up, because it
//         cannot know it sleeps.
// Cannot show: how long a wait took.
#include <lfq/sys/clock.hpp>
#include <lfq/sys/futex.hpp>

#include "support/catch.hpp"

#include <atomic>
#include <cstdint>
#include <thread>

TEST_CASE("a_wait_on_another_value_returns_at_once") {
    std::atomic<std::uint32_t> word{5};
    lfq::sys::futex{}.wait(word, 4, INT64_MAX);
    CHECK(word == 5);
}

TEST_CASE("a_wait_returns_at_its_deadline") {
    std::atomic<std::uint32_t> word{5};
    lfq::sys::futex{}.wait(word, 5, 0);
    lfq::sys::futex{}.wait(word, 5, lfq::sys::clock::now_ns() - 1);
    const std::int64_t deadline_ns = lfq::sys::clock::now_ns() + 2'000'000;
    while (lfq::sys::clock::now_ns() < deadline_ns) lfq::sys::futex{}.wait(word, 5, deadline_ns);
    CHECK(word == 5);
}

TEST_CASE("wake_all_wakes_every_sleeper") {
    std::atomic<std::uint32_t> word{0};
    std::atomic<int> awake{0};
    const auto sleep = [&] {
        while (word.load() == 0) lfq::sys::futex{}.wait(word, 0, INT64_MAX);
        ++awake;
    };
    std::thread first(sleep);
    std::thread second(sleep);
    std::this_thread::yield();
    word.store(1);
    lfq::sys::futex{}.wake_all(word);
    first.join();
    second.join();
    CHECK(awake == 2);
}
