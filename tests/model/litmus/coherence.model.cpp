// SPDX-License-Identifier: MIT
// Goal: every location has one modification order, which all threads keep to, and which a
//       read-modify-write never lets anybody into.
// Method: tables; every row by the whole tree, by the tree without reduction, and by dice; where
//         stores may stand before older ones, too.
// Cannot show: programs of another shape than these.
#include "tables.hpp"

namespace {

using namespace litmus;

void read_twice(cells& at) {
    at.r[0] = at.x.load(relaxed);
    at.r[1] = at.x.load(relaxed);
}
template <int Value>
void write_x(cells& at) {
    at.x.store(Value, relaxed);
}

}  // namespace

TEST_CASE("one_location_never_goes_back") {
    const std::vector<row> rows = {
        {"CoRR",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.x.store(2, relaxed);
             },
                read_twice},
            "r0=2 r1=1", forbidden},
        {"CoRR, in order",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.x.store(2, relaxed);
             },
                read_twice},
            "r0=1 r1=2", allowed},
        {"CoRR, two readers",
            {write_x<1>, write_x<2>, read_twice,
                [](cells& at) {
                    at.r[2] = at.x.load(relaxed);
                    at.r[3] = at.x.load(relaxed);
                }},
            "r0=1 r1=2 r2=2 r3=1", forbidden},
        {"CoWR: its own store or a later one",
            {write_x<1>,
                [](cells& at) {
                    at.x.store(2, relaxed);
                    at.r[0] = at.x.load(relaxed);
                }},
            "r0=0", forbidden},
        {"CoWR: what overwrote it",
            {write_x<1>,
                [](cells& at) {
                    at.x.store(2, relaxed);
                    at.r[0] = at.x.load(relaxed);
                }},
            "r0=1 x=2", forbidden},
    };
    hold(rows);
    hold(rows, with_reordered_stores());
}

TEST_CASE("a_store_stands_behind_what_its_thread_knows") {
    const std::vector<row> rows = {
        {"CoRW1: no load of its own future",
            {[](cells& at) {
                 at.r[0] = at.x.load(relaxed);
                 at.x.store(1, relaxed);
             },
                write_x<2>},
            "r0=1", forbidden},
        {"CoRW: what was read stands before what is written",
            {[](cells& at) {
                 at.r[0] = at.x.load(relaxed);
                 at.x.store(1, relaxed);
             },
                write_x<2>},
            "r0=2 x=2", forbidden},
        {"CoWW",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.x.store(2, relaxed);
             },
                [](cells& at) { at.r[0] = at.x.load(relaxed); }},
            "x=1", forbidden},
        {"CoRR across threads, by happens-before",
            {write_x<1>,
                [](cells& at) {
                    at.r[0] = at.x.load(relaxed);
                    at.y.store(1, release);
                },
                [](cells& at) {
                    at.r[1] = at.y.load(acquire);
                    at.r[2] = at.x.load(relaxed);
                }},
            "r0=1 r1=1 r2=0", forbidden},
        {"CoWW across threads, by happens-before",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, release);
             },
                [](cells& at) {
                    at.r[0] = at.y.load(acquire);
                    at.x.store(2, relaxed);
                }},
            "r0=1 x=1", forbidden},
    };
    hold(rows);
    hold(rows, with_reordered_stores());
}

TEST_CASE("nothing_comes_between_the_halves_of_a_read_modify_write") {
    const std::vector<row> rows = {
        {"two additions see each other",
            {[](cells& at) { at.r[0] = at.x.fetch_add(1, relaxed); },
                [](cells& at) { at.r[1] = at.x.fetch_add(1, relaxed); }},
            "r0=0 r1=0", forbidden},
        {"no count is lost",
            {[](cells& at) {
                 (void)at.x.fetch_add(1, relaxed);
                 (void)at.x.fetch_add(1, relaxed);
             },
                [](cells& at) { (void)at.x.fetch_sub(4, relaxed); },
                [](cells& at) { (void)at.x.fetch_add(8, relaxed); }},
            "x=6", allowed},
        {"not one of them",
            {[](cells& at) { (void)at.x.fetch_add(1, relaxed); },
                [](cells& at) { (void)at.x.fetch_add(2, relaxed); }},
            "x=2", forbidden},
        {"a count by load and store is",
            {[](cells& at) { at.x.store(at.x.load(relaxed) + 1, relaxed); },
                [](cells& at) { at.x.store(at.x.load(relaxed) + 1, relaxed); }},
            "x=1", allowed},
        {"bits are kept",
            {[](cells& at) { (void)at.x.fetch_or(1, relaxed); },
                [](cells& at) { (void)at.x.fetch_or(2, relaxed); },
                [](cells& at) { (void)at.x.fetch_and(~4, relaxed); }},
            "x=3", allowed},
        {"one of two compare-exchanges wins",
            {[](cells& at) {
                 int zero = 0;
                 at.r[0] = at.x.compare_exchange_strong(zero, 1, relaxed, relaxed) ? 1 : 0;
             },
                [](cells& at) {
                    int zero = 0;
                    at.r[1] = at.x.compare_exchange_strong(zero, 2, relaxed, relaxed) ? 1 : 0;
                }},
            "r0=1 r1=1", forbidden},
        {"one of two must win",
            {[](cells& at) {
                 int zero = 0;
                 at.r[0] = at.x.compare_exchange_strong(zero, 1, relaxed, relaxed) ? 1 : 0;
             },
                [](cells& at) {
                    int zero = 0;
                    at.r[1] = at.x.compare_exchange_strong(zero, 2, relaxed, relaxed) ? 1 : 0;
                }},
            "r0=0 r1=0", forbidden},
        {"an exchange reads what stands right before it",
            {write_x<1>, [](cells& at) { at.r[0] = at.x.exchange(2, relaxed); }}, "r0=0 x=1",
            allowed},
        {"and nothing older", {write_x<1>, [](cells& at) { at.r[0] = at.x.exchange(2, relaxed); }},
            "r0=0 x=2", forbidden},
    };
    hold(rows, with_reordered_stores());
}

TEST_CASE("a_compare_exchange_may_fail_on_an_old_value") {
    const std::vector<row> rows = {
        {"it fails although the newest would do",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, relaxed);
             },
                [](cells& at) {
                    at.r[0] = at.y.load(relaxed);
                    int one = 1;
                    at.r[1] = at.x.compare_exchange_strong(one, 2, relaxed, relaxed) ? 1 : 0;
                    at.r[2] = one;
                }},
            "r0=1 r1=0 r2=0", allowed},
        {"not where the store happened before",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, release);
             },
                [](cells& at) {
                    at.r[0] = at.y.load(acquire);
                    int one = 1;
                    at.r[1] = at.x.compare_exchange_strong(one, 2, relaxed, relaxed) ? 1 : 0;
                }},
            "r0=1 r1=0", forbidden},
    };
    hold(rows);
    hold(rows, with_reordered_stores());
}

TEST_CASE("a_failed_compare_exchange_is_a_load") {
    const std::vector<row> rows = {
        {"a failed one does not release",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 int never = 7;
                 (void)at.y.compare_exchange_strong(never, 8, acq_rel, relaxed);
                 at.z.store(1, relaxed);
             },
                [](cells& at) {
                    at.r[0] = at.z.load(relaxed);
                    at.r[1] = at.y.load(acquire);
                    at.r[2] = at.x.load(relaxed);
                }},
            "r0=1 r2=0", allowed},
        {"a failed one acquires as its second order says",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, release);
             },
                [](cells& at) {
                    int never = 7;
                    (void)at.y.compare_exchange_strong(never, 8, relaxed, acquire);
                    at.r[0] = never;
                    at.r[1] = at.x.load(relaxed);
                }},
            "r0=1 r1=0", forbidden},
        {"and not as its first",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, release);
             },
                [](cells& at) {
                    int never = 7;
                    (void)at.y.compare_exchange_strong(never, 8, acquire, relaxed);
                    at.r[0] = never;
                    at.r[1] = at.x.load(relaxed);
                }},
            "r0=1 r1=0", allowed},
        {"the strong form never fails on what was expected",
            {write_x<1>,
                [](cells& at) {
                    int zero = 0;
                    at.r[0] = at.x.compare_exchange_strong(zero, 2, relaxed, relaxed) ? 1 : 0;
                    at.r[1] = zero;
                }},
            "r0=0 r1=0", forbidden},
    };
    hold(rows);
    hold(rows, with_reordered_stores());
}

TEST_CASE("a_weak_compare_exchange_may_fail_on_what_was_expected") {
    model::options once;
    once.spurious = 1;
    const body weak = [](cells& at) {
        at.r[2] = at.y.load(relaxed);
        int zero = 0;
        at.r[0] = at.x.compare_exchange_weak(zero, 2, relaxed, relaxed) ? 1 : 0;
        at.r[1] = zero;
    };
    const body twice = [](cells& at) {
        int zero = 0;
        at.r[0] = at.x.compare_exchange_weak(zero, 2, relaxed, relaxed) ? 1 : 0;
        at.r[1] = at.x.compare_exchange_weak(zero, 2, relaxed, relaxed) ? 1 : 0;
    };
    const body both = [](cells& at) {
        at.x.store(1, relaxed);
        at.y.store(1, relaxed);
    };
    const body idle = [](cells& at) { at.z.store(1, relaxed); };
    hold({{"it may", {weak, both}, "r0=0 r1=0", allowed},
             {"on an old value too", {weak, both}, "r0=0 r1=0 r2=1", allowed},
             {"as often as options::spurious says", {twice, idle}, "r0=0 r1=0", forbidden},
             {"or not at all", {twice, idle}, "r0=1 r1=0", allowed}},
        once);
    hold({{"never, if options::spurious is 0", {weak, both}, "r0=0 r1=0", forbidden}});
}
