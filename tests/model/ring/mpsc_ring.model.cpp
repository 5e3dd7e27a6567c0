// SPDX-License-Identifier: MIT
// Goal: the rings of many producers hand over every value once, whole and in the order of each
//       producer, and their edges hold.
// Method: the smallest scenario for each edge, then streams of more than a lap, from just below the
//       wrap too; weak compare-exchanges may fail. Exhaustive: every execution that C++20 allows.
// Cannot show: more producers or laps than here.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"
#include "ring/values.hpp"

#include <array>
#include <span>
#include <utility>

namespace {

using namespace model;

// Each producer pushes so many values; the consumer knows how many there will be.
template <class Ring, int... Values>
void every_value_arrives(execution& here) {
    Ring ring;
    ledger books;
    const auto produce = [&](int producer, int values) {
        return [&books, &ring, producer, values] {
            for (int i = 0; i < values; ++i) check(books.push(ring, producer), "not closed");
        };
    };
    constexpr std::array<int, sizeof...(Values)> values{Values...};
    const auto consume = [&] {
        tracked out;
        for (int i = 0; i < (Values + ...); ++i) check(books.pop(ring, out), "before the end");
        check(!ring.try_pop(out), "and no more");
    };
    if constexpr (sizeof...(Values) == 1) {
        here.run(thread{"producer", produce(1, values[0])}, thread{"consumer", consume});
    } else if constexpr (sizeof...(Values) == 2) {
        here.run(thread{"producer 1", produce(1, values[0])},
            thread{"producer 2", produce(2, values[1])}, thread{"consumer", consume});
    } else {
        here.run(thread{"producer 1", produce(1, values[0])},
            thread{"producer 2", produce(2, values[1])},
            thread{"producer 3", produce(3, values[2])}, thread{"consumer", consume});
    }
    books.check_all_arrived();
}
const scenario arrives_1p("mpsc_ring/every_value_arrives/capacity_1_one_producer", {.spurious = 1},
    every_value_arrives<mpsc_of<tracked, 1>, 3>);
const scenario arrives_2p_1("mpsc_ring/every_value_arrives/capacity_1_two_producers", {},
    every_value_arrives<mpsc_of<tracked, 1>, 1, 1>);
const scenario arrives_2p_2("mpsc_ring/every_value_arrives/capacity_2_two_producers", {},
    every_value_arrives<mpsc_of<tracked, 2, spin, env_before_wrap>, 2, 1>);
const scenario arrives_2p_reordered("mpsc_ring/every_value_arrives/capacity_1_reordered",
    {.reordered_stores = true}, every_value_arrives<mpsc_of<tracked, 1>, 2, 1>);
const scenario arrives_3p("mpsc_ring/every_value_arrives/capacity_2_three_producers", {},
    every_value_arrives<mpsc_of<tracked, 2, spin, env_before_wrap>, 1, 1, 1>);
const scenario ordered_1p("mpsc_ordered_ring/every_value_arrives/capacity_1_one_producer",
    {.spurious = 1}, every_value_arrives<ordered_of<tracked, 1>, 3>);
const scenario ordered_2p_1("mpsc_ordered_ring/every_value_arrives/capacity_1_two_producers", {},
    every_value_arrives<ordered_of<tracked, 1>, 1, 1>);
const scenario ordered_2p_2("mpsc_ordered_ring/every_value_arrives/capacity_2_two_producers", {},
    every_value_arrives<ordered_of<tracked, 2, spin, env_before_wrap>, 2, 1>);
const scenario ordered_2p_reordered("mpsc_ordered_ring/every_value_arrives/capacity_1_reordered",
    {.reordered_stores = true}, every_value_arrives<ordered_of<tracked, 1>, 2, 1>);
const scenario ordered_3p_laps("mpsc_ordered_ring/every_value_arrives/capacity_2_three_laps",
    {.how = options::mode::pct, .executions = 1'000'000, .depth = 4, .spurious = 1},
    every_value_arrives<ordered_of<tracked, 2, spin, env_before_wrap>, 2, 2, 2>,
    scenario::effort::deep);
const scenario arrives_2p_laps("mpsc_ring/every_value_arrives/capacity_1_laps",
    {.how = options::mode::pct, .executions = 1'000'000, .depth = 4},
    every_value_arrives<mpsc_of<tracked, 1, spin, env_before_wrap>, 3, 3>, scenario::effort::deep);
const scenario arrives_3p_laps("mpsc_ring/every_value_arrives/capacity_2_three_producers_laps",
    {.how = options::mode::pct, .executions = 1'000'000, .depth = 4, .spurious = 1},
    every_value_arrives<mpsc_of<tracked, 2, spin, env_before_wrap>, 2, 2, 2>,
    scenario::effort::deep);

// The answers: full, by producers that look at the same time, and refusals are counted.
template <class Ring>
void full_is_no_lie(execution& here) {
    Ring ring;
    ledger books;
    const auto try_once = [&](int producer) {
        return [&books, &ring, producer] { static_cast<void>(books.try_push(ring, producer)); };
    };
    here.run(thread{"producer 1", try_once(1)}, thread{"producer 2", try_once(2)},
        thread{"consumer", [&] {
                   tracked out;
                   static_cast<void>(books.try_pop(ring, out));
               }});
    check(ring.size_approx() == books.pushed() - books.popped(), "the rest is in the ring");
    check(ring.statistics().refused_pushes == 2 - books.pushed(), "each refusal is counted");
}
const scenario full_1(
    "mpsc_ring/full_is_no_lie/capacity_1", {}, full_is_no_lie<mpsc_of<tracked, 1>>);
const scenario full_ordered(
    "mpsc_ordered_ring/full_is_no_lie/capacity_1", {}, full_is_no_lie<ordered_of<tracked, 1>>);

// Two producers with a batch each, published value by value: no batch is torn.
void a_pushed_batch_stays_together(execution& here) {
    mpsc_of<forsaken, 4, spin, env_before_wrap> ring;
    ledger books;
    const auto produce = [&](int producer) {
        return [&books, &ring, producer] {
            const std::array<forsaken, 2> values{
                forsaken(ledger::value(producer, 1)), forsaken(ledger::value(producer, 2))};
            books.pushed_by_other_means(
                producer, ring.try_push_n(std::span<const forsaken>(values)));
        };
    };
    int last = 0;
    const auto visit = [&](forsaken& value) {
        const int producer = value.get() / 100;
        check(producer == last || books.popped_of(last) != 1, "no batch is torn");
        books.popped(value);
        last = producer;
    };
    here.run(thread{"producer 1", produce(1)}, thread{"producer 2", produce(2)},
        thread{"consumer", [&] { ring.drain(visit); }});
    ring.drain(visit);
    books.check_all_arrived();
}
const scenario pushed_batch(
    "mpsc_ring/a_pushed_batch_stays_together", {}, a_pushed_batch_stays_together);

// Asleep on empty: only the batch is there to wake the consumer.
template <class Ring>
void a_batch_wakes_the_consumer(execution& here) {
    Ring ring;
    here.run(thread{"producer",
                 [&] {
                     const std::array<forsaken, 2> values{forsaken(1), forsaken(2)};
                     check(ring.try_push_n(std::span<const forsaken>(values)) == 2, "room");
                 }},
        thread{"consumer", [&] {
                   forsaken out;
                   check(ring.pop(out) && out.get() == 1, "not closed");
                   check(ring.pop(out) && out.get() == 2, "not closed");
               }});
}
const scenario batch_wakes("mpsc_ring/a_batch_wakes_the_consumer", {.timeouts = 0},
    a_batch_wakes_the_consumer<mpsc_of<forsaken, 2, park>>);
const scenario ordered_batch_wakes("mpsc_ordered_ring/a_batch_wakes_the_consumer", {.timeouts = 0},
    a_batch_wakes_the_consumer<ordered_of<forsaken, 2, park>>);

// Of three pushes that add to an empty ring of two, one may find its slot not freed yet: it sleeps.
template <class Ring>
void a_push_that_comes_too_early_is_woken(execution& here) {
    Ring ring;
    ledger books;
    const auto push = [&](int producer) {
        return [&books, &ring, producer] { check(books.push(ring, producer), "not closed"); };
    };
    here.run(thread{"producer 1", push(1)}, thread{"producer 2", push(2)},
        thread{"producer 3", push(3)}, thread{"consumer", [&] {
                                                  tracked out;
                                                  for (int popped = 0; popped != 3;) {
                                                      if (books.try_pop(ring, out)) {
                                                          ++popped;
                                                      } else {
                                                          env::pause();
                                                      }
                                                  }
                                              }});
    books.check_all_arrived();
}
const scenario early_push("mpsc_ring/a_push_that_comes_too_early_is_woken",
    {.how = options::mode::pct, .executions = 60'000, .depth = 4, .timeouts = 0},
    a_push_that_comes_too_early_is_woken<mpsc_of<tracked, 2, park>>);

// The same beside a close, and a consumer that pops to the end: what was not refused arrives.
template <class Ring>
void early_pushes_meet_the_close(execution& here) {
    Ring ring;
    ledger books;
    const auto push = [&](int producer) {
        return [&books, &ring, producer] { static_cast<void>(books.push(ring, producer)); };
    };
    here.run(thread{"producer 1", push(1)}, thread{"producer 2", push(2)},
        thread{"producer 3", push(3)}, thread{"closer", [&] { ring.close(); }},
        thread{"consumer", [&] {
                   tracked out;
                   while (books.pop(ring, out)) {
                   }
               }});
    books.check_all_arrived();
    check(ring.drained(), "the end");
}
const scenario early_close("mpsc_ring/early_pushes_meet_the_close",
    {.how = options::mode::pct, .executions = 60'000, .depth = 4},
    early_pushes_meet_the_close<mpsc_of<tracked, 2, spin, env_before_wrap>>);

// And without a consumer: nobody waits for one.
template <class Ring>
void early_pushes_end_with_the_close(execution& here) {
    Ring ring;
    ledger books;
    const auto push = [&](int producer) {
        return [&books, &ring, producer] { static_cast<void>(books.push(ring, producer)); };
    };
    here.run(thread{"producer 1", push(1)}, thread{"producer 2", push(2)},
        thread{"producer 3", push(3)}, thread{"closer", [&] { ring.close(); }});
    tracked out;
    while (books.pop(ring, out)) {
    }
    books.check_all_arrived();
}
const scenario early_end("mpsc_ring/early_pushes_end_with_the_close",
    {.how = options::mode::pct, .executions = 60'000, .depth = 4, .timeouts = 0},
    early_pushes_end_with_the_close<mpsc_of<tracked, 2, park>>);

// A waiting push whose copy throws has claimed by then, perhaps too early: its slot is stepped
// over.
struct fickle : tracked {
    struct refused {};

    using tracked::tracked;
    fickle(const fickle& other) : tracked(other) {
        if (get() < 0) throw refused{};
    }
    fickle(fickle&&) noexcept = default;
    fickle& operator=(fickle&&) noexcept = default;
};
template <class Ring>
void a_push_that_throws_delivers_nothing(execution& here) {
    Ring ring;
    ledger books;
    const auto push = [&](int producer) {
        return [&books, &ring, producer] { check(books.push(ring, producer), "not closed"); };
    };
    here.run(thread{"producer 1", push(1)}, thread{"producer 2", push(2)},
        thread{"thrower",
            [&] {
                const fickle bad(-1);
                bool thrown = false;
                try {
                    ring.push(bad);
                } catch (const fickle::refused&) {
                    thrown = true;
                }
                check(thrown, "what the copy threw");
            }},
        thread{"consumer", [&] {
                   fickle out;
                   for (int i = 0; i < 2; ++i) check(books.pop(ring, out), "not closed");
               }});
    books.check_all_arrived();
}
const scenario throwing_push("mpsc_ring/a_push_that_throws_delivers_nothing",
    {.how = options::mode::pct, .executions = 60'000, .depth = 4},
    a_push_that_throws_delivers_nothing<mpsc_of<fickle, 2, spin, env_before_wrap>>);

// The edges: free and watch.

template <class Ring>
void an_observer_sees_what_can_be(execution& here) {
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
                   check(ring.size_approx() <= 1, "no more than were pushed");
               }});
    const lfq::ring_statistics end = ring.statistics();
    check(end.published == 1 && end.consumed + end.refused_pops == 1, "exact behind a join");
    check(end.refused_pushes == 0 && end.skipped == 0 && end.high_water == 1, "exact");
}
const scenario observer("mpsc_ring/an_observer_sees_what_can_be", {},
    an_observer_sees_what_can_be<mpsc_of<tracked, 2, spin, env_before_wrap>>);
const scenario observer_ordered("mpsc_ordered_ring/an_observer_sees_what_can_be", {},
    an_observer_sees_what_can_be<ordered_of<tracked, 2, spin, env_before_wrap>>);

}  // namespace
