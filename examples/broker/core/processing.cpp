// SPDX-License-Identifier: MIT
#include "broker/core/processing.hpp"

#include <lfq/sys/clock.hpp>

#include <algorithm>

namespace broker::core {

void processing::take(std::span<event> events) {
    if (events.empty()) return;
    const std::int64_t now_ns = lfq::sys::clock::now_ns();
    for (std::size_t at = 0; at != events.size();) {
        std::size_t end = at + 1;
        while (end != events.size() && events[end].rule == events[at].rule) ++end;
        by_rule_[events[at].rule]->take(events.subspan(at, end - at), now_ns, to_);
        at = end;
    }
    look_for_due();
}

void processing::expire() {
    if (due_ns_ == processor::never_ns) return;
    if (slabs_run_short()) return flush();
    const std::int64_t now_ns = lfq::sys::clock::now_ns();
    if (now_ns < due_ns_) return;
    for (processor* const each : all_) each->expire(now_ns, to_);
    look_for_due();
}

void processing::flush() {
    if (due_ns_ == processor::never_ns) return;
    for (processor* const each : all_) each->flush(to_);
    due_ns_ = processor::never_ns;
}

std::int64_t processing::wait_ns() const noexcept {
    if (due_ns_ == processor::never_ns) return due_ns_;
    return std::clamp<std::int64_t>(due_ns_ - lfq::sys::clock::now_ns(), 0, look_at_slabs_ns);
}

void processing::look_for_due() noexcept {
    due_ns_ = processor::never_ns;
    for (const processor* const each : all_) due_ns_ = std::min(due_ns_, each->due_ns());
}

// Each home has publishers of its own, so one that is full counts however empty the others are.
bool processing::slabs_run_short() const noexcept {
    for (std::size_t i = 0; i < slabs_enough_.size(); ++i) {
        if (slabs_.home(i).taken_approx() >= slabs_enough_[i]) return true;
    }
    return false;
}

}  // namespace broker::core
