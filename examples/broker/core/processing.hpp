// SPDX-License-Identifier: MIT
// broker/core/processing.hpp — the processors that one thread runs, called run by run.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/exchange.hpp"
#include "broker/core/outlet.hpp"
#include "broker/core/processor.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace broker::core {

/// The dispatcher has one for the processors inside its thread, each processor thread one for its
/// own kind.
///
/// Threads   one.
/// Memory    none per event.
class processing {
public:
    processing(exchange& shared, outlet& to) : to_(to), slabs_(shared.slabs) {
        for (std::size_t i = 0; i < slabs_.homes(); ++i)
            slabs_enough_.push_back(shared.holding_ends_at(i));
    }

    /// `through` is run here, for the events of rule `number`.
    void add(std::uint8_t number, processor& through) {
        by_rule_[number] = &through;
        all_.push_back(&through);
    }
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }

    /// Events of any of these rules. Their processors hand on to the outlet, or hold.
    void take(std::span<event> events);

    /// After every batch of the thread, and when wait_ns() is over: what is due by now; everything
    /// that is held, while slabs of any home run short, whose publishers would wait for it. Looks
    /// at clock and slabs only if something is held.
    void expire();

    /// Everything that is held: its routes are about to go.
    void flush();

    /// From now until expire() is to look; never_ns: nothing is held. Others may use up the slabs
    /// while this thread gets no event, so it is 10 ms at most.
    [[nodiscard]] std::int64_t wait_ns() const noexcept;

private:
    static constexpr std::int64_t look_at_slabs_ns = 10'000'000;

    outlet& to_;
    const slab_homes& slabs_;
    std::vector<std::size_t> slabs_enough_;  // taken of each home: nothing is held any longer
    std::array<processor*, processing_rules::rules_max + 1> by_rule_{};
    std::vector<processor*> all_;
    std::int64_t due_ns_ = processor::never_ns;  // the earliest of all

    void look_for_due() noexcept;
    [[nodiscard]] bool slabs_run_short() const noexcept;
};

}  // namespace broker::core
