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

}  // namespace
