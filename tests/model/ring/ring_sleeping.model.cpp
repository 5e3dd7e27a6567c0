// SPDX-License-Identifier: MIT
// Goal: a side that sleeps is woken when the other one has something, or closes; for each sleep the
//       producer writes to the descriptor once, and never while the consumer is awake.
// Method: both rings under park and doorbell, asleep on empty and asleep on full, one at a time:
//       the other side looks without sleeping. A wake-up that is lost is found as stuck, or as time
//         that had to pass.
// Cannot show: the kernel's part, which is modelled as a futex and a counter.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"

#include <chrono>
#include <optional>

namespace {

using namespace model;
using namespace std::chrono_literals;

const options no_clock{.timeouts = 0};
const options wakes_by_itself{.spurious = 1, .timeouts = 0};

// Asleep on empty: only the push is there to wake the consumer.
template <class Ring>
void sleeping_on_empty(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer", [&] { check(books.try_push(ring, 1), "room"); }},
        thread{"consumer", [&] {
                   tracked out;
                   check(books.pop(ring, out), "not closed");
               }});
    books.check_all_arrived();
}
const scenario empty_spsc_park(
    "spsc_ring/sleeping_on_empty/park", no_clock, sleeping_on_empty<spsc_of<tracked, 2, park>>);
const scenario empty_spsc_bell("spsc_ring/sleeping_on_empty/doorbell", no_clock,
    sleeping_on_empty<spsc_of<tracked, 2, doorbell>>);
const scenario empty_mpsc_park(
    "mpsc_ring/sleeping_on_empty/park", no_clock, sleeping_on_empty<mpsc_of<tracked, 2, park>>);
const scenario empty_mpsc_bell("mpsc_ring/sleeping_on_empty/doorbell", no_clock,
    sleeping_on_empty<mpsc_of<tracked, 2, doorbell>>);
const scenario empty_ordered("mpsc_ordered_ring/sleeping_on_empty/park", no_clock,
    sleeping_on_empty<ordered_of<tracked, 2, park>>);

// Asleep on empty: only the close is.
template <class Ring>
void close_wakes_the_consumer(execution& here) {
    Ring ring;
    here.run(thread{"closer", [&] { ring.close(); }}, thread{"consumer", [&] {
                                                                 tracked out;
                                                                 check(!ring.pop(out), "the end");
                                                             }});
}
const scenario close_spsc_park("spsc_ring/close_wakes_the_consumer/park", wakes_by_itself,
    close_wakes_the_consumer<spsc_of<tracked, 2, park>>);
const scenario close_mpsc_park("mpsc_ring/close_wakes_the_consumer/park", wakes_by_itself,
    close_wakes_the_consumer<mpsc_of<tracked, 2, park>>);
const scenario close_spsc_bell("spsc_ring/close_wakes_the_consumer/doorbell", no_clock,
    close_wakes_the_consumer<spsc_of<tracked, 2, doorbell>>);
const scenario close_mpsc_bell("mpsc_ring/close_wakes_the_consumer/doorbell", no_clock,
    close_wakes_the_consumer<mpsc_of<tracked, 2, doorbell>>);
const scenario close_ordered("mpsc_ordered_ring/close_wakes_the_consumer/park", no_clock,
    close_wakes_the_consumer<ordered_of<tracked, 2, park>>);

// Asleep on full: one slot, and a consumer that looks until it has all.
template <class Ring>
void sleeping_on_full(execution& here) {
    Ring ring;
    ledger books;
    check(books.try_push(ring, 1), "full now");
    here.run(thread{"producer", [&] { check(books.push(ring, 1), "not closed"); }},
        thread{"consumer", [&] {
                   tracked out;
                   check(books.try_pop(ring, out), "the one that is there");
               }});
    tracked out;
    check(books.try_pop(ring, out), "the one that waited");
    books.check_all_arrived();
}
const scenario full_spsc_park("spsc_ring/sleeping_on_full/park", wakes_by_itself,
    sleeping_on_full<spsc_of<tracked, 1, park>>);
const scenario full_spsc_bell("spsc_ring/sleeping_on_full/doorbell", no_clock,
    sleeping_on_full<spsc_of<tracked, 1, doorbell>>);
const scenario full_mpsc_park(
    "mpsc_ring/sleeping_on_full/park", no_clock, sleeping_on_full<mpsc_of<tracked, 1, park>>);
const scenario full_mpsc_bell("mpsc_ring/sleeping_on_full/doorbell", no_clock,
    sleeping_on_full<mpsc_of<tracked, 1, doorbell>>);
const scenario full_ordered("mpsc_ordered_ring/sleeping_on_full/park", no_clock,
    sleeping_on_full<ordered_of<tracked, 1, park>>);

// With a deadline, too, it is the other side that ends the sleep: if its wake-up were lost, time
// would have to pass.
template <class Ring>
void woken_before_the_push_is_late(execution& here) {
    Ring ring;
    check(ring.try_push(tracked(1)), "full now");
    here.run(thread{"producer", [&] { check(ring.push_for(tracked(2), 1s), "room in time"); }},
        thread{"consumer", [&] {
                   tracked out;
                   check(ring.try_pop(out) && out.get() == 1, "the one that is there");
               }});
    check(here.time_had_to_pass() == 0, "the deadline was not needed");
}
const scenario push_spsc_park("spsc_ring/woken_before_the_push_is_late/park", no_clock,
    woken_before_the_push_is_late<spsc_of<tracked, 1, park>>);
const scenario push_spsc_bell("spsc_ring/woken_before_the_push_is_late/doorbell", no_clock,
    woken_before_the_push_is_late<spsc_of<tracked, 1, doorbell>>);
const scenario push_mpsc_park("mpsc_ring/woken_before_the_push_is_late/park", wakes_by_itself,
    woken_before_the_push_is_late<mpsc_of<tracked, 1, park>>);
const scenario push_mpsc_bell("mpsc_ring/woken_before_the_push_is_late/doorbell", no_clock,
    woken_before_the_push_is_late<mpsc_of<tracked, 1, doorbell>>);

template <class Ring>
void woken_before_the_pop_is_late(execution& here) {
    Ring ring;
    here.run(thread{"producer", [&] { check(ring.try_push(tracked(1)), "room"); }},
        thread{"consumer", [&] {
                   tracked out;
                   check(ring.pop_for(out, 1s) && out.get() == 1, "a value in time");
               }});
    check(here.time_had_to_pass() == 0, "the deadline was not needed");
}
const scenario pop_spsc_park("spsc_ring/woken_before_the_pop_is_late/park", wakes_by_itself,
    woken_before_the_pop_is_late<spsc_of<tracked, 1, park>>);
const scenario pop_spsc_bell("spsc_ring/woken_before_the_pop_is_late/doorbell", wakes_by_itself,
    woken_before_the_pop_is_late<spsc_of<tracked, 1, doorbell>>);
const scenario pop_mpsc_park("mpsc_ring/woken_before_the_pop_is_late/park", no_clock,
    woken_before_the_pop_is_late<mpsc_of<tracked, 1, park>>);
const scenario pop_mpsc_bell("mpsc_ring/woken_before_the_pop_is_late/doorbell", no_clock,
    woken_before_the_pop_is_late<mpsc_of<tracked, 1, doorbell>>);

// Two asleep on full, on one bed: who finds room takes it, and nobody is left behind.
template <class Ring>
void two_sleeping_on_full(execution& here) {
    Ring ring;
    ledger books;
    for (int i = 0; i < 2; ++i) check(books.try_push(ring, 3), "full now");
    here.run(thread{"producer 1", [&] { check(books.push(ring, 1), "not closed"); }},
        thread{"producer 2", [&] { check(books.push(ring, 2), "not closed"); }},
        thread{"consumer", [&] {
                   check(ring.drain([&](tracked& each) { books.popped(each); }) == 2,
                       "both that are there");
               }});
    ring.drain([&](tracked& each) { books.popped(each); });
    books.check_all_arrived();
}
const scenario full_two("mpsc_ring/two_sleeping_on_full/park", no_clock,
    two_sleeping_on_full<mpsc_of<tracked, 2, park>>, scenario::effort::deep);

// The close wakes whoever sleeps, on either side.
template <class Ring>
void close_wakes_the_producer(execution& here) {
    Ring ring;
    check(ring.try_push(tracked(1)), "full now");
    here.run(thread{"producer",
                 [&] {
                     tracked late(2);
                     check(!ring.push(std::move(late)) && late.get() == 2, "closed, untouched");
                 }},
        thread{"closer", [&] { ring.close(); }});
}
const scenario close_park("mpsc_ring/close_wakes_the_producer/park", no_clock,
    close_wakes_the_producer<mpsc_of<tracked, 1, park>>);
const scenario close_bell("mpsc_ring/close_wakes_the_producer/doorbell", no_clock,
    close_wakes_the_producer<mpsc_of<tracked, 1, doorbell>>);

// An event loop: look, arm, sleep on the descriptor, acknowledge.
template <class Ring, int Values>
void event_loop(execution& here) {
    std::optional<Ring> ring(std::in_place);
    ledger books;
    int armed = 0;
    here.run(thread{"producer",
                 [&] {
                     for (int i = 0; i < Values; ++i) check(books.try_push(*ring, 1), "room");
                     ring->close();
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   while (!ring->drained()) {
                       if (books.try_pop(*ring, out)) continue;
                       ++armed;
                       if (!ring->arm()) continue;
                       here.event_wait(ring->fd(), false, site::current());
                       ring->acknowledge();
                   }
               }});
    books.check_all_arrived();
    check(counted_event_fd::writes <= armed, "at most one write for each time it was armed");
}
const scenario loop_spsc(
    "spsc_ring/event_loop/one_value", no_clock, event_loop<spsc_of<tracked, 2, doorbell>, 1>);
const scenario loop_mpsc(
    "mpsc_ring/event_loop/one_value", no_clock, event_loop<mpsc_of<tracked, 2, doorbell>, 1>);
const scenario loop_ordered("mpsc_ordered_ring/event_loop/one_value", no_clock,
    event_loop<ordered_of<tracked, 2, doorbell>, 1>);

// One sleep, two producers: one of them writes.
template <class Ring>
void one_write_for_one_sleep(execution& here) {
    Ring ring;
    check(ring.arm(), "nothing there yet");
    const auto push = [&ring] { check(ring.try_push(tracked(1)), "room"); };
    here.run(thread{"producer 1", push}, thread{"producer 2", push});
    check(counted_event_fd::writes == 1, "whoever came first");
    ring.acknowledge();
    check(!ring.arm(), "something there: no sleep");
    tracked out;
    check(ring.try_pop(out) && ring.try_push(tracked(1)), "the consumer is awake");
    check(counted_event_fd::writes == 1, "so nobody writes");
}
const scenario one_write("mpsc_ring/one_write_for_one_sleep", no_clock,
    one_write_for_one_sleep<mpsc_of<tracked, 2, doorbell>>);

// Nobody writes for a consumer that only looks, nor after it disarmed.
template <class Ring>
void no_write_for_who_is_awake(execution& here) {
    Ring ring;
    atomic<int> awake{0};
    check(ring.try_push(tracked(1)), "something there");
    here.run(thread{"consumer",
                 [&] {
                     check(!ring.arm(), "no sleep");
                     awake.store(1, std::memory_order_release);
                     tracked out;
                     check(ring.try_pop(out), "the first");
                     static_cast<void>(ring.try_pop(out));
                 }},
        thread{"producer", [&] {
                   while (awake.load(std::memory_order_acquire) == 0) env::pause();
                   static_cast<void>(ring.try_push(tracked(2)));
               }});
    check(counted_event_fd::writes == 0, "nobody wrote");
}
const scenario no_write_spsc("spsc_ring/no_write_for_who_is_awake", no_clock,
    no_write_for_who_is_awake<spsc_of<tracked, 1, doorbell>>);
const scenario no_write_mpsc("mpsc_ring/no_write_for_who_is_awake", no_clock,
    no_write_for_who_is_awake<mpsc_of<tracked, 1, doorbell>>);

// Two rings ring one bell: the consumer sleeps once for both.
void one_bell_for_two_rings(execution& here) {
    using ring_of_bell = spsc_of<tracked, 1, doorbell>;
    doorbell::bell bell;
    ring_of_bell left{doorbell(bell)};
    ring_of_bell right{doorbell(bell)};
    int popped = 0;
    int armed = 0;
    const auto push = [](ring_of_bell& ring) {
        return [&ring] { check(ring.try_push(tracked(1)), "room"); };
    };
    here.run(thread{"producer 1", push(left)}, thread{"producer 2", push(right)},
        thread{"consumer", [&] {
                   tracked out;
                   while (popped != 2) {
                       bell.arm();
                       ++armed;
                       const int before = popped;
                       for (ring_of_bell* each : {&left, &right})
                           popped += each->try_pop(out) ? 1 : 0;
                       if (popped != before) {
                           bell.disarm();
                       } else {
                           bell.sleep(lfq::wait::never_ns);
                       }
                   }
               }});
    check(counted_event_fd::writes <= armed, "at most one write for each time it was armed");
}
const scenario shared_bell("spsc_ring/one_bell_for_two_rings", no_clock, one_bell_for_two_rings);

}  // namespace
