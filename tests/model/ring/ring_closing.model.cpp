// SPDX-License-Identifier: MIT
// Goal: the end is orderly: what was accepted before it is delivered, what comes later is refused
//       untouched, and nobody waits beyond it.
// Method: each who may close does so while the other sides are at work; the books are balanced
//       after all threads ended. A thread that waits for ever is found as stuck.
// Cannot show: more values than here.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"

namespace {

using namespace model;

// Pops until the end is said.
template <class Ring>
auto to_the_end(Ring& ring, ledger& books) {
    return [&] {
        tracked out;
        while (books.pop(ring, out)) {
        }
        check(ring.closed() && ring.drained(), "over only when closed and drained");
        check(!ring.try_pop(out) && out.get() <= ledger::value(5, 99), "over stays over");
    };
}

// After the end every verb of a producer refuses, and the value stays whole.
template <class Ring>
void check_refused(Ring& ring) {
    tracked late(42);
    check(!ring.push(std::move(late)) && late.get() == 42, "push is refused untouched");
    check(!ring.try_push(std::move(late)) && late.get() == 42, "try_push too");
    if constexpr (requires { typename Ring::claimed; })
        check(ring.claim(1).size() == 0, "and no claim is granted");
}

// Pushes so many, or until the end.
template <class Ring>
auto until_refused(Ring& ring, ledger& books, int producer, int values) {
    return [&books, &ring, producer, values] {
        for (int i = 0; i < values; ++i) {
            if (!books.push(ring, producer)) return check_refused(ring);
        }
        if (ring.closed()) check_refused(ring);
    };
}

template <class Ring>
void producer_closes(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer",
                 [&] {
                     check(books.push(ring, 1), "not closed");
                     ring.close();
                     check_refused(ring);
                 }},
        thread{"consumer", to_the_end(ring, books)});
    books.check_all_arrived();
}
const scenario producer_spsc_1("spsc_ring/producer_closes/capacity_1", {},
    producer_closes<spsc_of<tracked, 1, spin, env_before_wrap>>);
const scenario producer_spsc_2("spsc_ring/producer_closes/capacity_2", {},
    producer_closes<spsc_of<tracked, 2, spin, env_before_wrap>>);
const scenario producer_slot_1("spsc_slot_ring/producer_closes/capacity_1", {},
    producer_closes<slots_of<tracked, 1, spin, env_before_wrap>>);
const scenario producer_slot_2("spsc_slot_ring/producer_closes/capacity_2", {},
    producer_closes<slots_of<tracked, 2, spin, env_before_wrap>>);
const scenario producer_mpsc_1("mpsc_ring/producer_closes/capacity_1", {},
    producer_closes<mpsc_of<tracked, 1, spin, env_before_wrap>>);
const scenario producer_mpsc_2("mpsc_ring/producer_closes/capacity_2", {},
    producer_closes<mpsc_of<tracked, 2, spin, env_before_wrap>>);
const scenario producer_ordered("mpsc_ordered_ring/producer_closes/capacity_1", {},
    producer_closes<ordered_of<tracked, 1, spin, env_before_wrap>>);

template <class Ring>
void somebody_closes(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer", until_refused(ring, books, 1, 2)},
        thread{"closer", [&] { ring.close(); }}, thread{"consumer", to_the_end(ring, books)});
    books.check_all_arrived();
}
const scenario somebody("mpsc_ring/somebody_closes/one_producer", {},
    somebody_closes<mpsc_of<tracked, 1, spin, env_before_wrap>>);
const scenario somebody_ordered("mpsc_ordered_ring/somebody_closes/one_producer", {},
    somebody_closes<ordered_of<tracked, 1, spin, env_before_wrap>>);

template <class Ring>
void somebody_closes_on_two(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer 1", [&] { books.push(ring, 1); }},
        thread{"producer 2", [&] { books.push(ring, 2); }}, thread{"closer", [&] { ring.close(); }},
        thread{"consumer", to_the_end(ring, books)});
    books.check_all_arrived();
}
const scenario somebody_2("mpsc_ring/somebody_closes/two_producers", {},
    somebody_closes_on_two<mpsc_of<tracked, 1, spin, env_before_wrap>>);
const scenario somebody_ordered_2("mpsc_ordered_ring/somebody_closes/two_producers", {},
    somebody_closes_on_two<ordered_of<tracked, 2, spin, env_before_wrap>>);

template <class Ring>
void consumer_closes(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer 1", until_refused(ring, books, 1, 2)},
        thread{"consumer", [&] {
                   tracked out;
                   static_cast<void>(books.try_pop(ring, out));
                   ring.close();
                   to_the_end(ring, books)();
               }});
    books.check_all_arrived();
}
const scenario consumer(
    "mpsc_ring/consumer_closes", {}, consumer_closes<mpsc_of<tracked, 1, spin, env_before_wrap>>);

// Who closes again changes nothing, and who watches sees that the end is final.
template <class Ring>
void the_end_is_final(execution& here) {
    Ring ring;
    plain<int> before = 0;
    here.run(thread{"closer",
                 [&] {
                     before = 1;
                     ring.close();
                     ring.close();
                 }},
        thread{"observer", [&] {
                   if (ring.drained())
                       check(ring.closed() && ring.drained(), "drained is closed, for good");
                   if (!ring.closed()) return;
                   check(before == 1, "what the closer did before");
                   check(ring.closed(), "closed for good");
               }});
    check(ring.closed() && ring.drained(), "closed");
}
const scenario final_spsc("spsc_ring/the_end_is_final", {}, the_end_is_final<spsc_of<tracked, 1>>);
const scenario final_ordered(
    "mpsc_ordered_ring/the_end_is_final", {}, the_end_is_final<ordered_of<tracked, 1>>);
const scenario final_mpsc("mpsc_ring/the_end_is_final", {}, the_end_is_final<mpsc_of<tracked, 1>>);

// On a shared ring anyone may close, also two at once.
template <class Ring>
void two_close_at_once(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer", until_refused(ring, books, 1, 1)},
        thread{"closer 1", [&] { ring.close(); }}, thread{"closer 2", [&] { ring.close(); }},
        thread{"consumer", to_the_end(ring, books)});
    books.check_all_arrived();
    check(ring.closed() && ring.drained(), "closed");
}
const scenario two_closers("mpsc_ring/two_close_at_once", {},
    two_close_at_once<mpsc_of<tracked, 1, spin, env_before_wrap>>);

// Who sees the ring drained sees what both sides did before.
template <class Ring>
void drained_shows_what_both_sides_did(execution& here) {
    Ring ring;
    plain<int> sum = 0;
    plain<int> last = 0;
    here.run(thread{"producer",
                 [&] {
                     check(ring.try_push(tracked(1)), "room");
                     last = 1;
                     ring.close();
                 }},
        thread{"consumer",
            [&] {
                sum = 1;
                tracked out;
                static_cast<void>(ring.try_pop(out));
            }},
        thread{"observer", [&] {
                   if (!ring.drained()) return;
                   check(sum == 1, "what the consumer did before");
                   check(last == 1, "what the closer did before");
                   check(ring.closed() && ring.empty_approx(), "closed and empty");
               }});
}
const scenario drained_spsc("spsc_ring/drained_shows_what_both_sides_did", {},
    drained_shows_what_both_sides_did<spsc_of<tracked, 2>>);
const scenario drained_slot("spsc_slot_ring/drained_shows_what_both_sides_did", {},
    drained_shows_what_both_sides_did<slots_of<tracked, 2>>);
const scenario drained_mpsc("mpsc_ring/drained_shows_what_both_sides_did", {},
    drained_shows_what_both_sides_did<mpsc_of<tracked, 2, spin, env_before_wrap>>);
const scenario drained_ordered("mpsc_ordered_ring/drained_shows_what_both_sides_did", {},
    drained_shows_what_both_sides_did<ordered_of<tracked, 2, spin, env_before_wrap>>);

}  // namespace
