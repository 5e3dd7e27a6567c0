// SPDX-License-Identifier: MIT
#include "execution.hpp"

#include <utility>

namespace model {

void execution::pause(site where) {
    if (!watches()) return;
    if (self_ == 0) end_with(verdict::stuck, "thread 0 pauses, and nobody else runs");
    fiber_of_thread& me = mine();
    if (me.looked == 0) {
        count_operation();
        if (me.asked_the_time) me.now_ns += long_ns;  // a loop that only waits for the clock
        me.asked_the_time = false;
        return;
    }
    if (!me.did_something && !me.read_something_new) {
        dropped_ = true;
        leave(0);
    }
    point(operation::kind::pause, -1, std::memory_order_relaxed, where);
    me.looked_before = me.looked;
    me.read_before = me.last_read;
    me.looked = 0;
    me.read_something_new = false;
    me.did_something = std::exchange(me.goes_round_again, false);
    me.asked_the_time = false;
    me.changed_what_it_looked_at = false;
}

std::int64_t execution::now_ns() {
    if (!watches() || self_ == 0) return 0;
    count_operation();
    fiber_of_thread& me = mine();
    me.asked_the_time = true;
    if (phase_ == phase::running) static_cast<void>(time_passes_early());
    return me.now_ns;
}

// While others could still go on.
bool execution::time_passes_early() {
    fiber_of_thread& me = mine();
    if (me.timeouts_left == 0 || search_.value(2) == 0) return false;
    --me.timeouts_left;
    me.now_ns += long_ns;
    me.did_something = true;
    return true;
}

// While others could still go on. It is had as a sleep that did not begin: nobody can tell.
bool execution::sleep_ends_early(int at, bool timed, site where) {
    fiber_of_thread& me = mine();
    const char* why = "sleeps too long";
    if (me.spurious_left > 0 && search_.value(2) == 1) {
        --me.spurious_left;
        me.did_something = true;
        why = "wakes by itself";
    } else if (!timed || !time_passes_early()) {
        return false;
    }
    events_.push_back({self_, at, std::memory_order_relaxed, where, why, 0, false});
    return true;
}

void execution::futex_wait(int at, std::uint64_t expected, bool timed, site where) {
    if (!watches()) return;
    point(operation::kind::exchange, at, std::memory_order_relaxed, where);
    check_reachable(at, where);
    memory::candidates all;
    memory_.readable(self_, at, std::memory_order_relaxed, all);
    memory::candidates found;
    const store_id least = memory_.get(at, futex_seen_[index(at)]).rank;
    for (int i = 0; i < all.count; ++i) {
        if (memory_.get(at, all.id[index(i)]).rank >= least) found.add(all.id[index(i)]);
    }
    const store_id chosen = choose(found);
    memory_.raise(self_, at, chosen);
    const std::uint64_t value = memory_.get(at, chosen).value;
    const bool sleeps = value == expected;
    events_.push_back({self_, at, std::memory_order_relaxed, where,
        sleeps ? "futex sleeps" : "futex does not sleep", value, false});
    fiber_of_thread& me = mine();
    if (!sleeps) return;
    me.asked_the_time = false;
    if (sleep_ends_early(at, timed, where)) return;
    sleeps_on_[index(self_)] = at;
    me.woken = false;
    me.timed = timed;
    point(operation::kind::sleep, -1, std::memory_order_relaxed, where);
    me.timed = false;
    sleeps_on_[index(self_)] = -1;
    me.did_something = true;
    me.goes_round_again = false;
}

void execution::futex_wake(int at, site where) {
    if (!watches()) return;
    point(operation::kind::exchange, at, std::memory_order_relaxed, where);
    const store_id seen = memory_.of(self_).now.seen[index(at)];
    if (memory_.get(at, futex_seen_[index(at)]).rank < memory_.get(at, seen).rank)
        futex_seen_[index(at)] = seen;
    std::uint64_t woken = 0;
    for (int i = 1; i < count_; ++i) {
        if (sleeps_on_[index(i)] != at) continue;
        threads_[index(i)].woken = true;
        ++woken;
    }
    events_.push_back({self_, at, std::memory_order_relaxed, where, "futex wakes", woken, false});
}

void execution::event_ring(int at, site where) {
    if (!watches()) return;
    point(operation::kind::exchange, at, std::memory_order_relaxed, where);
    ++memory_.latest(at);
    events_.push_back({self_, at, std::memory_order_relaxed, where, "eventfd rings", 0, false});
}

bool execution::event_clear(int at, site where) {
    if (!watches()) return false;
    point(operation::kind::exchange, at, std::memory_order_relaxed, where);
    const bool rang = std::exchange(memory_.latest(at), 0) != 0;
    events_.push_back(
        {self_, at, std::memory_order_relaxed, where, "eventfd cleared", rang, false});
    return rang;
}

void execution::event_wait(int at, bool timed, site where) {
    if (!watches()) return;
    fiber_of_thread& me = mine();
    me.asked_the_time = false;
    if (sleep_ends_early(at, timed, where)) return;
    me.timed = timed;
    point(operation::kind::await, at, std::memory_order_relaxed, where);
    me.timed = false;
    me.did_something = true;
    me.goes_round_again = false;
    events_.push_back({self_, at, std::memory_order_relaxed, where, "eventfd woke", 0, false});
}

}  // namespace model
