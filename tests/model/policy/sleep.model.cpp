// SPDX-License-Identifier: MIT
// Goal: who lies down on a sleep_word, a futex_bed or a bell is woken by whoever publishes, and no
//       call of the OS is made for nobody.
// Method: a flag instead of a ring: the smallest thing that one thread publishes and another waits
//       for. Every interleaving, spurious wake-ups and weak failures included.
// Cannot show: the kernel's part, which is modelled as a futex and a counter.
#include "ring/rings.hpp"

namespace {

using namespace model;

constexpr std::uint64_t nowhere = 0;

using lfq::wait::never_ns;
using lfq::wait::turn;

// What is waited for.
struct flag {
    atomic<int> up{0};

    void raise() { up.store(1, std::memory_order_relaxed); }
    void lower() { up.store(0, std::memory_order_relaxed); }
    auto look() {
        return
            [this] { return up.load(std::memory_order_relaxed) != 0 ? turn::done : turn::refused; };
    }
};

template <class Wait>
using waiter_of = typename Wait::template waiter<env>;

template <class Wait>
void reader_is_woken(execution& here) {
    flag there;
    waiter_of<Wait> waiter{Wait{}};
    here.run(thread{"publisher",
                 [&] {
                     there.raise();
                     waiter.published();
                 }},
        thread{"reader",
            [&] { check(waiter.until_readable(nowhere, there.look(), never_ns), "woken"); }});
}

template <class Wait>
void writer_is_woken(execution& here) {
    flag there;
    waiter_of<Wait> waiter{Wait{}};
    here.run(thread{"freer",
                 [&] {
                     there.raise();
                     waiter.freed();
                 }},
        thread{"writer",
            [&] { check(waiter.until_writable(nowhere, there.look(), never_ns), "woken"); }});
}

const scenario park_reader("sleep/reader_is_woken/park", {.spurious = 1}, reader_is_woken<park>);
const scenario doorbell_reader(
    "sleep/reader_is_woken/doorbell", {.spurious = 1}, reader_is_woken<doorbell>);
const scenario park_writer("sleep/writer_is_woken/park", {.spurious = 1}, writer_is_woken<park>);
const scenario doorbell_writer(
    "sleep/writer_is_woken/doorbell", {.spurious = 1}, writer_is_woken<doorbell>);

// Of two wakers one makes the call; the other one's word is read by the look that follows.
template <class Wait>
void two_wakers(execution& here) {
    atomic<int> up{0};
    waiter_of<Wait> waiter{Wait{}};
    const auto publish = [&] {
        up.fetch_add(1, std::memory_order_relaxed);
        waiter.published();
    };
    const auto look = [&] {
        return up.load(std::memory_order_relaxed) == 2 ? turn::done : turn::refused;
    };
    here.run(thread{"waker 1", publish}, thread{"waker 2", publish},
        thread{"sleeper",
            [&] { check(waiter.until_readable(nowhere, look, never_ns), "woken for both"); }});
}
const scenario two_park("sleep/two_wakers/park", {.timeouts = 0}, two_wakers<park>);
const scenario two_doorbell("sleep/two_wakers/doorbell", {.timeouts = 0}, two_wakers<doorbell>);

// Two on one bed, room for both: neither is forgotten, though one that got up leaves the bit.
template <class Wait>
void two_sleepers(execution& here) {
    atomic<int> room{0};
    waiter_of<Wait> waiter{Wait{}};
    const auto take = [&] {
        int seen = room.load(std::memory_order_relaxed);
        while (seen != 0) {
            if (room.compare_exchange_strong(
                    seen, seen - 1, std::memory_order_relaxed, std::memory_order_relaxed))
                return turn::done;
        }
        return turn::refused;
    };
    const auto writer = [&] {
        check(waiter.until_writable(nowhere, take, never_ns), "got its room");
    };
    here.run(thread{"writer 1", writer}, thread{"writer 2", writer},
        thread{"freer", [&] {
                   room.store(2, std::memory_order_relaxed);
                   waiter.freed();
               }});
}
const scenario sleepers_park("sleep/two_sleepers/park", {.timeouts = 0}, two_sleepers<park>);

}  // namespace
