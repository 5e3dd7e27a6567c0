// SPDX-License-Identifier: MIT
// Goal: message_ring and byte_ring hand over every byte once, whole and in order, also where they
//       wrap; claims, short commits, the end and sleeping are as promised.
// Method: the smallest scenarios, from just below the wrap of positions, exhaustively, in a storage
//       of two halves that stands for memory mapped twice. The edges are spsc_positions', which
//       spsc_ring's scenarios know as well.
// Cannot show: that the two views are one memory; the storage's own tests show that.
#include "ring/ledger.hpp"
#include "ring/letters.hpp"

namespace {

using namespace model;

template <class Ring>
void closes(Ring& ring, ledger& books, int messages) {
    for (int i = 0; i < messages; ++i) {
        letters<Ring, long_letter> out(ring);
        check(books.push(out, 1), "not closed");
    }
    ring.close();
}

template <class Ring>
void reads_to_the_end(Ring& ring, ledger& books) {
    letters in(ring);
    letter got;
    while (books.pop(in, got)) {
    }
    check(ring.drained(), "over only when drained");
}

// Messages of one word and two by turns, in room for one or two of them.
template <class Wait, class Env, std::size_t Bytes, int Messages>
void every_message_arrives(execution& here) {
    message_ring_of<Wait, Env> ring(Bytes);
    ledger books;
    here.run(thread{"producer", [&] { closes(ring, books, Messages); }},
        thread{"consumer", [&] { reads_to_the_end(ring, books); }});
    books.check_all_arrived();
    check(books.popped_of(1) == Messages, "all of them");
    const lfq::message_statistics end = ring.statistics();
    check(end.published == Messages && end.consumed == Messages, "exact behind a join");
    check(end.published_bytes == end.consumed_bytes, "in bytes too");
    check(end.high_water_bytes <= ring.capacity(), "within the capacity");
}
const scenario arrives_4("message_ring/every_message_arrives/four_words", {},
    every_message_arrives<spin, env_words_before_wrap, 32, 4>);
const scenario arrives_8("message_ring/every_message_arrives/eight_words", {},
    every_message_arrives<spin, env_words_before_wrap, 64, 5>);

// Room for one message: the consumer waits for the first, the producer for the second's room.
template <class Wait, int Pushed, int Popped>
void sleeping(execution& here) {
    message_ring_of<Wait> ring(16);
    ledger books;
    here.run(thread{"producer",
                 [&] {
                     letters out(ring);
                     for (int i = 0; i < Pushed; ++i) check(books.push(out, 1), "not closed");
                 }},
        thread{"consumer", [&] {
                   letters in(ring);
                   letter got;
                   for (int i = 0; i < Popped; ++i) check(books.pop(in, got), "not drained");
               }});
}
const scenario empty_park("message_ring/sleeping_on_empty/park", {}, sleeping<park, 1, 1>);
const scenario empty_doorbell(
    "message_ring/sleeping_on_empty/doorbell", {}, sleeping<doorbell, 1, 1>);
const scenario full_park("message_ring/sleeping_on_full/park", {}, sleeping<park, 2, 1>);
const scenario full_doorbell(
    "message_ring/sleeping_on_full/doorbell", {}, sleeping<doorbell, 2, 1>);

// Claims, one shorter than granted and one abandoned; messages read in place, one by one and
// drained.
void claims_deliver_what_was_committed(execution& here) {
    message_ring_of<spin, env_words_before_wrap> ring(64);
    here.run(thread{"producer",
                 [&] {
                     if (auto gone = ring.claim(16)) letter(9).write(gone.bytes());
                     for (int i = 1; i <= 3; ++i) {
                         auto claimed = ring.claim(16);
                         if (!claimed) continue;
                         letter(i).write(claimed.bytes());
                         claimed.commit(8);
                     }
                 }},
        thread{"consumer", [&] {
                   int last = 0;
                   const auto next = [&](std::span<const std::byte> found) {
                       letter got;
                       got.read(found);
                       check(got.words() == 1 && got.get() > last, "as committed, in order");
                       last = got.get();
                   };
                   if (const auto found = ring.peek()) {
                       next(*found);
                       ring.consume();
                   }
                   for (const auto found : ring.peek(1)) next(found);
                   ring.consume(ring.peek(1).size());
                   static_cast<void>(ring.drain(next));
               }});
}
const scenario claims(
    "message_ring/claims_deliver_what_was_committed", {}, claims_deliver_what_was_committed);

// A message that does not fit the consumer's bytes stays.
void too_short_leaves_it(execution& here) {
    message_ring_of<> ring(32);
    here.run(thread{"producer", [&] { check(ring.try_push(letter(1, 2).bytes()), "room"); }},
        thread{"consumer", [&] {
                   std::array<std::uint64_t, 1> little{};
                   const lfq::popped_message answer =
                       ring.try_pop(std::as_writable_bytes(std::span(little)));
                   using outcome = lfq::popped_message::outcome;
                   check(answer.what == outcome::none ||
                           (answer.what == outcome::too_short && answer.bytes == 16),
                       "none, or its size");
               }});
    letter got;
    letters in(ring);
    check(in.try_pop(got) && got.get() == 1 && got.words() == 2, "whole");
}
const scenario too_short("message_ring/too_short_leaves_it", {}, too_short_leaves_it);

// A stream of words: pushed, and claimed more than is written; read in place and popped.
void every_byte_arrives(execution& here) {
    byte_ring_of<spin, env_bytes_before_wrap> ring(16);
    constexpr std::uint64_t words = 5;
    here.run(thread{"producer",
                 [&] {
                     const std::array<std::uint64_t, 3> first{1, 2, 3};
                     check(ring.push_n(std::as_bytes(std::span(first))) == 24, "all of them");
                     for (std::uint64_t i = 4; i <= words;) {
                         auto claimed = ring.claim(16);
                         if (!claimed) {
                             env::pause();
                             continue;
                         }
                         std::memcpy(claimed.bytes().data(), &i, sizeof i);
                         claimed.commit(sizeof i);
                         ++i;
                     }
                     ring.close();
                 }},
        thread{"consumer", [&] {
                   std::uint64_t last = 0;
                   std::array<std::uint64_t, 2> out{};
                   while (
                       const std::size_t n = ring.pop_n(std::as_writable_bytes(std::span(out)))) {
                       check(n % sizeof last == 0, "words were written");
                       for (std::size_t i = 0; i < n / sizeof last; ++i)
                           check(out[i] == ++last, "in order");
                       const auto rest = ring.peek();
                       for (std::size_t at = 0; at < rest.size(); at += sizeof last) {
                           std::uint64_t word = 0;
                           std::memcpy(&word, rest.data() + at, sizeof word);
                           check(word == ++last, "in order, in one piece");
                       }
                       ring.consume(rest.size());
                   }
                   check(last == words && ring.drained(), "over only when drained");
               }});
    check(ring.statistics().published == 8 * words, "exact behind a join");
}
const scenario bytes("byte_ring/every_byte_arrives", {}, every_byte_arrives);

// As above: a push of more than fits waits for what the consumer frees.
template <class Wait, std::size_t Pushed, std::size_t Popped>
void stream_sleeping(execution& here) {
    byte_ring_of<Wait> ring(8);
    const std::array<std::uint64_t, 2> words{1, 2};
    here.run(thread{"producer",
                 [&] {
                     const auto some = std::as_bytes(std::span(words)).first(8 * Pushed);
                     check(ring.push_n(some) == some.size(), "not closed");
                 }},
        thread{"consumer", [&] {
                   for (std::uint64_t i = 1; i <= Popped; ++i) {
                       std::uint64_t word = 0;
                       const auto out = std::as_writable_bytes(std::span(&word, 1));
                       check(ring.pop_n(out) == 8 && word == i, "in order");
                   }
               }});
}
const scenario stream_empty("byte_ring/sleeping_on_empty", {}, stream_sleeping<park, 1, 1>);
const scenario stream_full("byte_ring/sleeping_on_full", {}, stream_sleeping<park, 2, 1>);

}  // namespace
