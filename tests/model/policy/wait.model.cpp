// SPDX-License-Identifier: MIT
// Goal: every wait comes back when there is something, and with a deadline when time is up.
// Method: a ring of capacity 1 between two threads that wait for each other; time passes whenever
//       the search says so.
// Cannot show: how long anything takes.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"

namespace {

using namespace model;

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

}  // namespace
