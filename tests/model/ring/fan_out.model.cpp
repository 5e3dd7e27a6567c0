// SPDX-License-Identifier: MIT
// Goal: fan_out deals every value to one worker, once and in order, by turn, by key or to whom it
//       is told; a worker that is behind fills its own ring only.
// Method: one producer, two workers with a slot each, so that rings fill up and turns are skipped.
// Cannot show: more workers; the rings themselves are spsc_ring's part.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"

#include <lfq/ring/fan_out.hpp>

#include <array>
#include <cstddef>

namespace {

using namespace model;

template <std::size_t Capacity, class Env = env_before_wrap>
using fan_of = lfq::fan_out<tracked, lfq::storage::inplace<Capacity>, spin, Env>;

// One book a worker; the values of each ring come from "producer" 1 + worker.
using library = std::array<ledger, 2>;

void values_are_dealt_in_turn(execution& here) {
    fan_of<1> fan(2);
    std::array<int, 2> sums{};
    int dealt = 0;
    const auto work = [&](std::size_t worker) {
        return [&fan, &sums, worker] {
            tracked out;
            int last = 0;
            while (fan.worker(worker).pop(out)) {
                check(out.get() > last, "in order for each worker");
                last = out.get();
                sums[worker] += 1;
            }
        };
    };
    here.run(thread{"producer",
                 [&] {
                     for (int value = 1; value <= 3; ++value) {
                         tracked next(value);
                         if (fan.try_push(std::move(next))) {
                             ++dealt;
                         } else {
                             check(next.get() == value, "all are full: untouched");
                         }
                     }
                     fan.close();
                 }},
        thread{"worker 0", work(0)}, thread{"worker 1", work(1)});
    check(sums[0] + sums[1] == dealt && dealt >= 2, "each value to one worker");
    check(sums[0] >= 1 && sums[1] >= 1, "everybody had a turn while there was room");
    check(fan.drained(), "drained");
    const lfq::ring_statistics end = fan.statistics();
    check(end.refused_pushes == 3U - static_cast<unsigned>(dealt), "refusals are counted");
}
const scenario dealt("fan_out/values_are_dealt_in_turn", {}, values_are_dealt_in_turn);

void each_worker_gets_its_own(execution& here) {
    fan_of<1> fan(2);
    library books;
    const auto work = [&](std::size_t worker) {
        return [&books, &fan, worker] {
            tracked out;
            while (books[worker].pop(fan.worker(worker), out)) {
            }
        };
    };
    // The first key of the second worker.
    std::uint64_t key = 0;
    while (fan.worker_of(key) != 1) ++key;
    here.run(thread{"producer",
                 [&] {
                     check(fan.push_to(0, tracked(ledger::value(1, 1))), "not closed");
                     books[0].pushed_by_other_means(1, 1);
                     check(fan.push_by(key, tracked(ledger::value(2, 1))), "not closed");
                     books[1].pushed_by_other_means(2, 1);
                     if (fan.try_push_by(key, tracked(ledger::value(2, 2))))
                         books[1].pushed_by_other_means(2, 1);
                     fan.close();
                 }},
        thread{"worker 0", work(0)}, thread{"worker 1", work(1)});
    for (const ledger& each : books) each.check_all_arrived();
    check(fan.closed() && fan.drained() && fan.empty_approx(), "the end");
}
const scenario its_own("fan_out/each_worker_gets_its_own", {}, each_worker_gets_its_own);

// A worker that never comes holds up nobody else.
void a_worker_behind_fills_its_own_ring(execution& here) {
    fan_of<1> fan(2);
    ledger books;
    here.run(thread{"producer",
                 [&] {
                     check(fan.try_push_to(0, tracked(1)), "room for the absent one");
                     check(!fan.try_push_to(0, tracked(2)), "and no more");
                     for (int i = 0; i < 2; ++i) books.push(fan.worker(1), 1);
                 }},
        thread{"worker 1", [&] {
                   tracked out;
                   for (int i = 0; i < 2; ++i) check(books.pop(fan.worker(1), out), "a value");
               }});
    check(
        fan.size_approx() == 1 && fan.statistics().refused_pushes == 1, "one is left, one refused");
}
const scenario behind(
    "fan_out/a_worker_behind_fills_its_own_ring", {}, a_worker_behind_fills_its_own_ring);

void an_observer_sees_what_can_be(execution& here) {
    fan_of<2> fan(2);
    plain<int> sum = 0;
    here.run(thread{"producer",
                 [&] {
                     check(fan.try_push(tracked(1)), "room");
                     fan.close();
                 }},
        thread{"worker 0",
            [&] {
                tracked out;
                if (fan.worker(0).pop(out)) sum = out.get();
            }},
        thread{"observer", [&] {
                   check(fan.size_approx() <= 1, "no more than were pushed");
                   if (fan.drained()) check(fan.closed(), "drained is closed");
               }});
    check(sum == 1 && fan.drained(), "it arrived");
}
const scenario observer("fan_out/an_observer_sees_what_can_be", {}, an_observer_sees_what_can_be);

}  // namespace
