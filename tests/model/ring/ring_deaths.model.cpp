// SPDX-License-Identifier: MIT
// Goal: a thread that dies anywhere stops nobody's try_ verbs, and nothing comes out that did not
//       go in; on a shared ring only what lies behind its open claim is lost.
// Method: one thread may die at any of its operations. A survivor that loops or waits for it would
//       be found as stuck.
// Cannot show: recovery, which lfq does not promise; deaths inside of element functions.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"
#include "ring/values.hpp"

#include <chrono>

namespace {

using namespace model;

template <class Ring>
auto push_some(Ring& ring, ledger& books, int producer, int values) {
    return [&books, &ring, producer, values] {
        for (int i = 0; i < values; ++i) static_cast<void>(books.try_push(ring, producer));
    };
}

template <class Ring>
auto pop_some(Ring& ring, ledger& books, int values) {
    return [&books, &ring, values] {
        forsaken out;
        for (int i = 0; i < values; ++i) static_cast<void>(books.try_pop(ring, out));
    };
}

// What a dead producer had published, and perhaps not yet noted, is delivered.
template <class Ring>
void producer_dies(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer",
                 [&] {
                     push_some(ring, books, 1, 2)();
                     ring.close();
                 },
                 true},
        thread{"consumer", pop_some(ring, books, 3)});
    pop_some(ring, books, 2)();
    check(books.popped_of(1) >= books.pushed_of(1), "nothing that was published is lost");
}
const scenario producer_spsc("spsc_ring/producer_dies", {.deaths = 1},
    producer_dies<spsc_of<forsaken, 1, spin, env_before_wrap>>);
const scenario producer_slot("spsc_slot_ring/producer_dies", {.deaths = 1},
    producer_dies<slots_of<forsaken, 1, spin, env_before_wrap>>);
const scenario producer_mpsc("mpsc_ring/producer_dies", {.deaths = 1},
    producer_dies<mpsc_of<forsaken, 1, spin, env_before_wrap>>);
const scenario producer_ordered("mpsc_ordered_ring/producer_dies", {.deaths = 1},
    producer_dies<ordered_of<forsaken, 1, spin, env_before_wrap>>);

// The ring of a dead consumer fills up, and says so.
template <class Ring>
void consumer_dies(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer", push_some(ring, books, 1, 3)},
        thread{"consumer", pop_some(ring, books, 2), true});
    while (books.try_push(ring, 1)) {
    }
    check(ring.size_approx() == ring.capacity(), "it fills up");
    check(ring.statistics().consumed >= books.popped(), "what was taken is gone");
}
const scenario consumer_spsc("spsc_ring/consumer_dies", {.deaths = 1},
    consumer_dies<spsc_of<forsaken, 2, spin, env_before_wrap>>);
const scenario consumer_slot("spsc_slot_ring/consumer_dies", {.deaths = 1},
    consumer_dies<slots_of<forsaken, 2, spin, env_before_wrap>>);
const scenario consumer_mpsc("mpsc_ring/consumer_dies", {.deaths = 1},
    consumer_dies<mpsc_of<forsaken, 2, spin, env_before_wrap>>);

// The other producer of a shared ring goes on; what it pushed before the dead one's claim arrives.
template <class Ring>
void one_of_two_producers_dies(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"mortal", push_some(ring, books, 1, 1), true},
        thread{"producer", push_some(ring, books, 2, 2)},
        thread{"consumer", pop_some(ring, books, 2)});
    pop_some(ring, books, 3)();
    if (!here.died(1)) books.check_all_arrived();
    const std::size_t lost = ring.size_approx();
    check(books.popped() + lost >= books.pushed(), "what did not arrive is held back, not lost");
    while (books.try_push(ring, 2)) {
    }
    check(ring.size_approx() == ring.capacity(), "and the ring fills up, and says so");
}
const scenario one_of_two("mpsc_ring/one_of_two_producers_dies", {.deaths = 1},
    one_of_two_producers_dies<mpsc_of<forsaken, 2, spin, env_before_wrap>>);

// Dead between taking the asleep bit and its call of the OS, a producer wakes nobody, and then
// nobody else does either: a consumer that must survive it sleeps with a deadline.
template <class Ring>
void a_deadline_survives_a_dead_waker(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"mortal", push_some(ring, books, 1, 1), true},
        thread{"producer", push_some(ring, books, 2, 1)},
        thread{"consumer", [&] {
                   forsaken out;
                   if (ring.pop_for(out, std::chrono::seconds(1))) books.popped(out);
               }});
    pop_some(ring, books, 2)();
    check(here.died(1) || books.popped() == 2, "all that was pushed by who lived");
}
const scenario dead_waker("mpsc_ring/a_deadline_survives_a_dead_waker/park",
    {.deaths = 1, .timeouts = 0}, a_deadline_survives_a_dead_waker<mpsc_of<forsaken, 2, park>>);

// Whoever dies inside of close() leaves a ring that is open, or closed; of a closed one it may have
// failed to say where it ends. What was pushed is delivered.
template <class Ring>
void closer_dies(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"closer", [&] { ring.close(); }, true},
        thread{"producer", push_some(ring, books, 1, 1)},
        thread{"consumer", pop_some(ring, books, 1)});
    pop_some(ring, books, 1)();
    books.check_all_arrived();
    check(ring.closed() || !ring.drained(), "drained is closed");
    check(here.died(1) || ring.closed(), "closed by who lived");
}
const scenario closer_mpsc("mpsc_ring/closer_dies", {.deaths = 1},
    closer_dies<mpsc_of<forsaken, 1, spin, env_before_wrap>>);

}  // namespace
