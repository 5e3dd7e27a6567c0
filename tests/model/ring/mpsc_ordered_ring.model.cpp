// SPDX-License-Identifier: MIT
// Goal: what mpsc_ordered_ring promises beyond mpsc_ring: values in a row, published in the order
//       of their claims, so that a push that returned is there for the consumer; batches whole.
// Method: the smallest scenario for each promise and each edge, across the wrap; the scenarios that
//         it has in common with other rings are in the files beside this one.
// Cannot show: how long a publication waits for another; a producer that dies inside a push stops
//              the others, which would be found as stuck.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"
#include "ring/values.hpp"

#include <lfq/ring/ordered_positions.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <span>

namespace {

using namespace model;

template <class T, std::size_t Capacity>
using ordered = ordered_of<T, Capacity, spin, env_before_wrap>;

// The positions alone, over slots that stand for values: who reads up to the second claim's
// publication has everything of the first.
void published_in_claim_order(execution& here) {
    using positions = lfq::ordered_positions<env_before_wrap, model::clock>;
    positions all(2);
    std::array<plain<int>, 2> slots;
    const auto produce = [&] {
        const positions::ticket mine = all.claim(1);
        check(mine.count == 1, "room");
        slots[mine.at % 2] = 1;
        all.publish(mine.at, 1);
    };
    here.run(thread{"producer 1", produce}, thread{"producer 2", produce},
        thread{"consumer", [&] {
                   const std::size_t there = all.look_for_values(2);
                   for (std::size_t i = 0; i < there; ++i)
                       check(slots[(all.head() + i) % 2] == 1, "written");
               }});
    check(all.look_for_values(2) == 2, "both");
}
const scenario in_order("ordered_positions/published_in_claim_order", {}, published_in_claim_order);

// A push that returned is seen, whatever another producer is about.
void a_push_that_returned_is_there(execution& here) {
    ordered<tracked, 2> ring;
    atomic<int> returned{0};
    const auto push = [&] { check(ring.try_push(tracked(1)), "room"); };
    here.run(thread{"producer 1", push},
        thread{"producer 2",
            [&] {
                push();
                returned.store(1, std::memory_order_release);
            }},
        thread{"consumer", [&] {
                   if (returned.load(std::memory_order_acquire) == 0) return;
                   tracked out;
                   check(ring.try_pop(out), "not empty");
               }});
}
const scenario is_there(
    "mpsc_ordered_ring/a_push_that_returned_is_there", {}, a_push_that_returned_is_there);

// Two producers with a batch each, as many as fit: no batch is torn, and what a look at the slots
// shows is in a row.
template <class T, std::size_t Capacity>
void batches_lie_in_a_row(execution& here) {
    ordered<T, Capacity> ring;
    ledger books;
    const auto produce = [&](int producer) {
        return [&books, &ring, producer] {
            const std::array<T, 2> values{
                T(ledger::value(producer, 1)), T(ledger::value(producer, 2))};
            const std::size_t pushed = ring.try_push_n(std::span<const T>(values));
            check(pushed <= 2, "no more than were given");
            books.pushed_by_other_means(producer, pushed);
        };
    };
    const auto consume = [&] {
        int last = 0;
        std::size_t seen = 0;
        for (const std::span<T> part : ring.peek()) {
            for (const T& value : part) {
                const int producer = value.get() / 100;
                check(producer == last || books.popped_of(last) != 1 || Capacity < 4, "torn");
                books.popped(value);
                last = producer;
                ++seen;
            }
        }
        ring.consume(seen);
    };
    here.run(thread{"producer 1", produce(1)}, thread{"producer 2", produce(2)},
        thread{"consumer", consume});
    consume();
    books.check_all_arrived();
    check(books.pushed() >= (Capacity < 4 ? 2 : 4), "as many as fit");
}
const scenario row_4(
    "mpsc_ordered_ring/batches_lie_in_a_row/capacity_4", {}, batches_lie_in_a_row<forsaken, 4>);
const scenario row_2(
    "mpsc_ordered_ring/batches_lie_in_a_row/capacity_2", {}, batches_lie_in_a_row<forsaken, 2>);

// As words, which are copied as bytes.
struct word : words {
    word() { wrote(); }
    explicit word(int number) : words{static_cast<std::uint64_t>(number)} { wrote(); }
    void wrote() const { env::touch_write(this, sizeof *this); }
};
void batches_of_bytes_arrive(execution& here) {
    ordered<word, 2> ring;
    ledger books;
    const std::array<word, 3> given{
        word(ledger::value(1, 1)), word(ledger::value(1, 2)), word(ledger::value(1, 3))};
    here.run(thread{"producer",
                 [&] {
                     for (std::span<const word> left = given; !left.empty();) {
                         const std::size_t n = ring.try_push_n(left);
                         books.pushed_by_other_means(1, n);
                         left = left.subspan(n);
                         if (n == 0) env::pause();
                     }
                 }},
        thread{"consumer", [&] {
                   std::array<word, 3> out;
                   while (books.popped() != 3) {
                       const std::size_t n = ring.try_pop_n(out);
                       for (const word& each : std::span(out).first(n)) books.popped(each);
                       if (n == 0) env::pause();
                   }
               }});
    books.check_all_arrived();
}
const scenario bytes("mpsc_ordered_ring/batches_of_bytes_arrive", {}, batches_of_bytes_arrive);

// What throws while it is built has no slot; beside it, another producer goes on.
void what_throws_claims_nothing(execution& here) {
    ordered<moody, 2> ring;
    ledger books;
    here.run(thread{"producer 1",
                 [&] {
                     bool thrown = false;
                     try {
                         static_cast<void>(ring.try_emplace(-1));
                     } catch (const moody::refused&) {
                         thrown = true;
                     }
                     check(thrown, "there was room");
                 }},
        thread{"producer 2", [&] { check(books.try_push(ring, 2), "room"); }},
        thread{"consumer", [&] {
                   moody out;
                   check(books.pop(ring, out), "not closed");
               }});
    books.check_all_arrived();
    check(ring.statistics().published == 1, "one claim only");
}
const scenario throws(
    "mpsc_ordered_ring/what_throws_claims_nothing", {}, what_throws_claims_nothing);

// The end comes between claim and publication: who sleeps is woken by the publication, and then by
// nothing else.
void the_end_waits_for_what_was_claimed(execution& here) {
    ordered_of<tracked, 2, park, env_before_wrap> ring;
    ledger books;
    here.run(thread{"producer", [&] { books.push(ring, 1); }},
        thread{"closer", [&] { ring.close(); }}, thread{"consumer", [&] {
                                                            tracked out;
                                                            while (books.pop(ring, out)) {
                                                            }
                                                            check(ring.drained(), "drained");
                                                        }});
    books.check_all_arrived();
}
const scenario end_waits("mpsc_ordered_ring/the_end_waits_for_what_was_claimed", {.timeouts = 0},
    the_end_waits_for_what_was_claimed);

// One sleep, two producers: one of them writes.
void one_write_for_one_sleep(execution& here) {
    ordered_of<tracked, 2, doorbell> ring;
    check(ring.arm(), "nothing there yet");
    const auto push = [&ring] { check(ring.try_push(tracked(1)), "room"); };
    here.run(thread{"producer 1", push}, thread{"producer 2", push});
    check(counted_event_fd::writes == 1, "whoever came first");
    ring.acknowledge();
    check(!ring.arm(), "something there: no sleep");
}
const scenario one_write(
    "mpsc_ordered_ring/one_write_for_one_sleep", {.timeouts = 0}, one_write_for_one_sleep);

}  // namespace
