// SPDX-License-Identifier: MIT
// Goal: a stamp brings its value along, and is never taken for that of another lap.
// Method: one slot, one producer, one consumer; the turns of the slot are handed over by an atomic
//       of the scenario where a ring has its positions.
// Cannot show: who may fill the slot; that is shared_positions' part.
#include "ring/rings.hpp"

#include <lfq/ring/stamped_slot.hpp>

#include <memory>

namespace {

using namespace model;

using slot = lfq::stamped_slot<tracked, env>;
constexpr std::uint64_t first = lfq::position_top_bit - 1;  // the next stamp wraps

void value_comes_with_its_stamp(execution& here) {
    slot one(first - 1);
    here.run(thread{"producer",
                 [&] {
                     std::construct_at(one.place(), 7);
                     one.publish(first);
                 }},
        thread{"consumer", [&] {
                   while (one.look(first) == slot::state::unfinished) env::pause();
                   check(one.look(first) == slot::state::built, "built stays built");
                   check(one.value()->get() == 7, "whole");
                   check(one.look(first + 1) == slot::state::unfinished, "not the next lap's");
                   std::destroy_at(one.value());
               }});
}
const scenario value_comes(
    "stamped_slot/value_comes_with_its_stamp", {}, value_comes_with_its_stamp);

// An abandoned slot may be emptied behind the consumer's back only before the stamp: the next lap's
// producer builds where this one destroyed.
void abandoned_slot_is_free(execution& here) {
    slot one(first - 1);
    atomic<int> freed{0};
    here.run(thread{"first producer",
                 [&] {
                     std::destroy_at(std::construct_at(one.place(), 7));
                     one.abandon(first);
                 }},
        thread{"consumer",
            [&] {
                while (one.look(first) == slot::state::unfinished) env::pause();
                check(one.look(first) == slot::state::skipped, "skipped");
                freed.store(1, std::memory_order_release);
            }},
        thread{"second producer", [&] {
                   while (freed.load(std::memory_order_acquire) == 0) env::pause();
                   std::construct_at(one.place(), 8);
                   one.publish(lfq::wrapped_position(first + 1));
               }});
    check(one.look(lfq::wrapped_position(first + 1)) == slot::state::built, "the second lap");
    check(one.value()->get() == 8, "its value");
    std::destroy_at(one.value());
}
const scenario abandoned("stamped_slot/abandoned_slot_is_free", {}, abandoned_slot_is_free);

}  // namespace
