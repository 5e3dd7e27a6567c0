// SPDX-License-Identifier: MIT
// How long does a consumer that sleeps take to be woken by a push, beside a bare futex, and what
// does a side cost that sleeps?
//
// Waking: a value is due every 200 us, by when the consumer, which does not spin, has long been
// asleep; from then until it has the value, one way, as in the paced rows. The bare futex is one
// number and a sleeper that is always woken. Asleep: the processor time of the process over the
// wall time, of a pop from an empty ring and of a push to a full one; the floor sleeps without one.

#include "harness/asleep.hpp"
#include "harness/paced.hpp"
#include "harness/session.hpp"

#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace bench;
using namespace std::chrono_literals;

constexpr double per_second = 5'000;
constexpr std::size_t capacity = 64;
using heap = lfq::storage::heap;
using lfq::wait::park;

/// Asleep at once: no looks before.
template <class Ring>
struct asleep : Ring {
    asleep() : Ring(capacity, {}, {.spin = 0ns}) {}
};
template <class Ring>
using way_to_a_sleeper = waiting_one_way<asleep<Ring>>;

void ask_about_waking(session& here) {
    here.ask("ring/spsc_1p1c_sleep/waking", "one way to a consumer that sleeps",
        {.name = "ns", .lower_is_better = true, .threads_sleep = true, .pass_seconds = 0.1},
        [&](entry_list& list) {
            const auto enter = [&]<class Way>(const std::string& name, role stands_for) {
                list.enter(name, "p50", stands_for, 200,
                    [&] { return lateness<Way>(here.pinned(), per_second, 0.50); });
                list.enter(name, "p99", stands_for, 200,
                    [&] { return lateness<Way>(here.pinned(), per_second, 0.99); });
            };
            using word = std::uint64_t;
            enter.template operator()<way_to_a_sleeper<lfq::spsc_ring<word, heap, park>>>(
                "lfq::spsc_ring, park", role::ours);
            enter.template operator()<futex_one_way>("bare futex", role::floor);
            enter.template operator()<way_to_a_sleeper<lfq::spsc_slot_ring<word, heap, park>>>(
                "lfq::spsc_slot_ring, park", role::extra);
            enter.template operator()<way_to_a_sleeper<lfq::mpsc_ring<word, heap, park>>>(
                "lfq::mpsc_ring, park", role::extra);
        });
}

void ask_about_cpu(session& here) {
    here.ask("ring/spsc_1p1c_sleep/cpu", "processor time in a second asleep", processor_time,
        [](entry_list& list) {
            using ring = lfq::spsc_ring<std::uint64_t, heap, park>;
            list.enter("lfq::spsc_ring, park", "pop_for, empty", role::extra, 50, [] {
                auto empty = std::make_shared<ring>(capacity);
                return sleeping([empty](auto time) {
                    std::uint64_t out = 0;
                    return !empty->pop_for(out, time);
                });
            });
            list.enter("lfq::spsc_ring, park", "push_for, full", role::extra, 50, [] {
                auto full = std::make_shared<ring>(capacity);
                while (full->try_push(1U)) {
                }
                return sleeping([full](auto time) { return !full->push_for(1U, time); });
            });
            list.enter("no ring", "sleep_for", role::floor, 50, sleeping_alone);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask_about_waking(here);
    if (here.full()) ask_about_cpu(here);
    return here.finish();
}
