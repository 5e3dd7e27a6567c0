// SPDX-License-Identifier: MIT
#include "execution.hpp"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>

namespace model {

namespace {

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

execution::execution() {
    for (int i = 1; i < threads_max; ++i)
        threads_[index(i)].stack = std::make_unique<fiber>(&run_thread, this);
}

// One search.

void execution::begin(const options& how) {
    search_.begin(how);
    result_ = {};
    failure_ = {};
    restart_ = false;
    shared_ = 0;
    longest_ = 40;
    mutation_met_ = false;
    started_ = seconds_now();
    if (how.how != options::mode::replay) return;
    // <the locations that were known to be shared>.<the decisions>
    const std::size_t dot = how.replay.find('.');
    std::string decisions = dot == std::string::npos ? how.replay : how.replay.substr(dot + 1);
    failure_.text = complaint_about(decisions);
    if (dot == 0 || dot > 16 || how.replay.find_first_not_of("0123456789abcdef") != dot)
        failure_.text = "replay: expected <hexadecimal>.<decisions>, as a failure prints it";
    else
        shared_ = std::stoull(how.replay.substr(0, dot), nullptr, 16);
    if (!failure_.text.empty()) failure_.found = verdict::limit;
    options adapted = how;
    adapted.replay = std::move(decisions);
    search_.begin(adapted);
}

void execution::begin_execution() {
    memory_.begin();
    plain_.begin();
    search_.begin_execution();
    for (fiber_of_thread& one : threads_) {
        one.mortal = one.done = one.dead = one.did_something = one.asked_the_time =
            one.read_something_new = one.changed_what_it_looked_at = false;
        one.looked = one.looked_before = 0;
        one.already_offered = 0;
        one.spurious_left = search_.how().spurious;
        one.timeouts_left = search_.how().timeouts;
        one.now_ns = 0;
        one.timed = one.goes_round_again = false;
    }
    self_ = 0;
    count_ = 1;
    phase_ = phase::before;
    asleep_ = {};
    operations_ = steps_ = preempted_ = died_ = living_ = time_had_to_pass_ = 0;
    dropped_ = false;
    shared_at_begin_ = shared_;
    toucher_.fill(-1);
    sleeps_on_.fill(-1);
    futex_seen_ = {};
    events_.clear();
    if (search_.how().how != options::mode::pct) return;
    lowest_ = 0;
    for (std::int64_t& each : priority_) each = 1 + search_.below(1'000'000);
    for (int i = 0; i < static_cast<int>(change_at_.size()); ++i)
        change_at_[index(i)] = i + 1 < search_.how().depth ? search_.below(longest_) : -1;
}

void execution::end_scenario() {
    if (living_ != 0 && died_ == 0)  // what a dead thread held is held for ever
        fail(verdict::lifetime, std::to_string(living_) + " values were built and never destroyed");
}

bool execution::next_execution() {
    phase_ = phase::over;
    longest_ = std::max(longest_, steps_);
    ++(dropped_ ? result_.dropped : result_.executions);
    if (search_.misfits())
        failure_ = {verdict::limit,
            "replay: decision " + std::to_string(search_.depth()) +
                " does not fit this scenario; was it printed by this build?"};
    if (failure_.found != verdict::passed) {
        result_.why = failure_;
        result_.trace = trace();
        char shared[24];
        std::snprintf(shared, sizeof shared, "%" PRIx64 ".", shared_at_begin_);
        result_.replay = shared + search_.taken();
    }
    result_.seconds = seconds_now() - started_;
    if (failure_.found != verdict::passed || search_.how().how == options::mode::replay)
        return false;
    const std::uint64_t had = result_.executions + result_.dropped;
    if (restart_ && search_.walks_tree()) {
        restart_ = false;
        search_.restart();
    } else if (search_.walks_tree() && !search_.advance()) {
        result_.complete = result_.executions != 0;
        if (!result_.complete)
            result_.why = {verdict::limit,
                "no execution comes to its end: does a loop wait by "
                "something else than loads?"};
        return false;
    }
    result_.stopped = had >= search_.how().executions ||
        (had % 256 == 0 && result_.seconds > search_.how().seconds);
    return !result_.stopped;
}

// One execution.

void execution::run_all() {
    if (failure_.found != verdict::passed) end_with(failure_.found, failure_.text);
    phase_ = phase::starting;
    const auto goes_on = [&] { return !dropped_ && failure_.found == verdict::passed; };
    for (int i = 1; i < count_ && goes_on(); ++i) {
        memory_.fork(0, i);
        self_ = i;
        switch_from(home_, threads_[index(i)].stack->start());
    }
    self_ = 0;
    phase_ = phase::running;
    // A thread may fail before it comes to a point; the others have no place to go on from then.
    const int first = goes_on() ? pick() : 0;
    if (first > 0) {
        self_ = first;
        switch_from(home_, threads_[index(first)].at);
    }
    self_ = 0;
    if (!goes_on()) {
        phase_ = phase::over;
        throw abandoned{};
    }
    phase_ = phase::after;
    for (int i = 1; i < count_; ++i) memory_.join(0, i);
}

void execution::run_thread(void* self) {
    auto& all = *static_cast<execution*>(self);
    fiber_of_thread& me = all.mine();
    me.body(me.closure);
    me.done = true;
    if (all.phase_ == phase::starting) jump(all.home_);
    all.leave(all.pick());
}

void execution::fail(verdict found, std::string text) { end_with(found, std::move(text)); }

void execution::end_with(verdict found, std::string text) {
    failure_ = {found, std::move(text)};
    if (self_ != 0) leave(0);
    phase_ = phase::over;
    jump(outside_);
}

void execution::go_on(int next) {
    fiber_of_thread& me = mine();
    self_ = next;
    switch_from(me.at, threads_[index(next)].at);
}

void execution::leave(int next) {
    if (next <= 0) jump(home_);
    self_ = next;
    jump(threads_[index(next)].at);
}

}  // namespace model
