// SPDX-License-Identifier: MIT
// Goal: claims, batches, peek, consume and drain hand over the same values as push and pop do; what
//       is abandoned, or throws while it is built, delivers nothing and holds nobody up.
// Method: the same short program on every ring, two laps of a tiny capacity, across the wrap.
//       Watched values show what is built, moved and destroyed; trivially copyable ones go through
//       the paths that copy bytes.
// Cannot show: longer programs; tests/property has those, on one thread.
#include "ring/ledger.hpp"
#include "ring/rings.hpp"
#include "ring/values.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace {

using namespace model;

template <class T, std::size_t Capacity>
using spsc = spsc_of<T, Capacity, spin, env_before_wrap>;
template <class T, std::size_t Capacity>
using slots = slots_of<T, Capacity, spin, env_before_wrap>;
template <class T, std::size_t Capacity>
using mpsc = mpsc_of<T, Capacity, spin, env_before_wrap>;

// Looks at the oldest values where they are, at most so many, and consumes them.
template <class Ring>
void peek_and_consume(Ring& ring, ledger& books, std::size_t at_once) {
    std::size_t seen = 0;
    const auto look = [&](const auto& value) {
        books.popped(value);
        ++seen;
    };
    if constexpr (requires { ring.peek()[0].size(); }) {
        for (const auto part : ring.peek(at_once)) {
            for (const auto& value : part) look(value);
        }
    } else {
        for (const auto& value : ring.peek(at_once)) look(value);
    }
    check(seen <= at_once, "no more than asked for");
    ring.consume(seen);
}

// A claim of two, one that is abandoned half built, one that is committed half built.
template <class Ring>
void claims_deliver_what_was_committed(execution& here) {
    Ring ring;
    ledger books;
    here.run(thread{"producer",
                 [&] {
                     auto both = ring.claim(2);
                     check(both.size() == ring.capacity(), "room for all of it");
                     for (std::size_t i = 0; i < both.size(); ++i)
                         both.emplace(ledger::value(1, 1 + static_cast<int>(i)));
                     const std::size_t built = both.size();
                     both.commit();
                     books.pushed_by_other_means(1, built);
                     if (auto abandoned = ring.claim(1)) abandoned.emplace(7);
                     if (auto half = ring.claim(2)) {
                         half.emplace(ledger::value(1, 1 + books.pushed_of(1)));
                         half.commit();
                         books.pushed_by_other_means(1, 1);
                     }
                     ring.close();
                 }},
        thread{"consumer", [&] {
                   for (int round = 0; round < 2; ++round) peek_and_consume(ring, books, 2);
               }});
    while (!ring.drained()) peek_and_consume(ring, books, 1);
    books.check_all_arrived();
}
const scenario claims_spsc_1("spsc_ring/claims_deliver_what_was_committed/capacity_1", {},
    claims_deliver_what_was_committed<spsc<tracked, 1>>);
const scenario claims_spsc_2("spsc_ring/claims_deliver_what_was_committed/capacity_2", {},
    claims_deliver_what_was_committed<spsc<tracked, 2>>);
const scenario claims_slot_1("spsc_slot_ring/claims_deliver_what_was_committed/capacity_1", {},
    claims_deliver_what_was_committed<slots<tracked, 1>>);
const scenario claims_slot_2("spsc_slot_ring/claims_deliver_what_was_committed/capacity_2", {},
    claims_deliver_what_was_committed<slots<tracked, 2>>);
const scenario claims_mpsc_1("mpsc_ring/claims_deliver_what_was_committed/capacity_1", {},
    claims_deliver_what_was_committed<mpsc<tracked, 1>>);
const scenario claims_mpsc_2("mpsc_ring/claims_deliver_what_was_committed/capacity_2", {},
    claims_deliver_what_was_committed<mpsc<tracked, 2>>);

// Batches of three through two slots, in as many steps as it takes.
template <class Ring, class T>
void batches_arrive_in_order(execution& here) {
    Ring ring;
    ledger books;
    std::array<T, 3> given{T(ledger::value(1, 1)), T(ledger::value(1, 2)), T(ledger::value(1, 3))};
    here.run(thread{"producer",
                 [&] {
                     for (std::span<const T> left = given; !left.empty();) {
                         const std::size_t n = ring.try_push_n(left);
                         books.pushed_by_other_means(1, n);
                         left = left.subspan(n);
                         if (n == 0) env::pause();
                     }
                 }},
        thread{"consumer", [&] {
                   std::array<T, 3> out;
                   while (books.popped() != 3) {
                       const std::size_t n = ring.try_pop_n(out);
                       for (const T& each : std::span(out).first(n)) books.popped(each);
                       if (n == 0) env::pause();
                   }
               }});
    books.check_all_arrived();
}
// As words, which the spsc_ring copies as bytes, and as watched values, one by one.
struct word : words {
    word() { wrote(); }
    explicit word(int number) : words{static_cast<std::uint64_t>(number)} { wrote(); }
    void wrote() const { env::touch_write(this, sizeof *this); }
};
const scenario batches_words(
    "spsc_ring/batches_arrive_in_order/bytes", {}, batches_arrive_in_order<spsc<word, 2>, word>);
const scenario batches_spsc("spsc_ring/batches_arrive_in_order/values", {},
    batches_arrive_in_order<spsc<tracked, 2>, tracked>);
const scenario batches_slot("spsc_slot_ring/batches_arrive_in_order/values", {},
    batches_arrive_in_order<slots<tracked, 2>, tracked>);
const scenario batches_mpsc("mpsc_ring/batches_arrive_in_order/values", {},
    batches_arrive_in_order<mpsc<tracked, 2>, tracked>);
const scenario batches_mpsc_at_once("mpsc_ring/batches_arrive_in_order/published_one_by_one", {},
    batches_arrive_in_order<mpsc<forsaken, 2>, forsaken>);

// Two producers with a batch each: no batch is torn.
template <class Ring>
void a_batch_stays_together(execution& here) {
    Ring ring;
    ledger books;
    const auto produce = [&](int producer) {
        return [&books, &ring, producer] {
            auto room = ring.claim(2);
            for (std::size_t i = 0; i < room.size(); ++i)
                room.emplace(ledger::value(producer, 1 + static_cast<int>(i)));
            const std::size_t built = room.size();
            room.commit();
            books.pushed_by_other_means(producer, built);
        };
    };
    here.run(thread{"producer 1", produce(1)}, thread{"producer 2", produce(2)},
        thread{"consumer", [&] {
                   int last = 0;
                   ring.drain([&](tracked& value) {
                       const int producer = value.get() / 100;
                       check(producer == last || books.popped_of(last) != 1, "no batch is torn");
                       books.popped(value);
                       last = producer;
                   });
               }});
    ring.drain([&](tracked& value) { books.popped(value); });
    books.check_all_arrived();
}
const scenario together(
    "mpsc_ring/a_batch_stays_together", {}, a_batch_stays_together<mpsc<tracked, 4>>);

// Bytes written in place, read in place.
void spans_carry_bytes(execution& here) {
    spsc<words, 2> ring;
    int sum = 0;
    here.run(thread{"producer",
                 [&] {
                     std::uint64_t next = 1;
                     while (next <= 3) {
                         auto room = ring.claim(2);
                         std::size_t written = 0;
                         for (const std::span<words> part : room.spans()) {
                             for (words& each : part) {
                                 if (next > 3) continue;
                                 each.value = next++;
                                 ++written;
                             }
                         }
                         room.commit(written);
                         if (written == 0) env::pause();
                     }
                     ring.close();
                 }},
        thread{"consumer", [&] {
                   while (!ring.drained()) {
                       const std::size_t n = ring.drain([&](const words& each) {
                           check(each.get() == sum + 1, "the next one");
                           ++sum;
                       });
                       if (n == 0) env::pause();
                   }
               }});
    check(sum == 3, "all of them");
}
const scenario spans_bytes("spsc_ring/spans_carry_bytes", {}, spans_carry_bytes);

// What throws while it is built delivers nothing and costs no slot for long.
template <class Ring, int Thrower>
void what_throws_delivers_nothing(execution& here) {
    Ring ring;
    ledger books;
    const auto throwing = [&] {
        bool thrown = false;
        try {
            static_cast<void>(ring.try_emplace(-1));
        } catch (const moody::refused&) {
            thrown = true;
        }
        check(thrown || ring.size_approx() != 0, "thrown, or there was no room");
    };
    const auto produce = [&](int producer) {
        return [&books, &ring, &throwing, producer] {
            if (producer == Thrower) throwing();
            check(books.push(ring, producer), "not closed");
        };
    };
    const auto consume = [&](int values) {
        return [&books, &ring, values] {
            moody out;
            for (int i = 0; i < values; ++i) check(books.pop(ring, out), "not closed");
        };
    };
    if constexpr (Thrower == 1) {
        here.run(thread{"producer", produce(1)}, thread{"consumer", consume(1)});
    } else {
        here.run(thread{"producer 1", produce(1)}, thread{"producer 2", produce(2)},
            thread{"consumer", consume(2)});
    }
    books.check_all_arrived();
}
const scenario throws_spsc(
    "spsc_ring/what_throws_delivers_nothing", {}, what_throws_delivers_nothing<spsc<moody, 1>, 1>);
const scenario throws_slot("spsc_slot_ring/what_throws_delivers_nothing", {},
    what_throws_delivers_nothing<slots<moody, 1>, 1>);
const scenario throws_mpsc("mpsc_ring/what_throws_delivers_nothing/one_producer", {},
    what_throws_delivers_nothing<mpsc<moody, 1>, 1>);
const scenario throws_mpsc_2("mpsc_ring/what_throws_delivers_nothing/two_producers", {},
    what_throws_delivers_nothing<mpsc<moody, 2>, 2>);

}  // namespace
