// SPDX-License-Identifier: MIT
#include "execution.hpp"

#include <algorithm>

namespace model {

namespace {

constexpr search::thread_mask bit(int thread) { return search::thread_mask{1} << thread; }

constexpr bool is_plain_load(const operation& one) {
    return one.what == operation::kind::load && !is_total(one.order);
}

}  // namespace

bool execution::is_private(int at) noexcept {
    const std::uint64_t mask = std::uint64_t{1} << at;
    if ((shared_ & mask) != 0) return false;
    std::int8_t& toucher = toucher_[index(at)];
    if (toucher < 0) toucher = static_cast<std::int8_t>(self_);
    if (toucher == self_) return true;
    shared_ |= mask;
    restart_ = true;
    return false;
}

void execution::too_many_operations() {
    end_with(verdict::limit,
        "more than " + std::to_string(operations_max) +
            " operations in one execution: a loop that does not call Env::pause() or looks by "
            "something else than atomics, or a scenario too large");
}

void execution::point(operation::kind what, int at, std::memory_order order, site where) {
    count_operation();
    if (phase_ != phase::starting && phase_ != phase::running) return;
    const bool waits = what == operation::kind::await;
    if (at >= 0 && is_private(at) && !waits) return;
    fiber_of_thread& me = mine();
    me.next = {what, at, order, where};
    if (phase_ == phase::starting) {
        switch_from(me.at, home_);
    } else {
        if (++steps_ > search_.how().steps)
            end_with(verdict::limit,
                "more than " + std::to_string(search_.how().steps) +
                    " steps in one execution: a loop that does not call Env::pause(), or a "
                    "scenario "
                    "too large (options::steps)");
        const int next = pick();
        if (next <= 0) leave(next);
        if (next != self_) go_on(next);
    }
    if (me.mortal && died_ < search_.how().deaths && search_.value(2) == 1) {
        ++died_;
        me.dead = me.done = true;
        events_.push_back({self_, -1, order, where, "dies", 0, false});
        leave(pick());
    }
}

bool execution::able(int thread) const noexcept {
    const fiber_of_thread& one = threads_[index(thread)];
    if (one.done) return false;
    switch (one.next.what) {
        case operation::kind::sleep: return one.woken;
        case operation::kind::await:
            return memory_.get(one.next.at, memory_.newest(one.next.at)).value != 0;
        case operation::kind::pause:
            for (int at = 0; at < memory_.locations(); ++at) {
                if ((one.looked >> at & 1) != 0 && memory_.has_news(at, one.last_read[index(at)]))
                    return true;
            }
            return false;
        default: return true;
    }
}

int execution::pick() {
    std::array<std::int8_t, threads_max> threads{};
    int count = 0;
    const auto add = [&](int thread) {
        threads[index(count++)] = static_cast<std::int8_t>(thread);
    };
    const bool mine_first = self_ != 0 && able(self_);
    if (mine_first) add(self_);
    bool lives = false;
    for (int i = 1; i < count_; ++i) {
        lives = lives || !threads_[index(i)].done;
        if (i != self_ && able(i)) add(i);
    }
    if (!lives) return 0;
    bool nobody = false;  // could go on
    bool by_time = false;
    if (count == 0) {
        for (int i = 1; i < count_; ++i) {
            const fiber_of_thread& one = threads_[index(i)];
            if (!one.done && one.next.what == operation::kind::pause &&
                one.changed_what_it_looked_at)
                add(i);
        }
        by_time = count == 0;
        for (int i = 1; by_time && i < count_; ++i) {
            const fiber_of_thread& one = threads_[index(i)];
            if (!one.done && (one.timed || one.asked_the_time)) add(i);
        }
        if (count == 0) {
            failure_ = {verdict::stuck, everybody_waits()};
            return -1;
        }
        nobody = true;
        asleep_ = {};
    }
    int next = 0;
    switch (search_.how().how) {
        case options::mode::exhaustive:
            if (mine_first && search_.how().preemptions >= 0 &&
                preempted_ >= search_.how().preemptions)
                count = 1;
            next = pick_by_tree(threads, count, nobody);
            break;
        case options::mode::random: next = threads[index(search_.below(count))]; break;
        case options::mode::pct: next = pick_by_dice(threads, count); break;
        case options::mode::replay:
            next = search_.replayed_thread();
            if (std::find(threads.begin(), threads.begin() + count, next) ==
                threads.begin() + count) {
                search_.misfit();
                return -1;
            }
            break;
    }
    if (next <= 0) return next;
    search_.took_thread(next);
    if (mine_first && next != self_) ++preempted_;
    threads_[index(next)].goes_round_again = nobody;
    if (by_time) {
        ++time_had_to_pass_;
        threads_[index(next)].now_ns += long_ns;
    }
    return next;
}

int execution::pick_by_tree(
    const std::array<std::int8_t, threads_max>& able_ones, int count, bool nobody) {
    const auto offered_all = [&](int thread) {
        const operation& next = threads_[index(thread)].next;
        return !is_plain_load(next) || memory_.stores_at(next.at) <= asleep_.offered[index(thread)];
    };
    std::array<std::int8_t, threads_max> threads = able_ones;
    if (search_.at_end() && search_.reduces()) {
        int kept = 0;
        for (int i = 0; i < count; ++i) {
            const std::int8_t one = able_ones[index(i)];
            if ((asleep_.who & bit(one)) == 0 || !offered_all(one)) threads[index(kept++)] = one;
        }
        if (kept == 0) {
            dropped_ = true;
            return -1;
        }
        count = kept;
    }
    const search::decision& node = search_.node(threads, count, asleep_);
    const int next = node.threads[node.chosen];
    if (!search_.reduces()) return next;

    asleep_ = node.before;
    threads_[index(next)].already_offered = 0;
    // Where nobody could go on, each branch is another thread's round, or time that passes for
    // another thread: nothing that the later branches would repeat.
    if (nobody) return next;
    for (int i = 0; i < node.chosen; ++i) {
        const int one = node.threads[index(i)];
        asleep_.who |= bit(one);
        const operation& its = threads_[index(one)].next;
        if (is_plain_load(its))
            asleep_.offered[index(one)] = static_cast<store_id>(memory_.stores_at(its.at));
    }
    if ((asleep_.who & bit(next)) != 0)
        threads_[index(next)].already_offered = asleep_.offered[index(next)];
    asleep_.who &= ~bit(next);
    for (int i = 1; i < count_; ++i) {
        if ((asleep_.who & bit(i)) != 0 && depend(i, next)) asleep_.who &= ~bit(i);
    }
    return next;
}

// Whether what `asleep` is about to do comes out differently, or lets `executed` come out
// differently, when it is done after it.
bool execution::depend(int asleep, int executed) const noexcept {
    using kind = operation::kind;
    const operation& a = threads_[index(asleep)].next;
    const operation& b = threads_[index(executed)].next;
    const auto local = [](const operation& one) {
        return one.what == kind::pause || one.what == kind::sleep;
    };
    if (local(a) || local(b)) return false;
    if (a.what == kind::fence || b.what == kind::fence)
        return is_total(a.order) && is_total(b.order);
    if (a.at != b.at) return false;
    if (a.what == kind::load && b.what == kind::load) return is_total(a.order) && is_total(b.order);
    if (is_plain_load(a)) return false;  // goes on as soon as it is offered something new
    return !is_plain_load(b);  // which may return the old
}

int execution::pick_by_dice(const std::array<std::int8_t, threads_max>& able_ones, int count) {
    for (const int when : change_at_) {
        if (when == steps_ && self_ != 0) priority_[index(self_)] = --lowest_;
    }
    if (self_ != 0 && mine().next.what == operation::kind::pause)
        priority_[index(self_)] = --lowest_;
    int next = able_ones[0];
    for (int i = 1; i < count; ++i) {
        if (priority_[index(able_ones[index(i)])] > priority_[index(next)])
            next = able_ones[index(i)];
    }
    return next;
}

std::string execution::everybody_waits() const {
    std::string text = "every thread waits:";
    for (int i = 1; i < count_; ++i) {
        const fiber_of_thread& one = threads_[index(i)];
        if (one.done) continue;
        text += std::string(" ") + one.name;
        text += one.next.what == operation::kind::pause ? " pauses until something changes;"
                                                        : " sleeps and nobody will wake it;";
    }
    text.pop_back();
    return text;
}

}  // namespace model
