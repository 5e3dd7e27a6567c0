// SPDX-License-Identifier: MIT
// broker/control/thresholds.hpp — the marks between the five states.
// Room: control. Reads: std.
#pragma once

#include <cstdint>

namespace broker::control {

/// A state is entered at `enter` percent and left below `leave` percent; between them nothing
/// changes.
struct mark {
    std::uint32_t enter = 100;
    std::uint32_t leave = 100;

    friend constexpr bool operator==(const mark&, const mark&) = default;
};

/// Valid when every leave < enter <= 100 and no more severe state has a lower mark than a milder
/// one (then a signal that enters a state never leaves a milder one, and nothing can go in
/// circles).
struct thresholds {
    mark pause_queue{80, 60};  // fill of the ingest ring
    mark drop_queue{90, 70};  // the same, for `hold_ns` without a break
    mark pause_slabs{70, 50};  // slabs taken
    mark drop_slabs{85, 65};
    mark emergency_slabs{95, 75};

    /// A full ring that empties quickly needs no state: refusing to read already slows the
    /// publisher. The ring counts as pressed only when what waits in it is worth this much time at
    /// the present pace, so that a pause of one dwell never leaves the dispatcher without work.
    std::uint64_t backlog_ns = 250'000'000;
    std::uint64_t hold_ns = 500'000'000;
    std::uint64_t dwell_ns =
        250'000'000;  // a state is kept this long, whatever the signals do (but for DRAINING)
    std::uint64_t in_use_ns =
        10'000'000'000;  // a priority not seen for one to two of these is no longer in use
};

/// What is wrong with some thresholds: in one mark, or between two.
struct conflict {
    const char* expected = nullptr;  // nullptr: nothing is wrong
    const char* mark = nullptr;  // its name, as in `thresholds`
    const char* other = nullptr;  // nullptr: the mark alone is wrong

    [[nodiscard]] explicit operator bool() const noexcept { return expected != nullptr; }
};
[[nodiscard]] conflict conflict_in(const thresholds& t) noexcept;

}  // namespace broker::control
