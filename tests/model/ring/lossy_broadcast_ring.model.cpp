// SPDX-License-Identifier: MIT
// Goal: a reader of a lossy_broadcast_ring never gets words of two values, sees values in order,
//       and knows exactly how many it missed; who sleeps is woken.
// Method: values of two words that prove each other, a writer that overwrites beside the copy, from
//       just below the wrap too. Exhaustive: every execution that C++20 allows.
// Cannot show: longer values, more readers than two.
#include "ring/rings.hpp"

#include <cstdint>

namespace {

using namespace model;
using lfq::join_at;

const options no_clock{.timeouts = 0};
const options two_preemptions{.preemptions = 2, .timeouts = 0};

/// Two words: half of one value and half of another show.
struct pair {
    explicit pair(std::uint64_t number) : first(number), second(~number) {}
    [[nodiscard]] std::uint64_t number() const {
        check(second == ~first, "whole");
        return first;
    }

    std::uint64_t first;
    std::uint64_t second;
};
struct single {
    explicit single(std::uint64_t number) : first(number) {}
    [[nodiscard]] std::uint64_t number() const { return first; }

    std::uint64_t first;
};

// What a reader knows of the row 1, 2, 3 … after it joined before the first.
template <class Reader, class T>
class book {
public:
    explicit book(Reader& reader) : reader_(reader) {}
    void note(const T& value) {
        ++got_;
        check(value.number() == got_ + reader_.missed(), "the next one, but for those missed");
    }
    void end(std::uint64_t pushed) const {
        check(got_ + reader_.missed() == pushed, "read and missed are all");
    }

private:
    Reader& reader_;
    std::uint64_t got_ = 0;
};

template <class T, class Ring, int Values>
void each_value_is_read_or_missed(execution& here) {
    Ring ring;
    auto reader = ring.join(join_at::oldest);
    here.run(thread{"writer",
                 [&] {
                     for (int i = 1; i <= Values; ++i)
                         check(ring.try_emplace(static_cast<std::uint64_t>(i)), "never full");
                     ring.close();
                 }},
        thread{"reader", [&] {
                   book<decltype(reader), T> books(reader);
                   T out(0);
                   while (reader.pop(out)) books.note(out);
                   check(reader.closed() && reader.drained(), "over only when closed and drained");
                   books.end(Values);
               }});
}
const scenario one_word_1("lossy_broadcast_ring/each_value_is_read_or_missed/one_word_capacity_1",
    {}, each_value_is_read_or_missed<single, lossy_of<single, 1, spin, env_before_wrap>, 3>);
const scenario two_words_1("lossy_broadcast_ring/each_value_is_read_or_missed/two_words_capacity_1",
    {}, each_value_is_read_or_missed<pair, lossy_of<pair, 1, spin, env_before_wrap>, 2>);
const scenario two_words_2("lossy_broadcast_ring/each_value_is_read_or_missed/two_words_capacity_2",
    {}, each_value_is_read_or_missed<pair, lossy_of<pair, 2, spin, env_before_wrap>, 3>);

// Joins beside the writer: a row without gaps but for those it is told.
template <class Ring, join_at Where>
void joins_beside_the_writer(execution& here) {
    Ring ring;
    check(ring.try_emplace(1U), "never full");
    here.run(thread{"writer",
                 [&] {
                     check(ring.try_emplace(2U) && ring.try_emplace(3U), "never full");
                     ring.close();
                 }},
        thread{"reader", [&] {
                   auto reader = ring.join(Where);
                   check(reader.size_approx() <= ring.capacity(), "no more than is kept");
                   single out(0);
                   std::uint64_t last = 0;
                   std::uint64_t told = 0;
                   while (reader.pop(out)) {
                       const std::uint64_t gap = reader.missed() - told;
                       check(last == 0 || out.number() == last + 1 + gap, "the next, but for told");
                       last = out.number();
                       told = reader.missed();
                   }
                   if (Where == join_at::oldest) check(last == 3, "the newest is kept");
               }});
}
const scenario join_oldest("lossy_broadcast_ring/joins_beside_the_writer/oldest", {},
    joins_beside_the_writer<lossy_of<single, 1, spin, env_before_wrap>, join_at::oldest>);
const scenario join_newest("lossy_broadcast_ring/joins_beside_the_writer/newest", {},
    joins_beside_the_writer<lossy_of<single, 1, spin, env_before_wrap>, join_at::newest>);

// The edge: publish. What the writer did before a push comes with the value.
template <class Ring>
void a_value_brings_what_was_before(execution& here) {
    Ring ring;
    plain<int> before = 0;
    auto reader = ring.join(join_at::newest);
    here.run(thread{"writer",
                 [&] {
                     before = 1;
                     check(ring.try_emplace(1U), "never full");
                 }},
        thread{"reader", [&] {
                   single out(0);
                   if (reader.try_pop(out)) check(before == 1, "what the writer did before");
                   check(reader.size_approx() <= 1, "one at most");
                   check(ring.size_approx() <= 1, "one at most");
               }});
}
const scenario brings("lossy_broadcast_ring/a_value_brings_what_was_before", {},
    a_value_brings_what_was_before<lossy_of<single, 2>>);

// The edge: floor. Who skips to what is kept finds a tail that is no older.
template <class Ring>
void skips_beside_the_writer(execution& here) {
    Ring ring;
    auto reader = ring.join(join_at::newest);
    here.run(thread{"writer",
                 [&] {
                     for (std::uint64_t i = 1; i <= 3; ++i)
                         check(ring.try_emplace(i), "never full");
                 }},
        thread{"reader",
            [&] {
                const std::uint64_t skipped = reader.skip_to(join_at::oldest);
                check(skipped <= 3 && reader.missed() == skipped, "no more than were pushed");
                check(reader.size_approx() <= 1, "no more than is kept");
                const std::uint64_t more = reader.skip_to(join_at::newest);
                check(skipped + more <= 3, "no more than were pushed");
            }},
        thread{"observer", [&] {
                   check(ring.size_approx() <= 1, "no more than is kept");
                   const lfq::ring_statistics now = ring.statistics();
                   check(now.consumed <= now.published && now.published <= 3, "in order");
               }});
}
const scenario skips("lossy_broadcast_ring/skips_beside_the_writer", {.preemptions = 2},
    skips_beside_the_writer<lossy_of<single, 1, spin, env_before_wrap>>);

// Asleep, both of them: a value, or the end, is for all.
template <class Ring>
void a_value_wakes_every_reader(execution& here) {
    Ring ring;
    const auto pops_one = [&ring] {
        return [reader = ring.join(join_at::newest)]() mutable {
            single out(0);
            check(reader.pop(out) && out.number() == 1, "the value");
        };
    };
    here.run(thread{"writer", [&] { check(ring.try_emplace(1U), "never full"); }},
        thread{"first", pops_one()}, thread{"second", pops_one()});
}
const scenario value_park("lossy_broadcast_ring/a_value_wakes_every_reader/park", two_preemptions,
    a_value_wakes_every_reader<lossy_of<single, 1, park>>);

template <class Ring>
void the_end_wakes_the_reader(execution& here) {
    Ring ring;
    auto reader = ring.join(join_at::newest);
    here.run(thread{"writer",
                 [&] {
                     ring.close();
                     check(!ring.try_emplace(1U) && !ring.push(single(1)), "refused behind it");
                 }},
        thread{"reader", [&] {
                   single out(0);
                   check(!reader.pop(out), "the end");
               }});
}
const scenario end_park("lossy_broadcast_ring/the_end_wakes_the_reader/park", no_clock,
    the_end_wakes_the_reader<lossy_of<single, 1, park>>);

}  // namespace
