// SPDX-License-Identifier: MIT
#include "pipeline/dispatcher.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pipeline {

void dispatcher::run() {
    for (;;) {
        std::size_t count = in_.try_pop_n(batch_);
        if (count == 0) {
            // A window that is open inside ends in time, also when nothing comes.
            const bool holds = std::any_of(inside_.begin(), inside_.end(),
                [](const auto& each) { return each->due_ns() != 0; });
            const bool came = holds
                ? in_.pop_for(batch_[0], std::chrono::nanoseconds(batch_worker::window_ns))
                : in_.pop(batch_[0]);
            if (came) count = 1;
            if (!came && in_.drained()) break;
        }
        deal(std::span(batch_).first(count));
        step_inside();
    }
    out_.close();
    step_inside();
    for (const auto& each : inside_) each->finish();
}

void dispatcher::deal(std::span<event_handle> batch) {
    std::int64_t taken_ns = 0;
    for (event_handle& each : batch) {
        if (each->arrived_ns == 0) {
            const auto to = static_cast<std::size_t>(topics_.processor_of(each->topic));
            push(to, std::move(each));
            continue;
        }
        const std::int64_t before_ns = lfq::sys::clock::now_ns();
        if (taken_ns == 0) taken_ns = before_ns;
        times_.add(stage::ingest_wait, taken_ns - each->handed_ns);
        const auto to = static_cast<std::size_t>(topics_.processor_of(each->topic));
        const std::int64_t routed_ns = lfq::sys::clock::now_ns();
        times_.add(stage::route, routed_ns - before_ns);
        each->handed_ns = routed_ns;
        push(to, std::move(each));
        times_.add(stage::worker_push, lfq::sys::clock::now_ns() - routed_ns);
    }
}

void dispatcher::push(std::size_t to, event_handle&& one) {
    if (inside_.empty()) {
        out_.push_to(to, std::move(one));
        return;
    }
    while (!out_.try_push_to(to, std::move(one))) inside_[to]->step();
}

void dispatcher::step_inside() {
    for (const auto& each : inside_) {
        while (each->step() != 0) {
        }
    }
}

}  // namespace pipeline
