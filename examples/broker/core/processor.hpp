// SPDX-License-Identifier: MIT
// broker/core/processor.hpp — what happens to routed events before workers copy them.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/errc.hpp"
#include "broker/core/event.hpp"
#include "broker/core/filter.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace broker::core {

enum class processor_kind : std::uint8_t { realtime, transactional, batch };
inline constexpr std::size_t processor_kind_count = 3;

[[nodiscard]] constexpr const char* to_string(processor_kind kind) noexcept {
    switch (kind) {
        case processor_kind::realtime: return "realtime";
        case processor_kind::transactional: return "transactional";
        case processor_kind::batch: return "batch";
    }
    return "unknown";
}

/// Where a processor's events end: each goes on once or is dropped once.
class outcome {
public:
    outcome() = default;
    outcome(const outcome&) = delete;
    outcome& operator=(const outcome&) = delete;

    /// To the workers, in this order.
    virtual void hand_on(std::span<const event> events) = 0;
    virtual void drop(const event& one, drop_reason why) = 0;

protected:
    ~outcome() = default;
};

/// Takes events that are routed, and hands them on, drops them, or holds them for a while. A held
/// event keeps its slab and its route, so whoever owns the processor flushes it before routes are
/// replaced.
///
/// Threads   one. Pure: time is an argument, and what it says goes into the outcome.
/// Memory    none per event.
class processor {
public:
    static constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

    processor() = default;
    processor(const processor&) = delete;
    processor& operator=(const processor&) = delete;
    virtual ~processor() = default;

    /// It may reorder `events`, and leaves nothing of use in it.
    virtual void take(std::span<event> events, std::int64_t now_ns, outcome& to) = 0;

    /// When expire() has something to do; never_ns: nothing is held.
    [[nodiscard]] virtual std::int64_t due_ns() const noexcept { return never_ns; }

    /// Hands on what was held for long enough.
    virtual void expire(std::int64_t /*now_ns*/, outcome& /*to*/) {}

    /// Hands on all that is held.
    virtual void flush(outcome& /*to*/) {}
};

/// The events of a topic go through the processor of the first rule that matches it.
struct processor_rule {
    filter topics;
    processor_kind kind = processor_kind::realtime;
    processor* through = nullptr;  // realtime: that of all
};

/// Which processor the events of a topic go through. Rule 0 is that of all other topics.
struct processing_rules {
    static constexpr std::size_t rules_max = 64;

    processor& realtime;
    std::vector<processor_rule> others;  // rule n is others[n - 1]

    /// Linear: once for each topic.
    [[nodiscard]] std::uint8_t rule_of(std::string_view topic) const noexcept {
        for (std::size_t i = 0; i < others.size(); ++i) {
            if (!others[i].topics.matches(topic)) continue;
            return others[i].kind == processor_kind::realtime ? 0
                                                              : static_cast<std::uint8_t>(i + 1);
        }
        return 0;
    }
};

}  // namespace broker::core
