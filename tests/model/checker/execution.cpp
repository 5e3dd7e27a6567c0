// SPDX-License-Identifier: MIT
#include "execution.hpp"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string_view>

namespace model {

namespace {

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

constexpr const char* name_of(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed: return "relaxed";
        case std::memory_order_consume: return "consume";
        case std::memory_order_acquire: return "acquire";
        case std::memory_order_release: return "release";
        case std::memory_order_acq_rel: return "acq_rel";
        case std::memory_order_seq_cst: return "seq_cst";
    }
    return "";
}

constexpr search::thread_mask bit(int thread) { return search::thread_mask{1} << thread; }

constexpr bool is_plain_load(const operation& one) {
    return one.what == operation::kind::load && !is_total(one.order);
}

}  // namespace

execution::execution() {
    here_ = this;
    for (int i = 1; i < threads_max; ++i)
        threads_[index(i)].stack = std::make_unique<fiber>(&run_thread, this);
}

// One search.

void execution::begin(const options& how) {
    search_.begin(how);
    result_ = {};
    failure_ = {};
    shared_ = 0;
    longest_ = 40;
    mutation_met_ = false;
    started_ = seconds_now();
    if (how.how != options::mode::replay) return;
    // <the locations that were known to be shared>.<the decisions>
    const std::size_t dot = how.replay.find('.');
    std::string decisions = dot == std::string::npos ? how.replay : how.replay.substr(dot + 1);
    failure_.text = complaint_about(decisions);
    if (dot == std::string::npos || how.replay.find_first_not_of("0123456789abcdef") != dot)
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
    search_.begin_execution();
    for (fiber_of_thread& one : threads_) {
        one.mortal = one.done = one.dead = one.did_something = one.asked_the_time =
            one.read_something_new = false;
        one.looked = one.looked_before = 0;
        one.already_offered = 0;
        one.spurious_left = search_.how().spurious;
        one.timeouts_left = search_.how().timeouts;
        one.now_ns = 0;
        one.timed = one.time_is_up = false;
    }
    self_ = 0;
    count_ = 1;
    phase_ = phase::before;
    asleep_ = {};
    steps_ = preempted_ = died_ = living_ = 0;
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
    if (living_ != 0)
        fail(verdict::lifetime, std::to_string(living_) + " values were built and never destroyed");
}

bool execution::next_execution() {
    phase_ = phase::over;
    longest_ = std::max(longest_, steps_);
    ++(dropped_ ? result_.dropped : result_.executions);
    if (search_.misfitting() && failure_.found == verdict::passed)
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
    for (int i = 1; i < count_; ++i) {
        memory_.fork(0, i);
        self_ = i;
        switch_from(home_, threads_[index(i)].stack->start());
    }
    self_ = 0;
    phase_ = phase::running;
    const int first = pick();
    if (first > 0) {
        self_ = first;
        switch_from(home_, threads_[index(first)].at);
    }
    self_ = 0;
    if (dropped_ || failure_.found != verdict::passed) {
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

// Who goes on.

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

void execution::point(operation::kind what, int at, std::memory_order order, site where) {
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
                if ((one.looked >> at & 1) != 0 && memory_.newest(at) != one.last_read[index(at)])
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
    bool by_time = false;
    if (count == 0) {
        for (int i = 1; i < count_; ++i) {
            const fiber_of_thread& one = threads_[index(i)];
            if (!one.done && (one.timed || one.asked_the_time)) add(i);
        }
        if (count == 0) {
            failure_ = {verdict::stuck, everybody_waits()};
            return -1;
        }
        by_time = true;
        asleep_ = {};
    }
    int next = 0;
    switch (search_.how().how) {
        case options::mode::exhaustive:
            if (mine_first && search_.how().preemptions >= 0 &&
                preempted_ >= search_.how().preemptions)
                count = 1;
            next = pick_by_tree(threads, count);
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
    if (by_time) {
        fiber_of_thread& one = threads_[index(next)];
        one.time_is_up = true;
        one.now_ns += long_ns;
    }
    return next;
}

int execution::pick_by_tree(const std::array<std::int8_t, threads_max>& able_ones, int count) {
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
    for (int i = 0; i < node.chosen; ++i) {
        const int one = node.threads[index(i)];
        asleep_.who |= bit(one);
        const operation& its = threads_[index(one)].next;
        if (is_plain_load(its))
            asleep_.offered[index(one)] = static_cast<store_id>(memory_.stores_at(its.at));
    }
    const bool slept = (asleep_.who & bit(next)) != 0;
    threads_[index(next)].already_offered = slept ? asleep_.offered[index(next)] : store_id{0};
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

// Orders.

std::memory_order execution::effective(
    std::memory_order order, bool of_failure, const char* name, site where) {
    if (met_ != nullptr) {
        const auto same = [&](const met& one) {
            return one.where.line() == where.line() && one.where.column() == where.column() &&
                one.of_failure == of_failure && one.order == order &&
                std::strcmp(one.where.file_name(), where.file_name()) == 0;
        };
        if (std::none_of(met_->begin(), met_->end(), same))
            met_->push_back({where, of_failure, order, name});
    }
    if (mutation_ == nullptr || mutation_->line != where.line() ||
        mutation_->column != where.column() || mutation_->of_failure != of_failure ||
        !std::string_view(where.file_name()).ends_with(mutation_->file))
        return order;
    mutation_met_ = true;
    return mutation_->to;
}

void execution::check_reachable(int at, site) {
    if (!memory_.reachable(self_, at))
        end_with(verdict::lifetime, "an atomic is used after its end, or not after its beginning");
}

void execution::too_many_stores() {
    end_with(verdict::limit,
        "more than " + std::to_string(stores_max) +
            " stores to one location in one execution: make the scenario smaller");
}

store_id execution::choose(memory::candidates& found) {
    const store_id offered = mine().already_offered;
    mine().already_offered = 0;
    if (offered != 0) {
        int kept = 0;
        for (int i = 0; i < found.count; ++i) {
            if (found.id[index(i)] >= offered) found.id[index(kept++)] = found.id[index(i)];
        }
        found.count = kept;
    }
    if (found.count == 0) {  // everything that it may return was had in another branch
        dropped_ = true;
        leave(0);
    }
    return found.id[index(search_.value(found.count))];
}

std::uint64_t execution::observe(
    int at, store_id id, std::memory_order order, const char* name, site where) {
    memory_.read(self_, at, id, order);
    const std::uint64_t value = memory_.get(at, id).value;
    events_.push_back({self_, at, order, where, name, value, id != memory_.newest(at)});
    return value;
}

void execution::looked(int at, store_id id) noexcept {
    fiber_of_thread& me = mine();
    if ((me.looked_before >> at & 1) == 0 || id != me.read_before[index(at)])
        me.read_something_new = true;
    me.looked |= std::uint64_t{1} << at;
    me.last_read[index(at)] = id;
}

void execution::wrote(int at, bool another_value) noexcept {
    fiber_of_thread& me = mine();
    if (another_value && (shared_ >> at & 1) != 0) me.did_something = true;
    const auto its = static_cast<store_id>(memory_.stores_at(at) - 1);
    me.last_read[index(at)] = me.read_before[index(at)] = its;  // no news to itself
}

// Operations.

int execution::create(std::uint64_t value) {
    if (!watches()) return 0;
    const int at = memory_.create(self_, value);
    if (at < 0)
        end_with(verdict::limit,
            "more than " + std::to_string(locations_max) +
                " atomics in one execution: make the scenario smaller (locations_max)");
    return at;
}

void execution::destroy(int at) noexcept {
    if (!watches()) return;
    check_reachable(at, site::current());
    memory_.destroy(self_, at);
}

std::uint64_t execution::load(int at, std::memory_order order, site where) {
    if (!watches()) return memory_.latest(at);
    order = effective(order, false, "load", where);
    point(operation::kind::load, at, order, where);
    check_reachable(at, where);
    memory::candidates found;
    memory_.readable(self_, at, order, found);
    const store_id chosen = choose(found);
    looked(at, chosen);
    return observe(at, chosen, order, "load", where);
}

void execution::store(int at, std::uint64_t value, std::memory_order order, site where) {
    if (!watches()) {
        memory_.latest(at) = value;
        return;
    }
    order = effective(order, false, "store", where);
    point(operation::kind::store, at, order, where);
    check_reachable(at, where);
    store_id after = memory_.newest(at);
    if (search_.how().reordered_stores && phase_ == phase::running) {
        memory::candidates found;
        memory_.followable(self_, at, order, found);
        after = found.id[index(search_.value(found.count))];
    }
    const bool stale = after != memory_.newest(at);
    const bool another_value = value != memory_.get(at, after).value;
    if (!memory_.write(self_, at, after, value, order)) too_many_stores();
    wrote(at, another_value);
    events_.push_back({self_, at, order, where, "store", value, stale});
}

void execution::fence(std::memory_order order, site where) {
    if (!watches()) return;
    order = effective(order, false, "fence", where);
    point(operation::kind::fence, -1, order, where);
    memory_.fence(self_, order);
    events_.push_back({self_, -1, order, where, "fence", 0, false});
}

void execution::touch(const void* address, memory::access how, const char* what) {
    if (!watches()) return;
    const char* const wrong = memory_.touch(self_, address, how);
    if (wrong == nullptr) return;
    const std::string_view text = wrong;
    const bool race = text.starts_with("read without") || text.starts_with("two writes") ||
        text.starts_with("written while");
    end_with(race ? verdict::race : verdict::lifetime, std::string(what) + ": " + wrong);
}

// Waiting.

void execution::pause(site where) {
    if (!watches()) return;
    if (self_ == 0) end_with(verdict::stuck, "thread 0 pauses, and nobody else runs");
    fiber_of_thread& me = mine();
    if (me.looked == 0) {
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
    me.did_something = std::exchange(me.time_is_up, false);
    me.asked_the_time = false;
}

std::int64_t execution::now_ns() {
    if (!watches() || self_ == 0) return 0;
    fiber_of_thread& me = mine();
    me.asked_the_time = true;
    if (phase_ == phase::running && me.timeouts_left > 0 && search_.value(2) == 1) {
        --me.timeouts_left;
        me.now_ns += long_ns;
        me.did_something = true;
    }
    return me.now_ns;
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
    const std::uint64_t value = memory_.get(at, choose(found)).value;
    const bool sleeps = value == expected;
    events_.push_back({self_, at, std::memory_order_relaxed, where,
        sleeps ? "futex sleeps" : "futex does not sleep", value, false});
    fiber_of_thread& me = mine();
    if (!sleeps) return;
    if (me.spurious_left > 0 && search_.value(2) == 1) {
        --me.spurious_left;
        return;
    }
    sleeps_on_[index(self_)] = at;
    me.woken = false;
    me.timed = timed;
    me.asked_the_time = false;
    point(operation::kind::sleep, -1, std::memory_order_relaxed, where);
    me.timed = false;
    sleeps_on_[index(self_)] = -1;
    me.did_something = true;
    me.time_is_up = false;
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
    me.timed = timed;
    me.asked_the_time = false;
    point(operation::kind::await, at, std::memory_order_relaxed, where);
    me.timed = false;
    me.did_something = true;
    me.time_is_up = false;
    events_.push_back({self_, at, std::memory_order_relaxed, where, "eventfd woke", 0, false});
}

// What happened.

namespace {

std::string source_line(const site& where) {
    std::ifstream file(where.file_name());
    std::string line;
    for (unsigned i = 0; i < where.line(); ++i) {
        if (!std::getline(file, line)) return {};
    }
    const std::size_t begin = line.find_first_not_of(' ');
    return begin == std::string::npos ? std::string() : line.substr(begin);
}

}  // namespace

std::string execution::trace() const {
    std::string text;
    int step = 0;
    for (const event& one : events_) {
        if (one.thread == 0) continue;
        const std::string_view path = one.where.file_name();
        const std::string_view file = path.substr(path.rfind('/') + 1);
        std::string place = "-";
        if (one.at >= 0) place = "a" + std::to_string(one.at);
        char line[200];
        std::snprintf(line, sizeof line, "%4d  %-12s %-16s %-4s %-8s %-22" PRIu64 " %.*s:%u",
            ++step, threads_[index(one.thread)].name, one.name, place.c_str(), name_of(one.order),
            one.value, static_cast<int>(file.size()), file.data(), one.where.line());
        text += line;
        if (one.stale) text += "   <- STALE";
        text += "\n        " + source_line(one.where) + "\n";
    }
    return text;
}

}  // namespace model
