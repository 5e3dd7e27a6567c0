// SPDX-License-Identifier: MIT
// Goal: every wait comes back when there is something, and with a deadline when time is up.
// Method: a ring of capacity 1 between two threads that wait for each other; time passes whenever
//       the search says so.
// Cannot show: how long anything takes.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"

#include <chrono>
#include <utility>

namespace {

using namespace model;
using namespace std::chrono_literals;

const options no_clock{.timeouts = 0};

template <class Ring>
void both_sides_wait(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer",
                 [&] {
                     for (int i = 0; i < 2; ++i) check(books.push(ring, 1), "not closed");
                     ring.close();
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   while (books.pop(ring, out)) {
                   }
               }});
    books.check_all_arrived();
    check(books.popped() == 2, "all of them");
}
const scenario waits_spin(
    "wait/both_sides_wait/spin", {}, both_sides_wait<spsc_of<tracked, 1, spin>>);
const scenario waits_backoff(
    "wait/both_sides_wait/backoff", {}, both_sides_wait<spsc_of<tracked, 1, backoff>>);
const scenario waits_slip(
    "wait/both_sides_wait/slip", {}, both_sides_wait<spsc_of<tracked, 1, slip>>);

const scenario waits_park("wait/both_sides_wait/park", {.preemptions = 4, .timeouts = 0},
    both_sides_wait<spsc_of<tracked, 1, park>>, scenario::effort::deep);
const scenario waits_doorbell("wait/both_sides_wait/doorbell", no_clock,
    both_sides_wait<spsc_of<tracked, 1, doorbell>>, scenario::effort::deep);

// A producer with a deadline on a full ring, beside a consumer that may free it in time.
template <class Ring>
void push_for_keeps_its_deadline(execution& here) {
    Ring ring;
    ledger books;
    check(books.try_push(ring, 1), "full now");
    bool pushed = false;
    here.run(thread{"producer",
                 [&] {
                     tracked next(ledger::value(1, 2));
                     pushed = ring.push_for(std::move(next), 1s);
                     if (!pushed) check(next.get() == ledger::value(1, 2), "late: untouched");
                     if (pushed) books.pushed_by_other_means(1, 1);
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   check(books.try_pop(ring, out), "the one that is there");
               }});
    check(ring.size_approx() == (pushed ? 1U : 0U), "in the ring if it was said so");
    check(ring.statistics().refused_pushes == (pushed ? 0U : 1U), "a late one counts as refused");
}

// A consumer with a deadline on an empty ring, beside a producer that may fill it in time.
template <class Ring>
void pop_for_keeps_its_deadline(execution& here) {
    Ring ring;
    ledger books;
    bool popped = false;
    here.run(thread{"producer", [&] { check(books.try_push(ring, 1), "room"); }},
        thread{"consumer", [&] {
                   tracked out;
                   popped = ring.pop_for(out, 1s);
                   check(out.get() == (popped ? ledger::value(1, 1) : -1), "late: untouched");
               }});
    check(ring.size_approx() == (popped ? 0U : 1U), "out of the ring if it was said so");
    check(ring.statistics().refused_pops == (popped ? 0U : 1U), "a late one counts as refused");
}

// Nobody ever comes: only the deadline ends it.
template <class Ring>
void only_the_deadline_ends_it(execution& here) {
    Ring ring;
    here.run(thread{"consumer", [&] {
                        tracked out;
                        check(!ring.pop_for(out, 1s), "nothing came");
                        check(ring.try_push(tracked(1)), "room");
                        check(!ring.push_for(tracked(2), 1s), "nothing went");
                    }});
}

const scenario push_spin("wait/push_for_keeps_its_deadline/spin", {},
    push_for_keeps_its_deadline<spsc_of<tracked, 1, spin>>);
const scenario pop_spin("wait/pop_for_keeps_its_deadline/spin", {},
    pop_for_keeps_its_deadline<spsc_of<tracked, 1, spin>>);
const scenario alone_spin("wait/only_the_deadline_ends_it/spin", {},
    only_the_deadline_ends_it<spsc_of<tracked, 1, spin>>);
const scenario push_backoff("wait/push_for_keeps_its_deadline/backoff", {},
    push_for_keeps_its_deadline<spsc_of<tracked, 1, backoff>>);
const scenario pop_backoff("wait/pop_for_keeps_its_deadline/backoff", {},
    pop_for_keeps_its_deadline<spsc_of<tracked, 1, backoff>>);
const scenario alone_backoff("wait/only_the_deadline_ends_it/backoff", {},
    only_the_deadline_ends_it<spsc_of<tracked, 1, backoff>>);
const scenario push_slip("wait/push_for_keeps_its_deadline/slip", {},
    push_for_keeps_its_deadline<spsc_of<tracked, 1, slip>>);
const scenario pop_slip("wait/pop_for_keeps_its_deadline/slip", {},
    pop_for_keeps_its_deadline<spsc_of<tracked, 1, slip>>);
const scenario alone_slip("wait/only_the_deadline_ends_it/slip", {},
    only_the_deadline_ends_it<spsc_of<tracked, 1, slip>>);
const scenario push_park("wait/push_for_keeps_its_deadline/park", {},
    push_for_keeps_its_deadline<spsc_of<tracked, 1, park>>);
const scenario pop_park("wait/pop_for_keeps_its_deadline/park", {},
    pop_for_keeps_its_deadline<spsc_of<tracked, 1, park>>);
const scenario alone_park("wait/only_the_deadline_ends_it/park", {},
    only_the_deadline_ends_it<spsc_of<tracked, 1, park>>);
const scenario push_doorbell("wait/push_for_keeps_its_deadline/doorbell", {},
    push_for_keeps_its_deadline<spsc_of<tracked, 1, doorbell>>);
const scenario pop_doorbell("wait/pop_for_keeps_its_deadline/doorbell", {},
    pop_for_keeps_its_deadline<spsc_of<tracked, 1, doorbell>>);
const scenario alone_doorbell("wait/only_the_deadline_ends_it/doorbell", {},
    only_the_deadline_ends_it<spsc_of<tracked, 1, doorbell>>);

// A shared ring's producers share one side.
const scenario shared_backoff(
    "wait/both_sides_wait/mpsc_backoff", {}, both_sides_wait<mpsc_of<tracked, 1, backoff>>);
const scenario shared_slip(
    "wait/both_sides_wait/mpsc_slip", {}, both_sides_wait<mpsc_of<tracked, 1, slip>>);
const scenario shared_push_spin("wait/push_for_keeps_its_deadline/mpsc_spin", {},
    push_for_keeps_its_deadline<mpsc_of<tracked, 1, spin>>);
const scenario shared_push_backoff("wait/push_for_keeps_its_deadline/mpsc_backoff", {},
    push_for_keeps_its_deadline<mpsc_of<tracked, 1, backoff>>);
const scenario shared_push_slip("wait/push_for_keeps_its_deadline/mpsc_slip", {},
    push_for_keeps_its_deadline<mpsc_of<tracked, 1, slip>>);
const scenario shared_push_park("wait/push_for_keeps_its_deadline/mpsc_park", {},
    push_for_keeps_its_deadline<mpsc_of<tracked, 1, park>>);
const scenario shared_push_doorbell("wait/push_for_keeps_its_deadline/mpsc_doorbell", {},
    push_for_keeps_its_deadline<mpsc_of<tracked, 1, doorbell>>);
const scenario shared_pop_backoff("wait/pop_for_keeps_its_deadline/mpsc_backoff", {},
    pop_for_keeps_its_deadline<mpsc_of<tracked, 1, backoff>>);
const scenario shared_pop_slip("wait/pop_for_keeps_its_deadline/mpsc_slip", {},
    pop_for_keeps_its_deadline<mpsc_of<tracked, 1, slip>>);

// Two producers on that side, one of which may find what the other one left there.
template <class Ring>
void two_producers_wait(execution& here) {
    Ring ring;
    ledger books;
    const auto push = [&](int producer) {
        return [&books, &ring, producer] { check(books.push(ring, producer), "not closed"); };
    };
    check(books.try_push(ring, 3), "full now");
    here.run(thread{"producer 1", push(1)}, thread{"producer 2", push(2)},
        thread{"consumer", [&] {
                   tracked out;
                   for (int i = 0; i < 3; ++i) check(books.pop(ring, out), "not closed");
               }});
    books.check_all_arrived();
}
const scenario two_backoff("wait/two_producers_wait/backoff", {.timeouts = 0},
    two_producers_wait<mpsc_of<tracked, 1, backoff>>);
const scenario two_slip(
    "wait/two_producers_wait/slip", {.timeouts = 0}, two_producers_wait<mpsc_of<tracked, 1, slip>>);

// What is looked for while park spins is found, or it goes to sleep, or is late.
const scenario spins_waits("wait/both_sides_wait/spinning_park", no_clock,
    both_sides_wait<spsc_of<tracked, 1, spinning_park>>);
const scenario spins_early("wait/both_sides_wait/spinning_park_early", {},
    both_sides_wait<spsc_of<tracked, 1, spinning_park>>, scenario::effort::deep);
const scenario spins_push("wait/push_for_keeps_its_deadline/spinning_park", {},
    push_for_keeps_its_deadline<spsc_of<tracked, 1, spinning_park>>);
const scenario spins_pop("wait/pop_for_keeps_its_deadline/spinning_park", {},
    pop_for_keeps_its_deadline<spsc_of<tracked, 1, spinning_park>>);
const scenario spins_alone("wait/only_the_deadline_ends_it/spinning_park", {},
    only_the_deadline_ends_it<spsc_of<tracked, 1, spinning_park>>);

}  // namespace
