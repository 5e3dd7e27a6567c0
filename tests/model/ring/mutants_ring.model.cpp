// SPDX-License-Identifier: MIT
// Goal: turns that a mistake in tests/mutants needs and no other scenario takes: a claim whose tail
//       is older than everybody's head, abandoned slots in a row, two who sleep on one bed.
// Method: the smallest program for each.
// Cannot show: more than one mistake at a time.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"

#include <lfq/ring/shared_positions.hpp>

namespace {

using namespace model;

using positions = lfq::shared_positions<env_before_wrap>;
using lfq::wait::turn;

// Two slots were free before the second producer begins, and one more is claimed beside it. A tail
// and a seen head of before say that the ring is full, and then the head has passed that tail.
void an_old_tail_is_not_full(execution& here) {
    positions both(2);
    const auto after = [](std::uint64_t n) { return lfq::wrapped_position(positions::first + n); };
    check(both.claim(2).count == 2, "room");
    both.free(after(2));
    here.run(thread{"producer 1 and consumer",
                 [&] {
                     check(both.claim(1).count == 1, "room");
                     both.free(after(3));
                 }},
        thread{"producer 2", [&] { check(both.claim(1).count == 1, "room, as it knows"); }});
}
const scenario old_tail("shared_positions/an_old_tail_is_not_full", {}, an_old_tail_is_not_full);

// Nobody comes to wake the consumer once more: whatever it steps over, it does so before it sleeps.
void the_rest_of_a_claim_is_stepped_over(execution& here) {
    mpsc_of<tracked, 4, park, env_before_wrap> ring;
    ledger books;
    here.run(thread{"producer",
                 [&] {
                     auto half = ring.claim(3);
                     half.emplace(ledger::value(1, 1));
                     half.commit();
                     books.pushed_by_other_means(1, 1);
                     check(books.try_push(ring, 1), "room");
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   for (int i = 0; i < 2; ++i) check(books.pop(ring, out), "not closed");
               }});
    books.check_all_arrived();
}
const scenario rest("mpsc_ring/the_rest_of_a_claim_is_stepped_over", {.timeouts = 0},
    the_rest_of_a_claim_is_stepped_over);

// Both find what the one wake-up was for, also if one of them never slept.
void two_writers_are_woken(execution& here) {
    atomic<int> freed{0};
    park::waiter<env> waiter{park{}};
    const auto write = [&] {
        const auto look = [&] {
            return freed.load(std::memory_order_relaxed) != 0 ? turn::done : turn::refused;
        };
        check(waiter.until_writable(0, look, lfq::wait::never_ns), "woken");
    };
    here.run(thread{"writer 1", write}, thread{"writer 2", write},
        thread{"freer", [&] {
                   freed.store(1, std::memory_order_relaxed);
                   waiter.freed();
               }});
}
const scenario two_writers(
    "sleep/two_writers_are_woken/park", {.timeouts = 0}, two_writers_are_woken);

}  // namespace
