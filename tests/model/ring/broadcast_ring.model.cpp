// SPDX-License-Identifier: MIT
// Goal: every reader of a broadcast_ring sees every value from where it joined, whole and in order,
//       and the writer overwrites none that somebody holds or can come to hold.
// Method: the smallest scenario for each edge, with readers that join and leave beside the writer,
//       from just below the wrap too. Exhaustive: every execution that C++20 allows.
// Cannot show: more readers than two, more laps than here.
#include "ring/rings.hpp"

#include <cstdint>

namespace {

using namespace model;
using lfq::join_at;

template <class Ring>
void push_numbers(Ring& ring, int from, int to) {
    for (int i = from; i <= to; ++i) check(ring.push(tracked(i)), "not closed");
}

// Reads to the end: each value is one more than the last. What came last; 0: nothing came.
template <class Reader>
int read_to_the_end(Reader& reader, int last = 0) {
    tracked out;
    while (reader.pop(out)) {
        check(last == 0 || out.get() == last + 1, "the next value");
        last = out.get();
    }
    check(reader.closed() && reader.drained(), "over only when closed and drained");
    return last;
}

// The edges: publish and free.

template <class Ring, int Values>
void the_reader_sees_every_value(execution& here) {
    Ring ring({}, 1);
    auto reader = ring.join(join_at::newest);
    here.run(thread{"writer",
                 [&] {
                     push_numbers(ring, 1, Values);
                     ring.close();
                 }},
        thread{"reader", [&] {
                   tracked first;
                   check(reader.pop(first) && first.get() == 1, "the first value");
                   check(read_to_the_end(reader, 1) == Values, "all of them");
               }});
    check(ring.drained(), "all was read");
    reader.leave();
}
const scenario one_1("broadcast_ring/the_reader_sees_every_value/capacity_1", {},
    the_reader_sees_every_value<broadcast_of<tracked, 1, spin, env_before_wrap>, 3>);
const scenario one_2("broadcast_ring/the_reader_sees_every_value/capacity_2", {},
    the_reader_sees_every_value<broadcast_of<tracked, 2, spin, env_before_wrap>, 4>);

template <class Ring, int Values>
void both_readers_see_every_value(execution& here) {
    Ring ring({}, 2);
    auto first = ring.join(join_at::newest);
    auto second = ring.join(join_at::newest);
    here.run(thread{"writer",
                 [&] {
                     push_numbers(ring, 1, Values);
                     ring.close();
                 }},
        thread{"first", [&] { check(read_to_the_end(first) == Values, "all of them"); }},
        thread{"second", [&] { check(read_to_the_end(second) == Values, "all of them"); }});
    first.leave();
    second.leave();
}
const scenario both_1("broadcast_ring/both_readers_see_every_value/capacity_1", {.preemptions = 1},
    both_readers_see_every_value<broadcast_of<tracked, 1, spin, env_before_wrap>, 2>);

// What the slowest holds stays, whatever the others have read.
template <class Ring>
void the_slowest_holds_the_writer(execution& here) {
    Ring ring({}, 2);
    auto fast = ring.join(join_at::newest);
    auto slow = ring.join(join_at::newest);
    push_numbers(ring, 1, 1);
    here.run(thread{"writer",
                 [&] {
                     for (int i = 2; i <= 3 && ring.try_push(tracked(i)); ++i) {
                     }
                     ring.close();
                 }},
        thread{"fast", [&] { read_to_the_end(fast); }},
        thread{"slow", [&] {
                   const auto parts = slow.peek();
                   for (const tracked& each : parts[0]) check(each.get() == 1, "still there");
                   slow.consume(parts[0].size());
               }});
    fast.leave();
    slow.leave();
}
const scenario slowest("broadcast_ring/the_slowest_holds_the_writer", {},
    the_slowest_holds_the_writer<broadcast_of<tracked, 1>>);

// "Full" only if a reader holds a slot that it did not free before.
template <class Ring>
void what_was_freed_before_is_room(execution& here) {
    Ring ring({}, 1);
    auto reader = ring.join(join_at::newest);
    push_numbers(ring, 1, 1);
    plain<bool> freed = false;
    atomic<bool> told{false};
    here.run(thread{"writer",
                 [&] {
                     if (!told.load(std::memory_order_acquire)) return;
                     check(freed && ring.try_push(tracked(2)), "the slot is free");
                 }},
        thread{"reader", [&] {
                   tracked out;
                   check(reader.try_pop(out), "a value");
                   freed = true;
                   told.store(true, std::memory_order_release);
               }});
    reader.leave();
}
const scenario freed_before("broadcast_ring/what_was_freed_before_is_room", {},
    what_was_freed_before_is_room<broadcast_of<tracked, 1>>);

// The edges: join and floor.

// Joins beside the writer, and sees an unbroken row up to the end.
template <class Ring, int Values, join_at Where>
void joins_beside_the_writer(execution& here) {
    Ring ring({}, 1);
    typename Ring::reader reader;
    push_numbers(ring, 1, 1);
    here.run(thread{"writer",
                 [&] {
                     push_numbers(ring, 2, Values);
                     ring.close();
                 }},
        thread{"reader", [&] {
                   reader = ring.join(Where);
                   const int last = read_to_the_end(reader);
                   check(last == 0 || last == Values, "up to the end");
                   if (Where == join_at::oldest) check(last == Values, "something is kept");
               }});
    reader.leave();
}
const scenario oldest_1("broadcast_ring/joins_beside_the_writer/oldest_capacity_1", {},
    joins_beside_the_writer<broadcast_of<tracked, 1, spin, env_before_wrap>, 3, join_at::oldest>);
const scenario oldest_2("broadcast_ring/joins_beside_the_writer/oldest_capacity_2", {},
    joins_beside_the_writer<broadcast_of<tracked, 2, spin, env_before_wrap>, 4, join_at::oldest>);
const scenario newest_1("broadcast_ring/joins_beside_the_writer/newest_capacity_1", {},
    joins_beside_the_writer<broadcast_of<tracked, 1, spin, env_before_wrap>, 3, join_at::newest>);

// Another reader is there already, and the writer has looked at it.
template <class Ring>
void joins_beside_another_reader(execution& here) {
    Ring ring({}, 2);
    auto there = ring.join(join_at::newest);
    typename Ring::reader reader;
    push_numbers(ring, 1, 1);
    here.run(thread{"writer", [&] { static_cast<void>(ring.try_push(tracked(2))); }},
        thread{"there",
            [&] {
                tracked out;
                check(there.try_pop(out) && out.get() == 1, "the one that is there");
            }},
        thread{"joiner", [&] {
                   reader = ring.join(join_at::oldest);
                   tracked out;
                   int last = 0;
                   while (reader.try_pop(out)) {
                       check(last == 0 || out.get() == last + 1, "the next value");
                       last = out.get();
                   }
               }});
    there.leave();
    reader.leave();
}
const scenario another_oldest("broadcast_ring/joins_beside_another_reader/oldest", {},
    joins_beside_another_reader<broadcast_of<tracked, 1>>);

// Who joins at the newest sees nothing that it knew to be pushed before.
template <class Ring>
void newest_begins_behind_what_it_knows(execution& here) {
    Ring ring({}, 1);
    atomic<int> pushed{0};
    here.run(thread{"writer",
                 [&] {
                     for (int i = 1; i <= 2; ++i) {
                         push_numbers(ring, i, i);
                         pushed.store(i, std::memory_order_release);
                     }
                 }},
        thread{"joiner", [&] {
                   const int known = pushed.load(std::memory_order_acquire);
                   auto newest = ring.join(join_at::newest);
                   tracked out;
                   if (newest.try_pop(out)) check(out.get() > known, "pushed after it joined");
                   check(newest.size_approx() <= ring.capacity(), "not ahead of the writer");
               }});
}
const scenario begins_newest("broadcast_ring/newest_begins_behind_what_it_knows", {},
    newest_begins_behind_what_it_knows<broadcast_of<tracked, 1>>);

// The edge: seat.

// A seat that was left is taken by the next reader, and the writer overwrites what the first read.
template <class Ring>
void a_seat_changes_hands(execution& here) {
    Ring ring({}, 1);
    auto first = ring.join(join_at::newest);
    typename Ring::reader second;
    push_numbers(ring, 1, 1);
    here.run(thread{"writer", [&] { static_cast<void>(ring.try_push(tracked(2))); }},
        thread{"first",
            [&] {
                tracked out;
                check(first.try_pop(out) && out.get() == 1, "the first value");
                if (!first.try_pop(out)) first.leave();
            }},
        thread{"second", [&] {
                   second = ring.join(join_at::newest);
                   tracked out;
                   if (second) static_cast<void>(second.try_pop(out));
               }});
    const bool both = static_cast<bool>(second);
    first.leave();
    second.leave();
    check(ring.readers_approx() == 0, "all have left");
    if (both) check(ring.statistics().refused_pops >= 1, "no count is lost");
}
const scenario seat(
    "broadcast_ring/a_seat_changes_hands", {}, a_seat_changes_hands<broadcast_of<tracked, 1>>);

// Two readers use one seat, one after the other, and each is refused once.
template <class Ring>
void a_seat_counts_on(execution& here) {
    Ring ring({}, 1);
    auto first = ring.join(join_at::newest);
    typename Ring::reader second;
    const auto is_refused = [](auto& reader) {
        tracked out;
        check(!reader.try_pop(out), "nothing was pushed");
    };
    here.run(thread{"first",
                 [&] {
                     is_refused(first);
                     first.leave();
                 }},
        thread{"second", [&] {
                   second = ring.join(join_at::newest);
                   if (second) is_refused(second);
               }});
    check(ring.statistics().refused_pops == (second ? 2U : 1U), "each refusal is counted");
    second.leave();
}
const scenario seat_count(
    "broadcast_ring/a_seat_counts_on", {}, a_seat_counts_on<broadcast_of<tracked, 1>>);

// Two threads want the last seat: one gets it.
template <class Ring>
void the_last_seat_is_for_one(execution& here) {
    Ring ring({}, 1);
    typename Ring::reader one;
    typename Ring::reader other;
    here.run(thread{"one", [&] { one = ring.join(join_at::newest); }},
        thread{"other", [&] { other = ring.join(join_at::newest); }});
    check(static_cast<bool>(one) != static_cast<bool>(other), "exactly one sits");
    one.leave();
    other.leave();
}
const scenario last_seat("broadcast_ring/the_last_seat_is_for_one", {},
    the_last_seat_is_for_one<broadcast_of<tracked, 1>>);

}  // namespace
