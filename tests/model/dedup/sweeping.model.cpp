// SPDX-License-Identifier: MIT
// Goal: what has expired never comes to life again, whoever swept it, whoever flipped, however late
//       a word was written.
// Method: the same table; a word is swept once before its stamp comes round again, so that a sweep
//       that somebody misses shows.
// Cannot show: a thread that stands still between two instructions until a stamp comes round again
//       (docs/design/decisions/0016_one_word_decides.md).
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
        table.step_to(5);
        check(!table.has(key), "expired, and not swept yet");
    }
};

// In generation 8 its stamp is the present one again.
void flip_around(tiny_table& table) {
    table.turn_to(7);
    table.turn_to(8);
}

void expired_stays_expired_for_who_looks(execution& here) {
    swept_by_another it;
    here.run(thread{"sweeper", [&] { it.table.sweep_some(it.table.now()); }},
        thread{"flipper", [&] { flip_around(it.table); }},
        thread{"reader", [&] { check(!it.table.has(key), "expired"); }});
}
const scenario for_who_looks(
    "sweeping/expired_stays_expired_for_who_looks", {}, expired_stays_expired_for_who_looks);

void expired_stays_expired_for_who_inserts(execution& here) {
    swept_by_another it;
    here.run(thread{"sweeper", [&] { it.table.sweep_some(it.table.now()); }},
        thread{"flipper", [&] { flip_around(it.table); }},
        thread{"inserter", [&] { check(it.table.offer(key).said == answer::fresh, "new"); }});
}
const scenario for_who_inserts(
    "sweeping/expired_stays_expired_for_who_inserts", {}, expired_stays_expired_for_who_inserts);

void expired_stays_expired_for_both_who_flip(execution& here) {
    swept_by_another it;
    here.run(thread{"first",
                 [&] {
                     flip_around(it.table);
                     check(!it.table.has(key), "expired");
                 }},
        thread{"second", [&] {
                   check(it.table.turn_to(7).number() >= 7, "as far as that");
                   check(!it.table.has(key), "expired");
               }});
    check(it.table.now().number() == 8 && it.table.now().tag() == 0, "each flip was made once");
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
                     for (std::uint64_t next = 3; next <= 9; next += 2) table.turn_to(next);
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
template <std::uint64_t First, std::uint64_t Last>
void a_late_word_does_not_come_to_life_again(execution& here) {
    tiny_table table;
    table.step_to(First);
    tiny_table::outcome late{};
    here.run(thread{"late", [&] { late = table.offer(key); }},
        thread{"flipper", [&] { table.step_to(Last); }});
    check(late.said == answer::fresh, "new");
    for (std::uint64_t now = Last; now < Last + 8; ++now) {
        table.turn_to(now);
        check(table.has(key) == (now < late.ended + 2), "live for its generation and the next");
    }
}
const scenario late_word("sweeping/a_late_word_does_not_come_to_life_again", {},
    a_late_word_does_not_come_to_life_again<2, 6>);
const scenario later_word("sweeping/a_late_word_does_not_come_to_life_again/more_flips", {},
    a_late_word_does_not_come_to_life_again<1, 6>);

// The mark of the second line is a word, too: one that nobody had swept would be taken for that of
// the next generation, and set back by who is about to replace it.
void a_late_mark_forgets_no_key(execution& here) {
    tiny_table table;
    table.step_to(1);
    for (const std::uint64_t each : {2U, 3U})
        check(table.offer(each).said == answer::fresh, "one to each line");
    table.step_to(8);
    check(table.offer(4).said == answer::fresh, "the first line");
    tiny_table::outcome ahead{};
    here.run(thread{"late", [&] { static_cast<void>(table.offer(key)); }},
        thread{"ahead", [&] {
                   table.turn_to(9);
                   ahead = table.offer(key);
               }});
    check(table.has(key), "in the second line");
    table.turn_to(10);
    if (ahead.said == answer::fresh) check(table.has(key), "live for 9 and the next");
}
const scenario late_mark("sweeping/a_late_mark_forgets_no_key", {}, a_late_mark_forgets_no_key);

// A jump over more generations than are live makes everything expire.
void a_jump_forgets_everything(execution& here) {
    tiny_table table;
    check(table.offer(key).said == answer::fresh, "new");
    here.run(thread{"first", [&] { check(table.turn_to(1000).number() >= 1000, "reached"); }},
        thread{"second", [&] { check(table.turn_to(1001).number() == 1001, "reached"); }});
    check(table.now().number() == 1001, "the later of the two");
    check(!table.has(key), "expired");
}
const scenario jump("sweeping/a_jump_forgets_everything", {}, a_jump_forgets_everything);

// Also for one whose time is on the way that somebody else jumps.
void half_a_jump_is_not_seen(execution& here) {
    tiny_table table;
    check(table.offer(key).said == answer::fresh, "new");
    here.run(thread{"far", [&] { table.turn_to(1000); }},
        thread{"near", [&] {
                   const auto reached = table.turn_to(500);
                   check(reached.number() == 500 || reached.number() == 1000, "one or the other");
                   check(!table.holds(key, reached), "expired");
               }});
}
const scenario half_a_jump("sweeping/half_a_jump_is_not_seen", {}, half_a_jump_is_not_seen);

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
