// SPDX-License-Identifier: MIT
// pipeline/workers.hpp — the three processors at the end: realtime, transactional, batch.
#pragma once

#include "pipeline/event.hpp"
#include "pipeline/stage_times.hpp"

#include <lfq/dedup/deduplicator.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pipeline {

/// What one worker saw.
struct worker_counts {
    std::uint64_t events = 0;  // worked on
    std::uint64_t repeated = 0;  // transactional: seen before, and dropped
    std::uint64_t undecided = 0;  // transactional: full, so worked on
    std::uint64_t windows = 0;  // batch
    std::uint64_t broken = 0;  // payloads that are not what their id says
    std::uint64_t out_of_order = 0;  // behind a later one of the same producer
};

/// A worker has a ring and a thread, or shares the dispatcher's. It takes what waits, up to
/// `at_once`, and gives back the events when it is done.
class worker {
public:
    worker(event_pool& pool, worker_rings::ring& in, std::size_t producers, std::size_t samples);
    virtual ~worker() = default;

    /// One batch; answers how many events it took out of the ring.
    std::size_t step();
    /// Until the ring is closed and drained.
    void run();
    /// When something that is held must end, though nothing comes; 0: nothing is held.
    [[nodiscard]] virtual std::int64_t due_ns() const noexcept { return 0; }
    /// What is held ends now: nothing more will come.
    virtual void finish() {}

    [[nodiscard]] const worker_counts& counts() const noexcept { return counts_; }
    [[nodiscard]] const stage_times& times() const noexcept { return times_; }

protected:
    static constexpr std::size_t together_max = 256;  // events that are given back together

    /// Works on `batch`; or takes out of it what it keeps for later.
    virtual void take(std::span<event_handle> batch) = 0;
    virtual void end_what_is_due() {}

    /// The work itself: reads the whole payload.
    void work_on(const event& one);
    /// Work on these began then and is done: they go back to the pool, and the times of those that
    /// are timed are noted.
    void end_work(std::span<event_handle> done, std::int64_t began_ns);

    worker_counts counts_;
    stage_times times_;
    /// Of each producer, the sequence behind the last one, for each priority: who sorts by priority
    /// keeps the order within one.
    std::vector<std::array<std::uint32_t, 256>> next_;

private:
    struct timed_event {
        std::int64_t arrived_ns;
        std::int64_t taken_ns;
    };

    void take_timed(std::span<event_handle> batch);

    event_cache cache_;
    worker_rings::ring& in_;
    std::array<event_handle, at_once> batch_;
    std::array<timed_event, together_max> timed_;  // of those whose work ends
};

/// The more urgent first, of those that wait.
class realtime_worker final : public worker {
public:
    using worker::worker;

private:
    void take(std::span<event_handle> batch) override;
};

/// Each id once in the last `window_keys`.
class transactional_worker final : public worker {
public:
    static constexpr std::size_t window_keys = 65'536;

    using worker::worker;

private:
    void take(std::span<event_handle> batch) override;

    lfq::deduplicator<std::uint64_t> seen_{lfq::dedup::by_count{window_keys}};
};

/// Windows of 256 events, or of a millisecond, whichever ends first.
class batch_worker final : public worker {
public:
    static constexpr std::size_t window_events = together_max;
    static constexpr std::int64_t window_ns = 1'000'000;

    using worker::worker;
    [[nodiscard]] std::int64_t due_ns() const noexcept override {
        return held_ == 0 ? 0 : opened_ns_ + window_ns;
    }
    void finish() override;

private:
    void take(std::span<event_handle> batch) override;
    void end_what_is_due() override { finish(); }

    std::array<event_handle, window_events> window_;
    std::size_t held_ = 0;
    std::int64_t opened_ns_ = 0;
};

}  // namespace pipeline
