// SPDX-License-Identifier: MIT
#include "broker/processors/transactional/transactional.hpp"

#include <algorithm>
#include <array>

namespace broker::processors {

void transactional::take(std::span<core::event> events, std::int64_t now_ns, core::outcome& to) {
    while (!events.empty()) {
        const auto some = events.first(std::min(events.size(), together_max));
        events = events.subspan(some.size());
        take_some(some, now_ns, to);
    }
}

void transactional::take_some(
    std::span<core::event> events, std::int64_t now_ns, core::outcome& to) {
    std::array<std::uint64_t, together_max> keys;
    std::array<lfq::dedup::answer, together_max> found;
    for (std::size_t i = 0; i != events.size(); ++i) keys[i] = prints_.of(events[i]);
    const lfq::dedup::tally counted = seen_.insert_if_new_n({keys.data(), events.size()},
        static_cast<std::uint64_t>(now_ns), {found.data(), events.size()});
    std::size_t kept = 0;
    for (std::size_t i = 0; i != events.size(); ++i) {
        if (found[i] == lfq::dedup::seen) {
            to.drop(events[i], core::drop_reason::duplicate);
        } else {
            events[kept++] = events[i];
        }
    }
    counts_.fresh.add(counted.fresh);
    counts_.full.add(counted.full);
    if (kept != 0) to.hand_on(events.first(kept));
}

}  // namespace broker::processors
