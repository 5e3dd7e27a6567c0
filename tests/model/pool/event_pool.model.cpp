// SPDX-License-Identifier: MIT
// Goal: an object has one user at a time, who sees what the one before did, whichever way it came
//       back; none is lost, and what one thread has finished with another can take.
// Method: the smallest pools, exhaustively or with few preemptions; objects are watched, and at the
//       end a new cache must get each of them once. Balances and tags wrap on the way.
// Cannot show: std::shared_ptr, which counts by itself; large magazines.
#include "pool/pools.hpp"

namespace {

using namespace model;

constexpr lfq::pool_limits two_objects{.capacity = 2, .cache_capacity = 2, .caches_max = 2};
constexpr lfq::pool_limits four_objects{.capacity = 4, .cache_capacity = 4, .caches_max = 2};

// Takes one, uses it, and gives it back as `give` says.
template <class Give>
auto takes(pool& all, int number, Give give) {
    return [&all, number, give] {
        auto mine = all.cache();
        check(mine.has_value(), "as many caches as threads");
        if (handle one = mine->take()) {
            use(one, number);
            give(*mine, std::move(one));
        }
    };
}
constexpr auto to_cache = [](cache& mine, handle&& one) { mine.give_back(std::move(one)); };
constexpr auto to_list = [](cache&, handle&& one) { one.give_back(); };

template <class First, class Second>
void an_object_has_one_user(First first, Second second) {
    pool all(two_objects);
    execution::here().run(
        thread{"one", takes(all, 1, first)}, thread{"another", takes(all, 2, second)});
    check_all_there(all);
}
const scenario caches("event_pool/an_object_has_one_user/caches", {.preemptions = 2},
    [](execution&) { an_object_has_one_user(to_cache, to_cache); });
const scenario lists("event_pool/an_object_has_one_user/list", {.preemptions = 2},
    [](execution&) { an_object_has_one_user(to_list, to_list); });
const scenario both("event_pool/an_object_has_one_user/both", {.preemptions = 2},
    [](execution&) { an_object_has_one_user(to_cache, to_list); });

// It ends on another thread, and its pool's cache takes it again: nothing but the list brings the
// two together.
void what_ends_elsewhere_is_taken_again(execution& here) {
    pool all({.capacity = 1, .cache_capacity = 0, .caches_max = 1});
    hand over;
    here.run(thread{"taker",
                 [&] {
                     auto mine = all.cache();
                     handle one = mine->take();
                     check(static_cast<bool>(one), "one is there");
                     use(one, 1);
                     over.give(std::move(one));
                     for (int look = 0; look < 2 && !one; ++look) one = mine->take();
                     if (one) use(one, 3);
                 }},
        thread{"user", [&] {
                   handle one = over.take();
                   use(one, 2);
               }});
    check_all_there(all);
}
const scenario elsewhere(
    "event_pool/what_ends_elsewhere_is_taken_again", {}, what_ends_elsewhere_is_taken_again);

// The list is as long as a magazine: who comes next takes it away, and a third one gets that.
void a_long_list_becomes_a_magazine(execution& here) {
    pool all(four_objects);
    auto mine = all.cache();
    std::array<handle, 4> out;
    for (handle& each : out) each = mine->take();
    int got = 0;
    here.run(thread{"one",
                 [&] {
                     use(out[0], 1);
                     out[0].give_back();
                     use(out[1], 1);
                     out[1].give_back();
                 }},
        thread{"another",
            [&] {
                use(out[2], 2);
                out[2].give_back();
            }},
        thread{"taker", [&] {
                   handle one = mine->take();
                   handle two = mine->take();
                   if (one) use(one, 3), ++got;
                   if (two) use(two, 3), ++got;
               }});
    out[3].give_back();
    mine.reset();
    check_all_there(all);
}
const scenario long_list("event_pool/a_long_list_becomes_a_magazine", {.preemptions = 2},
    a_long_list_becomes_a_magazine);

// A cache ends with half a magazine; another thread, which knows that, is refused nothing.
void what_a_cache_held_is_there_for_others(execution& here) {
    pool all(four_objects);
    auto first = all.cache();
    atomic<int> ended{0};
    here.run(thread{"who ends",
                 [&] {
                     handle one = first->take();
                     use(one, 1);
                     handle two = first->take();
                     first->give_back(std::move(one));
                     two.give_back();
                     first.reset();
                     ended.store(1, std::memory_order_release);
                 }},
        thread{"who takes", [&] {
                   auto mine = all.cache();
                   while (ended.load(std::memory_order_acquire) == 0) env::pause();
                   std::array<handle, 4> out;
                   for (handle& each : out) {
                       each = mine->take();
                       check(static_cast<bool>(each), "all four are there");
                       use(each, 2);
                   }
               }});
    check_all_there(all);
}
const scenario held(
    "event_pool/what_a_cache_held_is_there_for_others", {}, what_a_cache_held_is_there_for_others);

// One seat, from thread to thread.
void a_seat_goes_to_the_next_cache(execution& here) {
    pool all({.capacity = 2, .cache_capacity = 2, .caches_max = 1});
    int turns = 0;
    const auto take_a_turn = [&] {
        if (auto mine = all.cache()) {
            ++turns;
            handle one = mine->take();
            check(static_cast<bool>(one), "nobody else has any");
            use(one, 1);
            mine->give_back(std::move(one));
        }
    };
    here.run(thread{"one", take_a_turn}, thread{"another", take_a_turn});
    check(turns >= 1, "one of them got it");
    check_all_there(all);
}
const scenario seat("event_pool/a_seat_goes_to_the_next_cache", {}, a_seat_goes_to_the_next_cache);

// Two magazines full, one object more: full ones go to who has none.
void full_magazines_go_to_who_has_none(execution& here) {
    pool all({.capacity = 4, .cache_capacity = 2, .caches_max = 2});
    auto first = all.cache();
    std::array<handle, 4> out;
    for (handle& each : out) each = first->take();
    here.run(thread{"giver",
                 [&] {
                     for (handle& each : out) {
                         use(each, 1);
                         first->give_back(std::move(each));
                     }
                 }},
        thread{"taker", [&] {
                   auto mine = all.cache();
                   for (int i = 0; i < 2; ++i) {
                       if (handle one = mine->take()) {
                           use(one, 2);
                           mine->give_back(std::move(one));
                       }
                   }
               }});
    first.reset();
    check_all_there(all);
}
const scenario full("event_pool/full_magazines_go_to_who_has_none", {.preemptions = 2},
    full_magazines_go_to_who_has_none);

// What belongs to another home goes there, in one push.
void an_object_goes_to_its_own_home(execution& here) {
    const std::array<lfq::storage::heap, 2> homes{};
    pool all({.capacity = 1, .cache_capacity = 0, .caches_max = 1}, homes);
    hand over;
    here.run(thread{"there",
                 [&] {
                     auto mine = all.cache(0);
                     handle one = mine->take();
                     use(one, 1);
                     over.give(std::move(one));
                     for (int look = 0; look < 2 && !one; ++look) one = mine->take();
                     if (one) use(one, 3);
                     mine->give_back(std::move(one));
                 }},
        thread{"here", [&] {
                   auto mine = all.cache(1);
                   handle one = over.take();
                   use(one, 2);
                   mine->give_back(std::move(one));
               }});
    check_all_there(all, 0);
    check_all_there(all, 1);
}
const scenario own_home(
    "event_pool/an_object_goes_to_its_own_home", {}, an_object_goes_to_its_own_home);

// The last of three shares gives the object back, when the others have finished reading.
void the_last_share_gives_it_back(execution& here) {
    pool all({.capacity = 1, .cache_capacity = 0, .caches_max = 1});
    auto mine = all.cache();
    handle first = mine->take();
    use(first, 1);
    pool::shared_handle one = std::move(first);
    pool::shared_handle two = one;
    const auto read = [](pool::shared_handle& share) {
        check(*share == 1, "as it was shared");
        share.give_back();
    };
    here.run(thread{"reader 1", [&] { read(one); }}, thread{"reader 2", [&] { read(two); }},
        thread{"taker", [&] {
                   if (handle next = mine->take()) use(next, 2);
               }});
    mine.reset();
    check_all_there(all);
}
const scenario last("event_pool/the_last_share_gives_it_back", {}, the_last_share_gives_it_back);

// An observer's numbers can be.
void an_observer_sees_what_can_be(execution& here) {
    pool all(two_objects);
    here.run(thread{"taker", takes(all, 1, to_cache)},
        thread{"observer", [&] {
                   const auto books = all.statistics();
                   check(books.taken <= 1, "taken");
                   check(books.high_water <= 2, "no more than there are");
               }});
    check_all_there(all);
}
const scenario observer(
    "event_pool/an_observer_sees_what_can_be", {}, an_observer_sees_what_can_be);

}  // namespace
