// SPDX-License-Identifier: MIT
// Goal: "full" and "empty" are answered only where the rings' documents allow it: not against what
//       happened before.
// Method: flags of the scenario tell one side what the other one did; the ledger asks at each
//       refusal what the caller had to know.
// Cannot show: answers that are early by less than a happens-before; those are allowed.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"

namespace {

using namespace model;

// How far the other side has come, for a side that wants to know.
class progress {
public:
    void step() { steps_.fetch_add(1, std::memory_order_release); }
    void look() const { static_cast<void>(steps_.load(std::memory_order_acquire)); }

private:
    atomic<int> steps_{0};
};

template <class Ring>
void answers_agree_with_what_is_known(execution& here) {
    Ring ring;
    ledger books;
    progress pushed;
    progress popped;
    here.run(thread{"producer",
                 [&] {
                     for (int i = 0; i < 3; ++i) {
                         popped.look();
                         if (books.try_push(ring, 1)) pushed.step();
                     }
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   for (int i = 0; i < 2; ++i) {
                       pushed.look();
                       if (books.try_pop(ring, out)) popped.step();
                   }
               }});
    check(ring.size_approx() == books.pushed() - books.popped(), "the rest is in the ring");
    check(ring.empty_approx() == (ring.size_approx() == 0), "empty is of size 0");
    const lfq::ring_statistics end = ring.statistics();
    check(end.published == books.pushed() && end.consumed == books.popped(), "exact behind a join");
    check(end.refused_pushes + books.pushed() == 3, "every refused push is counted");
    check(end.refused_pops + books.popped() == 2, "every refused pop is counted");
}
const scenario spsc_1("spsc_ring/answers_agree_with_what_is_known/capacity_1", {},
    answers_agree_with_what_is_known<spsc_of<tracked, 1, spin, env_before_wrap>>);
const scenario spsc_2("spsc_ring/answers_agree_with_what_is_known/capacity_2", {},
    answers_agree_with_what_is_known<spsc_of<tracked, 2, spin, env_two_before_wrap>>);
const scenario mpsc_1("mpsc_ring/answers_agree_with_what_is_known/capacity_1", {},
    answers_agree_with_what_is_known<mpsc_of<tracked, 1, spin, env_before_wrap>>);
const scenario mpsc_2("mpsc_ring/answers_agree_with_what_is_known/capacity_2", {.spurious = 1},
    answers_agree_with_what_is_known<mpsc_of<tracked, 2, spin, env_two_before_wrap>>);
const scenario ordered_2("mpsc_ordered_ring/answers_agree_with_what_is_known/capacity_2", {},
    answers_agree_with_what_is_known<ordered_of<tracked, 2, spin, env_two_before_wrap>>);

// The second producer knows of the pop, and of the first one's push: the slot is free, or used.
template <class Ring>
void a_popped_slot_is_free_for_everybody(execution& here) {
    Ring ring;
    ledger books;
    progress popped;
    here.run(thread{"producer 1",
                 [&] {
                     static_cast<void>(books.try_push(ring, 1));
                     static_cast<void>(books.try_push(ring, 1));
                 }},
        thread{"producer 2",
            [&] {
                popped.look();
                static_cast<void>(books.try_push(ring, 2));
            }},
        thread{"consumer", [&] {
                   tracked out;
                   if (books.try_pop(ring, out)) popped.step();
               }});
    check(ring.size_approx() == books.pushed() - books.popped(), "the rest is in the ring");
}
const scenario free_1("mpsc_ring/a_popped_slot_is_free_for_everybody/capacity_1", {},
    a_popped_slot_is_free_for_everybody<mpsc_of<tracked, 1, spin, env_before_wrap>>);
const scenario free_2("mpsc_ring/a_popped_slot_is_free_for_everybody/capacity_2", {},
    a_popped_slot_is_free_for_everybody<mpsc_of<tracked, 2, spin, env_two_before_wrap>>);
const scenario free_ordered("mpsc_ordered_ring/a_popped_slot_is_free_for_everybody/capacity_1", {},
    a_popped_slot_is_free_for_everybody<ordered_of<tracked, 1, spin, env_before_wrap>>);

// What is left when the threads are gone is destroyed with the ring, once.
template <class Ring>
void the_rest_dies_with_the_ring(execution& here) {
    Ring ring;
    here.run(thread{"producer",
                 [&] {
                     static_cast<void>(ring.try_push(tracked(1)));
                     if (auto abandoned = ring.claim(1)) abandoned.emplace(2);
                     static_cast<void>(ring.try_push(tracked(3)));
                 }},
        thread{"consumer", [&] { static_cast<void>(ring.try_pop()); }});
}
const scenario rest_spsc("spsc_ring/the_rest_dies_with_the_ring", {},
    the_rest_dies_with_the_ring<spsc_of<tracked, 2, spin, env_before_wrap>>);
const scenario rest_mpsc("mpsc_ring/the_rest_dies_with_the_ring", {},
    the_rest_dies_with_the_ring<mpsc_of<tracked, 4, spin, env_before_wrap>>);

}  // namespace
