// SPDX-License-Identifier: MIT
// Goal: mpsc_message_ring hands over every message once, whole and in the order of each producer;
//       an add never overruns the ring, however old what its producer knew; claims, the end, and
//       handles that go from thread to thread are as promised.
// Method: the smallest scenarios, from just below the wrap of positions, exhaustively, in a storage
//       of two halves that stands for memory mapped twice.
// Cannot show: more producers or laps than here.
#include "ring/ledger.hpp"
#include "ring/letters.hpp"

namespace {

using namespace model;

constexpr auto word = sizeof(std::uint64_t);

template <class Ring, class Letter = letter>
auto pushes(Ring& ring, ledger& books, int producer, int messages) {
    return [&books, &ring, producer, messages] {
        auto handle = ring.producer();
        check(handle.has_value(), "a lane for each");
        letters<typename Ring::producer_handle, Letter> out(*handle);
        for (int i = 0; i < messages; ++i) check(books.push(out, producer), "not closed");
    };
}

template <class Ring>
auto pops(Ring& ring, ledger& books, int messages) {
    return [&books, &ring, messages] {
        letters in(ring);
        letter got;
        for (int i = 0; i < messages; ++i) check(books.pop(in, got), "before the end");
    };
}

// One producer that gets round; words by turns, so that messages wrap.
void one_producer(execution& here) {
    mpsc_message_ring_of<spin, env_words_before_wrap> ring({4 * word, 1, 2 * word});
    ledger books;
    here.run(thread{"producer", pushes<decltype(ring), long_letter>(ring, books, 1, 4)},
        thread{"consumer", pops(ring, books, 4)});
    books.check_all_arrived();
    const lfq::message_statistics end = ring.statistics();
    check(end.published == 4 && end.consumed == 4, "exact behind a join");
    check(end.published_bytes == end.consumed_bytes, "in bytes too");
}
const scenario one("mpsc_message_ring/every_message_arrives/one_producer", {}, one_producer);

// So many messages of one word from each of two; the ring has four words, two of them slack.
template <int First, int Second>
void two_producers(execution& here) {
    mpsc_message_ring_of<spin, env_words_before_wrap> ring({4 * word, 2, word});
    check(ring.capacity() == 2 * word, "the slack is no capacity");
    ledger books;
    here.run(thread{"producer 1", pushes(ring, books, 1, First)},
        thread{"producer 2", pushes(ring, books, 2, Second)},
        thread{"consumer", pops(ring, books, First + Second)});
    books.check_all_arrived();
}
const scenario two(
    "mpsc_message_ring/every_message_arrives/two_producers", {}, two_producers<2, 1>);
const scenario two_deep("mpsc_message_ring/every_message_arrives/two_producers_laps",
    {.how = options::mode::pct, .executions = 1'000'000, .depth = 4}, two_producers<5, 4>,
    scenario::effort::deep);

// Producer 2 claims once, late, with nothing known but the beginning: what it overwrites was freed
// in the sight of producer 1 only.
void what_one_knows_all_know(execution& here) {
    mpsc_message_ring_of<> ring({4 * word, 2, word});
    ledger books;
    here.run(thread{"producer 1", pushes(ring, books, 1, 4)},
        thread{"producer 2", pushes(ring, books, 2, 1)}, thread{"consumer", pops(ring, books, 3)});
    pops(ring, books, 2)();
    books.check_all_arrived();
}
const scenario relay("mpsc_message_ring/what_one_knows_all_know", {}, what_one_knows_all_know);

// Claims that are committed whole, short or not at all; the rest is stepped over and is free.
void claims_deliver_what_was_committed(execution& here) {
    mpsc_message_ring_of<spin, env_words_before_wrap> ring({8 * word, 2, 2 * word});
    ledger books;
    const auto claims = [&](int producer) {
        return [&ring, &books, producer] {
            auto handle = ring.producer();
            if (producer == 1) {
                if (auto gone = handle->claim(word)) letter(999).write(gone.bytes());
            }
            auto claimed = handle->claim(2 * word);
            if (!claimed) return;  // the abandoned word is not stepped over yet
            letter(ledger::value(producer, 1)).write(claimed.bytes());
            claimed.commit(word);
            books.pushed_by_other_means(producer, 1);
        };
    };
    here.run(thread{"producer 1", claims(1)}, thread{"producer 2", claims(2)},
        thread{"consumer", [&] {
                   const auto next = [&](std::span<const std::byte> found) {
                       letter got;
                       got.read(found);
                       check(got.words() == 1, "as committed");
                       books.popped(got);
                   };
                   if (const auto found = ring.peek()) {
                       next(*found);
                       ring.consume();
                   }
                   static_cast<void>(ring.drain(next));
               }});
    ring.drain([&](std::span<const std::byte> found) {
        letter got;
        got.read(found);
        books.popped(got);
    });
    books.check_all_arrived();
    check(ring.size_approx() == 0, "and nothing is held");
}
const scenario claims(
    "mpsc_message_ring/claims_deliver_what_was_committed", {}, claims_deliver_what_was_committed);

// One lane: who has it next goes on where the other stopped.
void a_handle_goes_from_thread_to_thread(execution& here) {
    mpsc_message_ring_of<> ring({2 * word, 1, word});
    int pushed = 0;
    const auto tries = [&] {
        auto handle = ring.producer();
        if (handle && handle->try_push(letter(1).bytes())) ++pushed;
    };
    here.run(thread{"one", tries}, thread{"two", tries});
    int found = 0;
    while (ring.drain([&](std::span<const std::byte>) { ++found; }) != 0) {
    }
    check(found == pushed && pushed == 1, "room for one");
}
const scenario lanes("mpsc_message_ring/a_handle_goes_from_thread_to_thread", {},
    a_handle_goes_from_thread_to_thread);

// The end.

// Whoever closes: what was accepted arrives, nothing else does, and both sides see what was before.
void somebody_closes(execution& here) {
    mpsc_message_ring_of<spin, env_words_before_wrap> ring({4 * word, 2, word});
    ledger books;
    plain<int> before{0};
    here.run(
        thread{"producer",
            [&] {
                auto handle = ring.producer();
                letters out(*handle);
                for (int i = 0; i < 3; ++i) {
                    if (books.push(out, 1)) continue;
                    check(ring.closed() && before == 1, "who sees it closed sees what was before");
                    check(!handle->try_push(letter(9).bytes()), "and stays refused");
                }
            }},
        thread{"closer",
            [&] {
                before = 1;
                ring.close();
            }},
        thread{"consumer", [&] {
                   letters in(ring);
                   letter got;
                   while (books.pop(in, got)) {
                   }
                   check(ring.drained() && before == 1, "over only when drained");
                   check(!in.try_pop(got), "over stays over");
               }});
    books.check_all_arrived();
    check(ring.drained() && ring.size_approx() == 0, "for good");
}
const scenario closes("mpsc_message_ring/somebody_closes", {}, somebody_closes);

// Who sees it drained sees what the closer and the consumer did.
void drained_shows_what_all_did(execution& here) {
    mpsc_message_ring_of<> ring({2 * word, 1, word});
    plain<int> closing{0};
    plain<int> consuming{0};
    here.run(thread{"producer",
                 [&] {
                     auto handle = ring.producer();
                     check(handle->try_push(letter(1).bytes()), "room");
                     closing = 1;
                     ring.close();
                 }},
        thread{"consumer",
            [&] {
                consuming = 1;
                letters in(ring);
                letter got;
                check(in.pop(got) && got.get() == 1, "the message");
            }},
        thread{"observer", [&] {
                   if (ring.drained()) check(closing == 1 && consuming == 1, "visible");
               }});
    check(ring.drained(), "for good");
}
const scenario drained(
    "mpsc_message_ring/drained_shows_what_all_did", {}, drained_shows_what_all_did);

// Sleeping.

template <class Wait, int Pushed, int Popped>
void sleeping(execution& here) {
    mpsc_message_ring_of<Wait> ring({2 * word, 1, word});
    ledger books;
    here.run(thread{"producer", pushes(ring, books, 1, Pushed)},
        thread{"consumer", pops(ring, books, Popped)});
}
const scenario empty_park("mpsc_message_ring/sleeping_on_empty/park", {}, sleeping<park, 1, 1>);
const scenario empty_doorbell(
    "mpsc_message_ring/sleeping_on_empty/doorbell", {}, sleeping<doorbell, 1, 1>);
const scenario full_park("mpsc_message_ring/sleeping_on_full/park", {}, sleeping<park, 2, 1>);
const scenario full_doorbell(
    "mpsc_message_ring/sleeping_on_full/doorbell", {}, sleeping<doorbell, 2, 1>);

template <class Wait>
void close_wakes_everybody(execution& here) {
    mpsc_message_ring_of<Wait> ring({2 * word, 1, word});
    letter first(1);
    here.run(thread{"producer",
                 [&] {
                     auto handle = ring.producer();
                     check(handle->push(first.bytes()) || ring.closed(), "not before the close");
                     check(!handle->push(first.bytes()), "closed, and never freed");
                 }},
        thread{"closer", [&] { ring.close(); }});
}
const scenario close_wakes(
    "mpsc_message_ring/close_wakes_the_producer", {}, close_wakes_everybody<park>);

// Deaths and observers.

// A producer that dies inside a claim holds back what is behind it, and nobody else: the others get
// their answers.
void producer_dies(execution& here) {
    mpsc_message_ring_of<> ring({4 * word, 2, word});
    here.run(thread{"mortal",
                 [&] {
                     auto handle = ring.producer();
                     static_cast<void>(handle->try_push(letter(1).bytes()));
                 },
                 true},
        thread{"survivor",
            [&] {
                auto handle = ring.producer();
                check(handle.has_value(), "its own lane");
                int accepted = 0;
                for (int i = 0; i < 4; ++i) accepted += handle->try_push(letter(2).bytes()) ? 1 : 0;
                check(accepted >= 1 && accepted <= 4, "full at last");
            }},
        thread{"consumer", [&] {
                   letters in(ring);
                   letter got;
                   for (int i = 0; i < 2; ++i) {
                       if (in.try_pop(got)) check(got.get() == 1 || got.get() == 2, "whole");
                   }
               }});
}
const scenario dies("mpsc_message_ring/producer_dies", {.deaths = 1}, producer_dies);

void an_observer_sees_what_can_be(execution& here) {
    mpsc_message_ring_of<spin, env_words_before_wrap> ring({4 * word, 2, word});
    ledger books;
    here.run(thread{"producer", pushes(ring, books, 1, 2)},
        thread{"consumer", pops(ring, books, 1)},
        thread{"observer", [&] {
                   check(ring.size_approx() <= 2 * word, "no more than was claimed");
                   const lfq::message_statistics now = ring.statistics();
                   check(now.published <= 2 && now.consumed <= 1, "within what was done");
                   check(now.high_water_bytes <= ring.capacity(), "within the capacity");
               }});
}
const scenario observer(
    "mpsc_message_ring/an_observer_sees_what_can_be", {}, an_observer_sees_what_can_be);

}  // namespace
