// SPDX-License-Identifier: MIT
#include "pipeline/workers.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pipeline {

worker::worker(event_pool& pool, worker_rings::ring& in, std::size_t producers, std::size_t samples)
    : times_(samples), next_(producers), cache_(cache_of(pool)), in_(in) {}

std::size_t worker::step() {
    const std::size_t count = in_.try_pop_n(batch_);
    if (count != 0) take_timed(std::span(batch_).first(count));
    if (due_ns() != 0 && lfq::sys::clock::now_ns() >= due_ns()) end_what_is_due();
    return count;
}

void worker::run() {
    for (;;) {
        while (step() != 0) {
        }
        // Asleep until something comes, or until what is held is due.
        if (due_ns() == 0) {
            if (!in_.pop(batch_[0])) break;
        } else {
            const auto left_ns = std::max<std::int64_t>(0, due_ns() - lfq::sys::clock::now_ns());
            if (!in_.pop_for(batch_[0], std::chrono::nanoseconds(left_ns))) {
                if (in_.drained()) break;
                end_what_is_due();
                continue;
            }
        }
        take_timed(std::span(batch_).first(1));
    }
    finish();
}

void worker::take_timed(std::span<event_handle> batch) {
    std::int64_t taken_ns = 0;
    for (const event_handle& each : batch) {
        if (each->arrived_ns == 0) continue;
        if (taken_ns == 0) taken_ns = lfq::sys::clock::now_ns();
        each->taken_ns = taken_ns;
        times_.add(stage::worker_wait, taken_ns - each->handed_ns);
    }
    take(batch);
    end_work(batch, taken_ns);
}

void worker::end_work(std::span<event_handle> done, std::int64_t began_ns) {
    std::size_t count = 0;
    for (const event_handle& each : done) {
        if (each && each->arrived_ns != 0) timed_[count++] = {each->arrived_ns, each->taken_ns};
    }
    cache_.give_back_n(done);
    if (count == 0) return;
    const std::int64_t worked_ns = lfq::sys::clock::now_ns() - began_ns;
    for (const timed_event& each : std::span(timed_).first(count)) {
        times_.add(stage::work, worked_ns / static_cast<std::int64_t>(done.size()));
        times_.add(stage::whole, each.taken_ns - each.arrived_ns + worked_ns);
    }
}

void worker::work_on(const event& one) {
    bool whole = one.payload.size() == payload_bytes;
    for (std::size_t at = marks_bytes; at < one.payload.size(); ++at)
        whole = whole && one.payload[at] == filler(one.id, at);
    counts_.broken += whole ? 0U : 1U;
    std::uint32_t& next = next_[one.producer][one.priority];
    counts_.out_of_order += one.sequence < next ? 1U : 0U;
    next = one.sequence + 1;
    ++counts_.events;
}

void realtime_worker::take(std::span<event_handle> batch) {
    std::array<std::pair<std::uint8_t, std::uint8_t>, at_once> order;  // how urgent, which
    static_assert(at_once <= 256);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        order[i] = {static_cast<std::uint8_t>(UINT8_MAX - batch[i]->priority),
            static_cast<std::uint8_t>(i)};
    }
    const auto waiting = std::span(order).first(batch.size());
    std::sort(waiting.begin(), waiting.end());
    for (const auto& [less_urgent, which] : waiting) work_on(*batch[which]);
}

void transactional_worker::take(std::span<event_handle> batch) {
    std::array<std::uint64_t, at_once> ids;
    std::array<lfq::dedup::answer, at_once> answers;
    for (std::size_t i = 0; i < batch.size(); ++i) ids[i] = batch[i]->id;
    const lfq::dedup::tally all =
        seen_.insert_if_new_n(std::span(ids).first(batch.size()), answers);
    counts_.repeated += all.seen;
    counts_.undecided += all.full;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (answers[i] != lfq::dedup::seen) work_on(*batch[i]);
    }
}

void batch_worker::take(std::span<event_handle> batch) {
    for (event_handle& each : batch) {
        if (held_ == 0) opened_ns_ = lfq::sys::clock::now_ns();
        window_[held_++] = std::move(each);
        if (held_ == window_events) finish();
    }
}

void batch_worker::finish() {
    if (held_ == 0) return;
    const auto window = std::span(window_).first(std::exchange(held_, 0));
    const std::int64_t began_ns = lfq::sys::clock::now_ns();
    for (const event_handle& each : window) {
        if (each->arrived_ns != 0) times_.add(stage::window, began_ns - each->taken_ns);
    }
    for (const event_handle& each : window) work_on(*each);
    end_work(window, began_ns);
    ++counts_.windows;
}

}  // namespace pipeline
