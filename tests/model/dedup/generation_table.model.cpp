// SPDX-License-Identifier: MIT
// Goal: one word decides each key; what was inserted before is seen, and nothing else; nobody takes
//       a newer word for an expired one.
// Method: a table of one bucket with three words for keys and stamps of two bits; two or three
//       threads insert, and one flips.
// Cannot show: the vector form of the comparison, which is outside of C++'s memory model.
#include "dedup/tables.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace {

using namespace model;

constexpr std::uint64_t key = 1;
constexpr std::uint64_t other = 2;
constexpr std::uint64_t third = 3;

int fresh_among(const tiny_table::outcome& one, const tiny_table::outcome& two) {
    return (one.said == answer::fresh ? 1 : 0) + (two.said == answer::fresh ? 1 : 0);
}

void exactly_one_is_fresh(execution& here) {
    tiny_table table;
    std::array<tiny_table::outcome, 2> both{};
    here.run(thread{"first", [&] { both[0] = table.offer(key); }},
        thread{"second", [&] { both[1] = table.offer(key); }},
        thread{"another", [&] { check(table.offer(other).said == answer::fresh, "new to all"); }});
    check(fresh_among(both[0], both[1]) == 1, "one is fresh, the other seen");
    check(table.has(key) && table.has(other) && !table.has(third), "what was inserted, no more");
    check(table.live_approx() == 2, "each in one word");
}
const scenario exactly_one("generation_table/exactly_one_is_fresh", {}, exactly_one_is_fresh);

// The first line is full, and word after word goes to the second.
void exactly_one_is_fresh_in_the_second_line(execution& here) {
    tiny_table table;
    check(table.offer(other).said == answer::fresh, "the first line");
    std::array<tiny_table::outcome, 2> both{};
    here.run(thread{"first", [&] { both[0] = table.offer(key); }},
        thread{"second", [&] { both[1] = table.offer(key); }});
    check(fresh_among(both[0], both[1]) == 1, "one is fresh, the other seen");
    check(table.offer(third).said == answer::fresh, "the last word");
    check(table.offer(4).said == answer::full && !table.has(4), "full keeps nothing");
    check(table.offer(key).said == answer::seen, "full or not");
}
const scenario exactly_one_in_the_second_line(
    "generation_table/exactly_one_is_fresh_in_the_second_line", {},
    exactly_one_is_fresh_in_the_second_line);

// Somebody else's word expires meanwhile, is swept, and its place used again.
void a_flip_beside_may_make_two_fresh_but_never_none(execution& here) {
    tiny_table table;
    check(table.offer(other).said == answer::fresh, "will expire");
    table.turn_to(1);
    std::array<tiny_table::outcome, 2> both{};
    here.run(thread{"first", [&] { both[0] = table.offer(key); }},
        thread{"second", [&] { both[1] = table.offer(key); }},
        thread{"flipper", [&] { table.turn_to(2); }});
    const int fresh = fresh_among(both[0], both[1]);
    check(fresh >= 1, "it is delivered");
    const bool in_one_generation = both[0].began == both[1].began &&
        both[0].ended == both[1].ended && both[0].began == both[0].ended;
    check(!in_one_generation || fresh == 1, "twice only beside a flip");
    check(table.has(key), "inserted in this generation or the one before");
}
const scenario flip_beside("generation_table/a_flip_beside_may_make_two_fresh_but_never_none", {},
    a_flip_beside_may_make_two_fresh_but_never_none);

// One hears "seen" of a word that then expires in its place, while its writer looks on; where the
// writer finds no room any more, it may not say that it kept nothing.
void of_two_one_hears_fresh_though_there_is_no_room_any_more(execution& here) {
    tiny_table table;
    tiny_table::outcome late{};
    tiny_table::outcome early{};
    here.run(thread{"late", [&] { late = table.offer(key); }},
        thread{"early", [&] {
                   early = table.offer(key);
                   table.turn_to(2);
                   for (std::uint64_t more = 10; more < 14; ++more)
                       static_cast<void>(table.offer(more));
               }});
    check(late.said == answer::fresh || early.said == answer::fresh, "it is delivered");
}
const scenario no_room_any_more(
    "generation_table/of_two_one_hears_fresh_though_there_is_no_room_any_more", {},
    of_two_one_hears_fresh_though_there_is_no_room_any_more);

// Behind the insertion, across a flip that frees a word before it.
void what_was_inserted_before_is_seen(execution& here) {
    tiny_table table;
    check(table.offer(other).said == answer::fresh, "will expire");
    table.turn_to(1);
    atomic<int> inserted{0};
    here.run(thread{"first",
                 [&] {
                     check(table.offer(key).said == answer::fresh, "new");
                     inserted.store(1, std::memory_order_release);
                 }},
        thread{"flipper", [&] { table.turn_to(2); }},
        thread{"behind", [&] {
                   while (inserted.load(std::memory_order_acquire) == 0) env::pause();
                   check(table.offer(key).said == answer::seen, "in the window");
               }});
}
const scenario inserted_before(
    "generation_table/what_was_inserted_before_is_seen", {}, what_was_inserted_before_is_seen);

// A slow thread still believes in generation 0. What it reads as expired is of a later one.
void a_newer_word_is_not_replaced(execution& here) {
    tiny_table table;
    tiny_table::outcome slow{};
    here.run(thread{"slow", [&] { slow = table.offer(key); }},
        thread{"ahead", [&] {
                   table.turn_to(2);
                   check(table.offer(other).said == answer::fresh, "new");
                   check(table.offer(other).said == answer::seen, "there");
               }});
    check(table.has(other), "nobody took it for expired");
    check(slow.said == answer::fresh, "new");
    check(table.has(key) == (slow.ended > 0), "live for the generation in which it ended");
}
const scenario newer_word(
    "generation_table/a_newer_word_is_not_replaced", {}, a_newer_word_is_not_replaced);

// The same for the mark that leads to the second line: were it set back, the words there would be
// out of sight when the first line has room again.
void a_newer_mark_is_not_replaced(execution& here) {
    tiny_table table;
    check(table.offer(other).said == answer::fresh, "the first line is full until it expires");
    here.run(thread{"slow", [&] { static_cast<void>(table.offer(third)); }},
        thread{"ahead", [&] {
                   table.turn_to(1);
                   check(table.offer(key).said == answer::fresh, "to the second line");
                   table.turn_to(2);
                   check(table.offer(key).said == answer::seen, "still in sight");
               }});
}
const scenario newer_mark(
    "generation_table/a_newer_mark_is_not_replaced", {}, a_newer_mark_is_not_replaced);

// A word that gets a later stamp needs a later mark.
void a_late_word_of_the_second_line_stays_in_sight(execution& here) {
    tiny_table table;
    check(table.offer(other).said == answer::fresh, "the first line is full until it expires");
    tiny_table::outcome late{};
    here.run(thread{"late", [&] { late = table.offer(key); }},
        thread{"flipper", [&] { table.turn_to(1); }});
    check(late.said == answer::fresh, "new");
    table.turn_to(2);
    check((table.offer(key).said == answer::seen) == (late.ended == 1), "in the window");
}
const scenario late_word_in_sight("generation_table/a_late_word_of_the_second_line_stays_in_sight",
    {}, a_late_word_of_the_second_line_stays_in_sight);

// A slow sweeper, too.
void a_newer_word_is_not_swept(execution& here) {
    tiny_table table;
    here.run(thread{"slow", [&] { table.sweep_some(table.now()); }},
        thread{"ahead", [&] {
                   table.turn_to(2);
                   check(table.offer(key).said == answer::fresh, "new");
                   check(table.offer(key).said == answer::seen, "there");
               }});
    check(table.has(key), "nobody took it for expired");
}
const scenario newer_word_swept(
    "generation_table/a_newer_word_is_not_swept", {}, a_newer_word_is_not_swept);

}  // namespace
