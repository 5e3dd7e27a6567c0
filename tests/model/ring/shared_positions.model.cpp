// SPDX-License-Identifier: MIT
// Goal: claims are exclusive and within the room that was freed, what the consumer did with a slot
//       happens before whoever claims it again, and the close is exact.
// Method: the positions alone, over a row of watched values that stand for the slots. They begin
//       just below the wrap.
// Cannot show: what the slots need beside them; that is mpsc_ring's part.
#include "ring/rings.hpp"

#include <lfq/ring/shared_positions.hpp>

#include <array>
#include <cstddef>

namespace {

using namespace model;

using positions = lfq::shared_positions<env_before_wrap>;
using lfq::wait::turn;
constexpr std::uint64_t first = positions::first;

constexpr std::uint64_t after(std::uint64_t n) { return lfq::wrapped_position(first + n); }

// The freed slots were read last by the consumer, and are written by a producer that learned of
// them from another one.
template <std::size_t Producers>
void freed_slots_reach_every_producer(execution& here) {
    constexpr std::size_t capacity = 2;
    positions both(capacity);
    check(both.claim(capacity).count == capacity, "an empty ring grants everything");
    std::array<plain<int>, capacity> slots;
    const auto claim_and_write = [&] {
        const positions::ticket mine = both.claim(1);
        if (mine.count == 1) slots[mine.at % capacity] = 1;
    };
    here.run(thread{"consumer",
                 [&] {
                     for (const plain<int>& each : slots) check(each == 0, "untouched");
                     both.free(after(capacity));
                 }},
        thread{"producer 1", claim_and_write}, thread{"producer 2", claim_and_write});
}
const scenario freed_slots(
    "shared_positions/freed_slots_reach_every_producer", {}, freed_slots_reach_every_producer<2>);
const scenario freed_slots_reordered("shared_positions/freed_slots_reach_every_producer/reordered",
    {.reordered_stores = true}, freed_slots_reach_every_producer<2>);

void end_comes_with_what_was_before(execution& here) {
    positions both(2);
    plain<int> before = 0;
    here.run(thread{"closer",
                 [&] {
                     before = 1;
                     both.close();
                 }},
        thread{"observer", [&] {
                   if (both.closed()) check(before == 1, "what the closer did before");
               }});
    check(both.closed() && both.ended() && both.drained(), "closed for all, and nothing was in it");
}
const scenario end_comes(
    "shared_positions/end_comes_with_what_was_before", {}, end_comes_with_what_was_before);

// Who sees the ring drained sees what the closer and the consumer did.
void drained_comes_with_both_sides(execution& here) {
    positions both(2);
    plain<int> closers = 0;
    plain<int> consumers = 0;
    check(both.claim(1).at == first, "the first claim");
    here.run(thread{"closer",
                 [&] {
                     closers = 1;
                     both.close();
                 }},
        thread{"consumer",
            [&] {
                consumers = 1;
                both.free(after(1));
            }},
        thread{"observer", [&] {
                   if (both.drained()) check(closers == 1 && consumers == 1, "what both did");
               }});
}
const scenario drained_comes(
    "shared_positions/drained_comes_with_both_sides", {}, drained_comes_with_both_sides);

// A slot is claimed before it is freed. The claim reaches the consumer by its stamp, here a flag.
void an_observers_tail_is_no_older_than_its_head(execution& here) {
    positions both(2);
    atomic<int> stamp{0};
    here.run(thread{"producer",
                 [&] {
                     check(both.claim(1).count == 1, "room");
                     stamp.store(1, std::memory_order_release);
                 }},
        thread{"consumer",
            [&] {
                while (stamp.load(std::memory_order_acquire) == 0) env::pause();
                both.free(after(1));
            }},
        thread{"observer", [&] {
                   const auto [head, tail] = both.look();
                   check(lfq::wrapped_position(tail - head) <= 1, "no more than were claimed");
               }});
}
const scenario observers_tail("shared_positions/an_observers_tail_is_no_older_than_its_head", {},
    an_observers_tail_is_no_older_than_its_head);

// No more than one of two slots is used at any time, whichever tail and heads are seen.
void room_is_no_lie(execution& here) {
    positions both(2);
    check(both.claim(2).count == 2, "room");
    both.free(after(2));
    here.run(thread{"producer 1 and consumer",
                 [&] {
                     check(both.claim(1).count == 1, "room");
                     both.free(after(3));
                 }},
        thread{
            "producer 2", [&] { check(both.room() == turn::done, "room, as far as it knows"); }});
    check(both.claim(2).count == 2 && both.room() == turn::refused, "full");
    both.close();
    check(both.room() == turn::over, "closed");
}
const scenario no_lie("shared_positions/room_is_no_lie", {}, room_is_no_lie);

// A claim beside the close has its slot and is counted, or is refused and was nothing.
void close_is_exact(execution& here) {
    positions both(2);
    std::size_t claimed = 0;
    here.run(thread{"closer", [&] { both.close(); }},
        thread{"producer", [&] {
                   for (;;) {
                       const positions::ticket mine = both.claim(1);
                       if (mine.count == 0) {
                           check(mine.answer == turn::over || claimed == 2, "full, or closed");
                           break;
                       }
                       ++claimed;
                   }
               }});
    check(both.claim(1).answer == turn::over, "refused for ever");
    check(both.look().tail == after(claimed), "every claim that was granted is before the end");
    check(both.drained() == (claimed == 0), "drained when all of them were freed");
    both.free(after(claimed));
    check(both.drained(), "drained");
}
const scenario exact_close("shared_positions/close_is_exact", {.spurious = 1}, close_is_exact);

// What a producer does that waits for its slot, however long. Whether the slot is its own now.
bool settled(positions& both, const positions::ticket& mine) {
    if (mine.count == 0) return false;
    turn answer = mine.answer;
    while (answer == turn::refused) {
        answer = both.settle(mine.at);
        if (answer == turn::refused) env::pause();
    }
    return answer == turn::done;
}

// Of three that add to an empty ring of two, one comes too early: its slot is to be freed first.
void an_added_slot_may_have_to_be_freed(execution& here) {
    constexpr std::size_t capacity = 2;
    positions both(capacity);
    std::array<plain<int>, capacity> slots;
    atomic<int> written{0};
    const auto add_and_write = [&] {
        const positions::ticket mine = both.add();
        if (!settled(both, mine)) return;
        slots[mine.at % capacity] = 1;
        if (mine.at == first) written.store(1, std::memory_order_release);
    };
    here.run(thread{"producer 1", add_and_write}, thread{"producer 2", add_and_write},
        thread{"producer 3", add_and_write},
        thread{"consumer", [&] {
                   while (written.load(std::memory_order_acquire) == 0) env::pause();
                   check(slots[first % capacity] == 1, "what was written");
                   both.free(after(1));
               }});
    check(both.size_approx() <= capacity, "never above the capacity");
}
const scenario added_early(
    "shared_positions/an_added_slot_may_have_to_be_freed", {}, an_added_slot_may_have_to_be_freed);

// One that comes too early beside the close: its slot is freed before, and it is kept, or it is
// not, and the claim was none. Nobody waits for a consumer that pops no more.
template <int Freed>
void the_close_keeps_what_is_free(execution& here) {
    constexpr std::size_t capacity = 2;
    positions both(capacity);
    std::array<plain<int>, capacity> slots;
    bool kept = false;
    std::uint64_t claimed = 0;
    here.run(thread{"producer 1 and consumer",
                 [&] {
                     const positions::ticket added = both.add();
                     if (added.answer != turn::done) return;
                     slots[added.at % capacity] = 1;
                     ++claimed;
                     const positions::ticket next = both.claim(1);
                     if (next.answer != turn::done) return;
                     slots[next.at % capacity] = 1;
                     ++claimed;
                     if (added.at == first && Freed == 1) both.free(after(1));
                 }},
        thread{"producer 2",
            [&] {
                const positions::ticket mine = both.add();
                if (!settled(both, mine)) return;
                slots[mine.at % capacity] = 2;
                kept = true;
            }},
        thread{"closer", [&] { both.close(); }});
    claimed += kept ? 1 : 0;
    check(both.look().tail == after(claimed), "the end is behind what was kept");
    check(both.size_approx() <= capacity, "never above the capacity");
    check(both.drained() == (both.size_approx() == 0), "drained when all of them were freed");
    both.free(after(claimed));
    check(both.drained(), "drained");
}
const scenario keeps_free(
    "shared_positions/the_close_keeps_what_is_free", {}, the_close_keeps_what_is_free<1>);
const scenario keeps_nothing("shared_positions/the_close_keeps_what_is_free/nobody_frees", {},
    the_close_keeps_what_is_free<0>);

// The adds go round: what was read is written again by a producer that learned of it from another.
void freed_slots_reach_who_adds(execution& here) {
    constexpr std::size_t capacity = 2;
    positions both(capacity);
    check(both.claim(capacity).count == capacity, "an empty ring grants everything");
    std::array<plain<int>, capacity> slots;
    const auto add_and_write = [&] {
        const positions::ticket mine = both.add();
        if (mine.answer == turn::done) slots[mine.at % capacity] = 1;
    };
    here.run(thread{"consumer",
                 [&] {
                     for (const plain<int>& each : slots) check(each == 0, "untouched");
                     both.free(after(capacity));
                 }},
        thread{"producer 1", add_and_write}, thread{"producer 2", add_and_write});
}
const scenario freed_for_adds(
    "shared_positions/freed_slots_reach_who_adds", {}, freed_slots_reach_who_adds);

// An add beside the close is before it and counts, or is behind it and was nothing: the end stays
// where it was.
void what_is_added_behind_the_end_is_nothing(execution& here) {
    positions both(4);
    std::size_t added = 0;
    bool drained_before = false;
    here.run(thread{"closer",
                 [&] {
                     both.close();
                     drained_before = both.drained();
                     both.close();  // changes nothing
                     if (drained_before) check(both.drained(), "for good");
                 }},
        thread{"producer", [&] {
                   for (;;) {
                       const positions::ticket mine = both.add();
                       if (mine.count == 0) {
                           check(mine.answer == turn::over || added == 3, "little room, or closed");
                           break;
                       }
                       check(mine.answer == turn::done && mine.at == after(added), "the next slot");
                       ++added;
                   }
               }});
    check(both.add().answer == turn::over, "refused for ever");
    check(both.look().tail == after(added) && both.size_approx() == added, "what counts");
    check(both.drained() == (added == 0) && drained_before == (added == 0), "not yet freed");
    both.free(after(added));
    check(both.drained() && both.size_approx() == 0, "drained");
}
const scenario added_behind("shared_positions/what_is_added_behind_the_end_is_nothing", {},
    what_is_added_behind_the_end_is_nothing);

}  // namespace
