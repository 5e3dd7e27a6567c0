// SPDX-License-Identifier: MIT
// broker/control/step.hpp — the five states as a pure function of signals and time.
// Room: control. Reads: core. Pure: the caller ticks it and writes core::state_word.
#pragma once

#include "broker/control/thresholds.hpp"
#include "broker/core/priority_set.hpp"
#include "broker/core/state.hpp"

#include <cstdint>

namespace broker::control {

/// What the control thread reads before a tick. Racy readings are fine: every value is taken as it
/// comes.
struct signals {
    std::uint64_t queue_waiting = 0;  // events in the ingest ring
    std::uint64_t queue_capacity = 1;  // of the ingest ring
    std::uint64_t queue_consumed = 0;  // events the dispatcher has taken since the start
    std::uint64_t slabs_taken = 0;
    std::uint64_t slabs_total = 1;
    core::priority_set seen{};  // priorities that came in since the tick before
    bool drain_requested = false;  // SIGINT, SIGTERM, SIGHUP
};

/// Why a transition was made, for the log line.
enum class cause : std::uint8_t { none, queue, slabs, calm, drain };
[[nodiscard]] const char* to_string(cause c) noexcept;

/// All that a step needs to know of the steps before. A default one is a broker that has just
/// started.
struct memory {
    core::state now = core::state::running;
    std::uint8_t drop_below = 0;
    bool started = false;  // false until the first step has set the times
    std::uint64_t entered_ns = 0;  // when `now` was entered
    std::uint64_t cut_moved_ns = 0;  // when drop_below was moved last
    std::uint64_t pressed_ns = 0;  // since when the queue has been above drop_queue.enter
    bool pressed = false;
    std::uint64_t stepped_ns = 0;  // the step before
    std::uint64_t consumed = 0;  // its queue_consumed
    core::priority_set recent{};  // seen in the present window
    core::priority_set before{};  // seen in the window before
    std::uint64_t window_ns = 0;  // when the present window began

    friend constexpr bool operator==(const memory&, const memory&) = default;
};

struct decision {
    memory next;  // for the next step
    core::state_view view;  // for core::state_word
    bool changed = false;  // the state is another one than before
    cause why = cause::none;  // set when changed
};

/// One tick. At most one transition, none before `dwell_ns` in a state but into DRAINING, which is
/// entered at once and never left. Upwards it goes to the most severe state whose enter mark is
/// reached; downwards one state at a time, when its leave marks are undercut.
///
/// DROPPING begins with the lowest priority in use and takes one more after every dwell under
/// pressure; EMERGENCY takes all but the highest in use. The highest priority in use is never
/// dropped: with nothing to drop, publishers are not read, as in PAUSED.
///
/// `now_ns` is monotonic; a step back in time counts as no time passed. `t` must be valid.
[[nodiscard]] decision step(
    const signals& s, const thresholds& t, const memory& previous, std::uint64_t now_ns) noexcept;

}  // namespace broker::control
