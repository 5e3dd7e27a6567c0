// SPDX-License-Identifier: MIT
// Goal: who waits for a broadcast is woken: the writer by the slowest reader, by one that leaves
//       and by one that has joined; every reader by a value and by the end. The end is the last
//       word.
// Method: one side sleeps, the other does the one thing that must wake it. What is lost is found as
//       stuck.
// Cannot show: the kernel's part, which is modelled as a futex.
#include "ring/rings.hpp"

namespace {

using namespace model;
using lfq::join_at;

const options no_clock{.timeouts = 0};
const options wakes_by_itself{.spurious = 1, .timeouts = 0};
const options two_preemptions{.preemptions = 2, .timeouts = 0};

// Asleep on full: only what the reader does is there to wake the writer.
template <class Ring, class Act>
void the_writer_sleeps(execution& here, Act act) {
    Ring ring({}, 1);
    auto reader = ring.join(join_at::newest);
    check(ring.try_push(tracked(1)), "full now");
    here.run(thread{"writer", [&] { check(ring.push(tracked(2)), "not closed"); }},
        thread{"reader", [&] { act(reader); }});
    reader.leave();
}
template <class Ring>
void a_pop_wakes_the_writer(execution& here) {
    the_writer_sleeps<Ring>(here, [](auto& reader) {
        tracked out;
        check(reader.try_pop(out) && out.get() == 1, "the one that is there");
    });
}
const scenario pop_park("broadcast_ring/a_pop_wakes_the_writer/park", wakes_by_itself,
    a_pop_wakes_the_writer<broadcast_of<tracked, 1, park>>);

template <class Ring>
void leaving_wakes_the_writer(execution& here) {
    the_writer_sleeps<Ring>(here, [](auto& reader) { reader.leave(); });
}
const scenario leave_spin("broadcast_ring/leaving_frees_the_writer/spin", {},
    leaving_wakes_the_writer<broadcast_of<tracked, 1, spin>>);
const scenario leave_park("broadcast_ring/leaving_frees_the_writer/park", wakes_by_itself,
    leaving_wakes_the_writer<broadcast_of<tracked, 1, park>>);

// The writer must wait for both, and then for nobody.
template <class Ring>
void the_slower_of_two_wakes_the_writer(execution& here) {
    Ring ring({}, 2);
    auto first = ring.join(join_at::newest);
    auto second = ring.join(join_at::newest);
    check(ring.try_push(tracked(1)), "full now");
    here.run(thread{"writer", [&] { check(ring.push(tracked(2)), "not closed"); }},
        thread{"first",
            [&] {
                tracked out;
                check(first.try_pop(out), "the one that is there");
            }},
        thread{"second", [&] { second.leave(); }});
    first.leave();
}
const scenario slower_park("broadcast_ring/the_slower_of_two_wakes_the_writer/park", no_clock,
    the_slower_of_two_wakes_the_writer<broadcast_of<tracked, 1, park>>);

// Just sitting down, a reader may hold what is there; the writer must not sleep on that.
template <class Ring>
void joining_wakes_the_writer(execution& here) {
    Ring ring({}, 1);
    typename Ring::reader reader;
    check(ring.try_push(tracked(1)), "room");
    here.run(thread{"writer", [&] { check(ring.push(tracked(2)), "nobody holds the first"); }},
        thread{"reader", [&] { reader = ring.join(join_at::newest); }});
    reader.leave();
}
const scenario join_park("broadcast_ring/joining_wakes_the_writer/park", no_clock,
    joining_wakes_the_writer<broadcast_of<tracked, 1, park>>);

// Asleep on empty, both of them: one publication, or the end, is for all.
template <class Ring>
void a_value_wakes_every_reader(execution& here) {
    Ring ring({}, 2);
    auto first = ring.join(join_at::newest);
    auto second = ring.join(join_at::newest);
    const auto pops_one = [](auto& reader) {
        return [&reader] {
            tracked out;
            check(reader.pop(out) && out.get() == 1, "the value");
        };
    };
    here.run(thread{"writer", [&] { check(ring.try_push(tracked(1)), "room"); }},
        thread{"first", pops_one(first)}, thread{"second", pops_one(second)});
    first.leave();
    second.leave();
}
const scenario value_park("broadcast_ring/a_value_wakes_every_reader/park", two_preemptions,
    a_value_wakes_every_reader<broadcast_of<tracked, 1, park>>);

template <class Ring>
void the_end_wakes_every_reader(execution& here) {
    Ring ring({}, 2);
    auto first = ring.join(join_at::newest);
    auto second = ring.join(join_at::newest);
    const auto ends = [](auto& reader) {
        return [&reader] {
            tracked out;
            check(!reader.pop(out), "the end");
        };
    };
    here.run(thread{"writer", [&] { ring.close(); }}, thread{"first", ends(first)},
        thread{"second", ends(second)});
    first.leave();
    second.leave();
}
const scenario end_park("broadcast_ring/the_end_wakes_every_reader/park", two_preemptions,
    the_end_wakes_every_reader<broadcast_of<tracked, 1, park>>);

// The edge: end. "Closed" is the last word for each reader, and drained tells of what they did.
template <class Ring>
void closed_shows_all_values(execution& here) {
    Ring ring({}, 1);
    auto reader = ring.join(join_at::newest);
    here.run(thread{"writer",
                 [&] {
                     check(ring.try_push(tracked(1)), "room");
                     ring.close();
                     tracked late(42);
                     check(!ring.push(std::move(late)) && late.get() == 42, "untouched");
                 }},
        thread{"reader", [&] {
                   tracked out;
                   if (!reader.closed()) return;
                   check(reader.try_pop(out) && !reader.try_pop(out), "one value, and no more");
               }});
    reader.leave();
}
const scenario closed_shows("broadcast_ring/closed_shows_all_values", {},
    closed_shows_all_values<broadcast_of<tracked, 2>>);

template <class Ring>
void drained_shows_what_readers_did(execution& here) {
    Ring ring({}, 1);
    auto reader = ring.join(join_at::newest);
    check(ring.try_push(tracked(1)), "room");
    ring.close();
    plain<int> did = 0;
    here.run(thread{"reader",
                 [&] {
                     tracked out;
                     did = 1;
                     check(reader.try_pop(out), "the value");
                 }},
        thread{"observer", [&] {
                   if (ring.drained()) check(did == 1, "what the reader did before");
                   check(ring.size_approx() <= 1, "no more than were pushed");
               }});
    check(ring.drained(), "all was read");
    reader.leave();
}
const scenario drained_shows("broadcast_ring/drained_shows_what_readers_did", {},
    drained_shows_what_readers_did<broadcast_of<tracked, 2, spin, env_before_wrap>>);

// An observer beside a writer and a reader never sees more than there was.
template <class Ring>
void an_observer_sees_what_can_be(execution& here) {
    Ring ring({}, 1);
    auto reader = ring.join(join_at::newest);
    here.run(thread{"writer", [&] { check(ring.try_push(tracked(1)), "room"); }},
        thread{"reader",
            [&] {
                tracked out;
                static_cast<void>(reader.try_pop(out));
            }},
        thread{"observer", [&] {
                   check(ring.size_approx() <= 1, "no more than were pushed");
                   const lfq::ring_statistics now = ring.statistics();
                   check(now.consumed <= now.published && now.published <= 1, "one at most");
               }});
    reader.leave();
}
const scenario observer("broadcast_ring/an_observer_sees_what_can_be", {},
    an_observer_sees_what_can_be<broadcast_of<tracked, 2, spin, env_before_wrap>>);

}  // namespace
