// SPDX-License-Identifier: MIT
// Goal: what has expired never comes to life again, whoever swept it, whoever flipped, however late
//       a word was written.
// Method: the same table; a word is swept once before its stamp comes round again, so that a sweep
//       that somebody misses shows.
// Cannot show: a thread that stands still between two instructions for more than 119 generations.
#include "dedup/tables.hpp"

#include <lfq/dedup/striped_tally.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace {

using namespace model;

constexpr std::uint64_t key = 1;

struct swept_by_another {
    tiny_table table;
    swept_by_another() {
        check(table.offer(key).said == answer::fresh, "new");
        table.turn_to(2);
        check(!table.has(key), "expired, and not swept yet");
    }
};

// In generation 4 its stamp is the present one again.
void expired_stays_expired_for_who_looks(execution& here) {
    swept_by_another it;
    here.run(thread{"sweeper", [&] { it.table.sweep_some(it.table.now()); }},
        thread{"flipper", [&] { it.table.turn_to(4); }},
        thread{"reader", [&] { check(!it.table.has(key), "expired"); }});
}
const scenario for_who_looks(
    "sweeping/expired_stays_expired_for_who_looks", {}, expired_stays_expired_for_who_looks);

void expired_stays_expired_for_who_inserts(execution& here) {
    swept_by_another it;
    here.run(thread{"sweeper", [&] { it.table.sweep_some(it.table.now()); }},
        thread{"flipper", [&] { it.table.turn_to(4); }},
        thread{"inserter", [&] { check(it.table.offer(key).said == answer::fresh, "new"); }});
}
const scenario for_who_inserts(
    "sweeping/expired_stays_expired_for_who_inserts", {}, expired_stays_expired_for_who_inserts);

void expired_stays_expired_for_both_who_flip(execution& here) {
    swept_by_another it;
    const auto flip_and_look = [&] {
        check(it.table.turn_to(4).number() == 4, "as far as that, no further");
        check(!it.table.has(key), "expired");
    };
    here.run(thread{"first", flip_and_look}, thread{"second", flip_and_look});
    check(it.table.now().tag() == 0, "each flip was made once");
}
const scenario for_both_who_flip("sweeping/expired_stays_expired_for_both_who_flip", {},
    expired_stays_expired_for_both_who_flip);

// Who wanted to flip and learns that others are far ahead looks as one of that generation.
void expired_stays_expired_for_who_flips_late(execution& here) {
    tiny_table table;
    table.turn_to(1);
    check(table.offer(key).said == answer::fresh, "new");
    here.run(thread{"ahead",
                 [&] {
                     for (std::uint64_t next = 2; next <= 5; ++next) table.turn_to(next);
                 }},
        thread{"late", [&] {
                   const auto reached = table.turn_to(2);
                   check(!table.holds(key, reached) || reached.number() == 2, "live until 2");
               }});
}
const scenario for_who_flips_late("sweeping/expired_stays_expired_for_who_flips_late", {},
    expired_stays_expired_for_who_flips_late);

// The word is written beside the flips, with the stamp of a generation that may be over by then; or
// gets another stamp, which may be over, too.
template <std::uint64_t Last>
void a_late_word_does_not_come_to_life_again(execution& here) {
    tiny_table table;
    tiny_table::outcome late{};
    here.run(thread{"late", [&] { late = table.offer(key); }},
        thread{"flipper", [&] {
                   for (std::uint64_t next = 1; next <= Last; ++next) table.turn_to(next);
               }});
    check(late.said == answer::fresh, "new");
    for (std::uint64_t now = Last; now < Last + 4; ++now) {
        table.turn_to(now);
        check(table.has(key) == (now < late.ended + 2), "live for its generation and the next");
    }
}
const scenario late_word("sweeping/a_late_word_does_not_come_to_life_again", {},
    a_late_word_does_not_come_to_life_again<3>);
const scenario later_word("sweeping/a_late_word_does_not_come_to_life_again/more_flips", {},
    a_late_word_does_not_come_to_life_again<5>);

// A jump over more generations than are live makes everything expire, and counts few flips.
void a_jump_forgets_everything(execution& here) {
    tiny_table table;
    check(table.offer(key).said == answer::fresh, "new");
    here.run(thread{"first", [&] { check(table.turn_to(1000).number() >= 1000, "reached"); }},
        thread{"second", [&] { check(table.turn_to(1001).number() == 1001, "reached"); }});
    check(table.now().number() == 1001, "the later of the two");
    check(!table.has(key), "expired");
}
const scenario jump("sweeping/a_jump_forgets_everything", {}, a_jump_forgets_everything);

void counts_are_exact_behind_everything(execution& here) {
    lfq::dedup::striped_tally<env, 1> counts(2);
    std::array<std::uint64_t, 2> heard{};
    here.run(thread{"first",
                 [&] {
                     heard[0] = counts.add({1, 1, 0}).announced;
                 }},
        thread{"second", [&] {
                   heard[1] = counts.add({1, 0, 1}).announced;
               }});
    const lfq::dedup::tally all = counts.sum();
    check(all.fresh == 2 && all.seen == 1 && all.full == 1, "all that was counted");
    check(heard[0] + heard[1] == 2, "a chunk is announced by who completes it");
}
const scenario counts(
    "sweeping/counts_are_exact_behind_everything", {}, counts_are_exact_behind_everything);

}  // namespace
