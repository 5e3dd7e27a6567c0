// SPDX-License-Identifier: MIT
#include "broker/processors/realtime/realtime.hpp"

#include "broker/core/priority_set.hpp"

#include <algorithm>

namespace broker::processors {

namespace {

[[nodiscard]] bool is_in_order(std::span<const core::event> events) noexcept {
    return std::is_sorted(events.begin(), events.end(),
        [](const core::event& a, const core::event& b) { return a.priority > b.priority; });
}

}  // namespace

void realtime::take(std::span<core::event> events, std::int64_t /*now_ns*/, core::outcome& to) {
    while (!events.empty()) {
        const auto together = events.first(std::min(events.size(), together_max));
        events = events.subspan(together.size());
        if (is_in_order(together)) {
            to.hand_on(together);
        } else {
            order(together, to);
        }
    }
}

/// By counting, so that it is linear and equal priorities keep their order.
void realtime::order(std::span<const core::event> events, core::outcome& to) {
    std::array<std::size_t, core::priority_count> next{};
    for (const core::event& each : events) ++next[each.priority];
    std::size_t behind = 0;
    for (std::size_t priority = next.size(); priority-- != 0;) {
        const std::size_t count = next[priority];
        next[priority] = behind;
        behind += count;
    }
    for (const core::event& each : events) sorted_[next[each.priority]++] = each;
    counts_.ordered.add();
    to.hand_on({sorted_.data(), events.size()});
}

}  // namespace broker::processors
