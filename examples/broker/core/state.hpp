// SPDX-License-Identifier: MIT
// broker/core/state.hpp — the five states, and the one word that tells everybody which it is.
// Room: core. Reads: std. Not in control/, because network threads read what control writes.
#pragma once

#include <atomic>
#include <cstdint>

namespace broker::core {

/// The numbers are those of PONG's state byte.
enum class state : std::uint8_t {
    running = 0,
    paused = 1,  // publishers are not read: their TCP windows close
    draining = 2,  // on the way out: nothing new is taken, what is inside is delivered
    dropping = 3,  // the lowest priorities are dropped and counted
    emergency = 4,  // all but the highest priority in use are dropped and counted
};
inline constexpr unsigned state_count = 5;

/// RUNNING, PAUSED, DRAINING, DROPPING, EMERGENCY; UNKNOWN for any other number.
[[nodiscard]] constexpr const char* to_string(state s) noexcept {
    switch (s) {
        case state::running: return "RUNNING";
        case state::paused: return "PAUSED";
        case state::draining: return "DRAINING";
        case state::dropping: return "DROPPING";
        case state::emergency: return "EMERGENCY";
    }
    return "UNKNOWN";
}

/// What a network thread needs to know before it reads and before it pushes.
struct state_view {
    state now = state::running;
    bool reading = true;  // false: leave publishers' bytes in the kernel
    std::uint8_t drop_below = 0;  // an event of a lower priority is dropped; 0: none is

    [[nodiscard]] constexpr bool drops(std::uint8_t priority) const noexcept {
        return priority < drop_below;
    }

    friend constexpr bool operator==(const state_view&, const state_view&) = default;
};

/// One atomic word: state in bits 0–7, drop_below in bits 8–15, reading in bit 16.
///
/// Threads   one writer (the control thread), any number of readers.
/// Progress  wait-free on both sides.
/// Order     none: the word is all that travels by it. A reader that sees it late acts on it one
/// read later.
class state_word {
public:
    [[nodiscard]] state_view read() const noexcept {
        // hint: nothing else is published by this word, and a stale state only delays the reaction.
        return unpacked(word_.load(std::memory_order_relaxed));
    }

    void write(state_view view) noexcept {
        // own: only the control thread writes.
        word_.store(packed(view), std::memory_order_relaxed);
    }

    [[nodiscard]] static constexpr std::uint32_t packed(state_view view) noexcept {
        return static_cast<std::uint32_t>(view.now) |
            (static_cast<std::uint32_t>(view.drop_below) << 8U) |
            (static_cast<std::uint32_t>(view.reading ? 1U : 0U) << 16U);
    }

    [[nodiscard]] static constexpr state_view unpacked(std::uint32_t word) noexcept {
        return {.now = static_cast<state>(word & 0xffU),
            .reading = (word >> 16U & 1U) != 0,
            .drop_below = static_cast<std::uint8_t>(word >> 8U & 0xffU)};
    }

private:
    // Written by the control thread, read by all.
    std::atomic<std::uint32_t> word_{packed({})};
};

}  // namespace broker::core
