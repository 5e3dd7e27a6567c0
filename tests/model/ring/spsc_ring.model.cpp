// SPDX-License-Identifier: MIT
// Goal: spsc_ring and spsc_slot_ring hand over every value once, whole and in order, and their
//       edges hold.
// Method: the smallest scenario for each edge, then streams of more than a lap, from just below the
//       wrap too. Exhaustive: every execution that C++20 allows.
// Cannot show: more laps than here.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"

namespace {

using namespace model;

// The edges: publish and free.

template <class Ring, int Values>
void every_value_arrives(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer",
                 [&] {
                     for (int i = 0; i < Values; ++i) check(books.push(ring, 1), "not closed");
                     ring.close();
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   for (int i = 0; i < Values; ++i) check(books.pop(ring, out), "before the end");
                   check(!ring.pop(out), "the end");
                   check(ring.drained(), "and all of it was popped");
               }});
    books.check_all_arrived();
}
const scenario arrives_1(
    "spsc_ring/every_value_arrives/capacity_1", {}, every_value_arrives<spsc_of<tracked, 1>, 2>);
const scenario arrives_2(
    "spsc_ring/every_value_arrives/capacity_2", {}, every_value_arrives<spsc_of<tracked, 2>, 3>);
const scenario arrives_1_wrap("spsc_ring/every_value_arrives/capacity_1_wrap", {},
    every_value_arrives<spsc_of<tracked, 1, spin, env_before_wrap>, 3>);
const scenario arrives_2_wrap("spsc_ring/every_value_arrives/capacity_2_wrap", {},
    every_value_arrives<spsc_of<tracked, 2, spin, env_before_wrap>, 5>);
const scenario arrives_slot_1("spsc_slot_ring/every_value_arrives/capacity_1", {},
    every_value_arrives<slots_of<tracked, 1>, 2>);
const scenario arrives_slot_2("spsc_slot_ring/every_value_arrives/capacity_2", {},
    every_value_arrives<slots_of<tracked, 2>, 3>);
const scenario arrives_slot_1_wrap("spsc_slot_ring/every_value_arrives/capacity_1_wrap", {},
    every_value_arrives<slots_of<tracked, 1, spin, env_before_wrap>, 3>);
const scenario arrives_slot_2_wrap("spsc_slot_ring/every_value_arrives/capacity_2_wrap", {},
    every_value_arrives<slots_of<tracked, 2, spin, env_before_wrap>, 5>);
const scenario arrives_4_deep("spsc_ring/every_value_arrives/capacity_4_deep", {},
    every_value_arrives<spsc_of<tracked, 4, spin, env_before_wrap>, 8>, scenario::effort::deep);

const scenario arrives_slot_4_deep("spsc_slot_ring/every_value_arrives/capacity_4_deep", {},
    every_value_arrives<slots_of<tracked, 4, spin, env_before_wrap>, 8>, scenario::effort::deep);

// The edge: end.

// "Closed" is the last word: whatever the consumer finds then is all there will be.
template <class Ring>
void closed_shows_all_values(execution& here) {
    Ring ring;
    plain<int> before = 0;
    here.run(thread{"producer",
                 [&] {
                     check(ring.try_push(tracked(1)), "room");
                     before = 1;
                     ring.close();
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   if (!ring.closed()) return;
                   check(before == 1, "what the closer did before");
                   check(ring.try_pop(out) && !ring.try_pop(out), "one value, and no more");
               }});
}
const scenario closed_shows(
    "spsc_ring/closed_shows_all_values", {}, closed_shows_all_values<spsc_of<tracked, 2>>);

const scenario closed_shows_slot(
    "spsc_slot_ring/closed_shows_all_values", {}, closed_shows_all_values<slots_of<tracked, 2>>);

// The edge: watch.

template <class Ring>
void an_observer_sees_what_can_be(execution& here) {
    Ring ring;
    here.run(thread{"producer", [&] { check(ring.try_push(tracked(1)), "room"); }},
        thread{"consumer",
            [&] {
                tracked out;
                static_cast<void>(ring.try_pop(out));
            }},
        thread{"observer", [&] { check(ring.size_approx() <= 1, "no more than were pushed"); }});
}
const scenario observer_size("spsc_ring/an_observer_sees_what_can_be/size_approx", {},
    an_observer_sees_what_can_be<spsc_of<tracked, 2, spin, env_before_wrap>>);

const scenario observer_size_slot("spsc_slot_ring/an_observer_sees_what_can_be/size_approx", {},
    an_observer_sees_what_can_be<slots_of<tracked, 2, spin, env_before_wrap>>);

// What a claim commits, too.
template <class Ring>
void an_observer_sees_a_commit(execution& here) {
    Ring ring;
    here.run(thread{"producer",
                 [&] {
                     auto both = ring.claim(2);
                     for (std::size_t i = 0; i < both.size(); ++i) both.emplace(1);
                     both.commit();
                 }},
        thread{"consumer",
            [&] {
                tracked out;
                if (ring.try_pop(out)) static_cast<void>(ring.try_pop(out));
            }},
        thread{"observer", [&] { check(ring.size_approx() <= 2, "no more than were pushed"); }});
}
const scenario observer_commit_slot("spsc_slot_ring/an_observer_sees_what_can_be/commit", {},
    an_observer_sees_a_commit<slots_of<tracked, 4, spin, env_before_wrap>>);

template <class Ring>
void statistics_do_not_cross(execution& here) {
    Ring ring;
    here.run(thread{"producer", [&] { check(ring.try_push(tracked(1)), "room"); }},
        thread{"consumer",
            [&] {
                tracked out;
                static_cast<void>(ring.try_pop(out));
            }},
        thread{"observer", [&] {
                   const lfq::ring_statistics now = ring.statistics();
                   check(now.consumed <= now.published && now.published <= 1, "one at most");
                   check(now.high_water <= ring.capacity(), "within the capacity");
               }});
    const lfq::ring_statistics end = ring.statistics();
    check(end.published == 1 && end.consumed + end.refused_pops == 1, "exact behind a join");
    check(end.refused_pushes == 0 && end.high_water == 1, "exact behind a join");
}
const scenario observer_statistics("spsc_ring/an_observer_sees_what_can_be/statistics", {},
    statistics_do_not_cross<spsc_of<tracked, 2, spin, env_before_wrap>>);
const scenario observer_statistics_slot("spsc_slot_ring/an_observer_sees_what_can_be/statistics",
    {}, statistics_do_not_cross<slots_of<tracked, 2, spin, env_before_wrap>>);

}  // namespace
