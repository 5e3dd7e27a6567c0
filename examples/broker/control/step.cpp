// SPDX-License-Identifier: MIT
#include "broker/control/step.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace broker::control {

namespace {

using core::state;

/// The states that signals lead to, by severity.
constexpr std::array<state, 4> ladder{
    state::running, state::paused, state::dropping, state::emergency};

constexpr unsigned severity_of(state s) noexcept {
    for (unsigned i = 0; i < ladder.size(); ++i) {
        if (ladder[i] == s) return i;
    }
    return 0;
}

/// Without a multiplication that could wrap; above 100 where a racy reading says so.
std::uint32_t percent(std::uint64_t part, std::uint64_t whole) noexcept {
    if (whole == 0) return 100;
    return static_cast<std::uint32_t>(
        std::min(static_cast<double>(part) * 100.0 / static_cast<double>(whole), 1000.0));
}

/// How long the queue would take to empty at the pace since the step before.
std::uint64_t backlog_ns(const signals& s, const memory& before, std::uint64_t passed_ns) noexcept {
    if (s.queue_waiting == 0) return 0;
    if (s.queue_consumed <= before.consumed) return std::numeric_limits<std::uint64_t>::max();
    const double each =
        static_cast<double>(passed_ns) / static_cast<double>(s.queue_consumed - before.consumed);
    const double all = each * static_cast<double>(s.queue_waiting);
    return all < 1e18 ? static_cast<std::uint64_t>(all) : std::numeric_limits<std::uint64_t>::max();
}

struct pressure {
    std::uint32_t queue = 0;  // percent
    std::uint32_t slabs = 0;  // percent
    bool backlog = false;  // what waits is worth more than backlog_ns
    bool held = false;  // the queue has been above drop_queue.enter for hold_ns
};

/// How a rung of the ladder is entered, and by what.
cause entered_by(state s, const pressure& p, const thresholds& t) noexcept {
    switch (s) {
        case state::emergency:
            return p.slabs >= t.emergency_slabs.enter ? cause::slabs : cause::none;
        case state::dropping:
            if (p.slabs >= t.drop_slabs.enter) return cause::slabs;
            return p.held && p.backlog ? cause::queue : cause::none;
        case state::paused:
            if (p.slabs >= t.pause_slabs.enter) return cause::slabs;
            return p.queue >= t.pause_queue.enter && p.backlog ? cause::queue : cause::none;
        case state::running:
        case state::draining: break;
    }
    return cause::none;
}

bool stays(state s, const pressure& p, const thresholds& t) noexcept {
    switch (s) {
        case state::emergency: return p.slabs >= t.emergency_slabs.leave;
        case state::dropping: return p.slabs >= t.drop_slabs.leave || p.queue >= t.drop_queue.leave;
        case state::paused: return p.slabs >= t.pause_slabs.leave || p.queue >= t.pause_queue.leave;
        case state::running:
        case state::draining: break;
    }
    return true;
}

struct target {
    state to = state::running;
    cause why = cause::none;
};

target wanted(state now, const pressure& p, const thresholds& t) noexcept {
    const unsigned severity = severity_of(now);
    for (unsigned higher = static_cast<unsigned>(ladder.size()) - 1; higher > severity; --higher) {
        const cause why = entered_by(ladder[higher], p, t);
        if (why != cause::none) return {ladder[higher], why};
    }
    if (severity > 0 && !stays(now, p, t)) return {ladder[severity - 1], cause::calm};
    return {now, cause::none};
}

struct tick {
    std::uint64_t now_ns = 0;
    bool entered = false;  // the state is new with this tick
};

void learn_priorities(
    memory& next, const signals& s, const thresholds& t, std::uint64_t now_ns) noexcept {
    // A window in which nothing came in teaches nothing: it is not closed.
    if (now_ns - next.window_ns >= t.in_use_ns && !next.recent.empty()) {
        next.before = next.recent;
        next.recent = {};
        next.window_ns = now_ns;
    }
    next.recent |= s.seen;
}

/// Where the cut is to be: nothing outside DROPPING and EMERGENCY, and never above the highest
/// priority in use.
void move_cut(memory& next, const pressure& p, const thresholds& t, tick at) noexcept {
    core::priority_set in_use = next.recent;
    in_use |= next.before;
    const unsigned highest = in_use.highest();
    if (next.now == state::emergency) {
        next.drop_below = static_cast<std::uint8_t>(highest);
        next.cut_moved_ns = at.now_ns;
        return;
    }
    if (next.now != state::dropping) {
        next.drop_below = 0;
        return;
    }
    const bool pressed = entered_by(state::dropping, p, t) != cause::none;
    unsigned cut = at.entered ? 0 : next.drop_below;
    if (at.entered || (pressed && at.now_ns - next.cut_moved_ns >= t.dwell_ns)) {
        // One more priority in use falls below the cut.
        const unsigned victim = in_use.lowest(cut);
        if (victim < highest) cut = victim + 1;
        next.cut_moved_ns = at.now_ns;
    }
    next.drop_below = static_cast<std::uint8_t>(std::min(cut, highest));
}

core::state_view seen_by_threads(const memory& m) noexcept {
    core::priority_set in_use = m.recent;
    in_use |= m.before;
    core::state_view view{.now = m.now, .reading = true, .drop_below = m.drop_below};
    if (m.now == state::paused || m.now == state::draining) view.reading = false;
    // With nothing to drop, the only help left is not to read.
    if (m.now == state::dropping || m.now == state::emergency) {
        view.reading = in_use.lowest() < m.drop_below;
    }
    return view;
}

}  // namespace

const char* to_string(cause c) noexcept {
    switch (c) {
        case cause::none: return "none";
        case cause::queue: return "queue";
        case cause::slabs: return "slabs";
        case cause::calm: return "calm";
        case cause::drain: return "drain";
    }
    return "unknown";
}

decision step(const signals& s, const thresholds& t, const memory& previous,
    std::uint64_t given_ns) noexcept {
    memory next = previous;
    const std::uint64_t now_ns = std::max(given_ns, previous.stepped_ns);
    if (!next.started) {
        next = {};
        next.started = true;
        next.entered_ns = next.window_ns = next.stepped_ns = now_ns;
        next.consumed = s.queue_consumed;
    }
    pressure p{.queue = percent(s.queue_waiting, s.queue_capacity),
        .slabs = percent(s.slabs_taken, s.slabs_total)};
    p.backlog = backlog_ns(s, next, now_ns - next.stepped_ns) >= t.backlog_ns;
    const bool above = p.queue >= t.drop_queue.enter;
    if (above && !next.pressed) next.pressed_ns = now_ns;
    next.pressed = above;
    p.held = above && now_ns - next.pressed_ns >= t.hold_ns;

    target to{next.now, cause::none};
    if (next.now == state::draining) {
        to = {state::draining, cause::none};
    } else if (s.drain_requested) {
        to = {state::draining, cause::drain};
    } else if (now_ns - next.entered_ns >= t.dwell_ns) {
        to = wanted(next.now, p, t);
    }
    const bool changed = to.to != next.now;
    if (changed) {
        next.now = to.to;
        next.entered_ns = now_ns;
    }
    learn_priorities(next, s, t, now_ns);
    move_cut(next, p, t, {now_ns, changed});
    next.stepped_ns = now_ns;
    next.consumed = s.queue_consumed;
    return {.next = next, .view = seen_by_threads(next), .changed = changed, .why = to.why};
}

}  // namespace broker::control
