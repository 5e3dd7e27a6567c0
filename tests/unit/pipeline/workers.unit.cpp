// SPDX-License-Identifier: MIT
// Goal: the times that workers of examples/pipeline note are of what they say: a batch event's work
//       is done when its window ends, and waiting for that is neither work nor part of the whole.
// Method: one worker and its ring in this thread; times are compared with looks at the same clock.
// Cannot show: how long anything takes.
#include "pipeline/workers.hpp"

#include "support/catch.hpp"

#include <lfq/sys/clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>

using namespace pipeline;

namespace {

std::int64_t now() { return lfq::sys::clock::now_ns(); }

template <class Worker>
struct bench {
    /// Answers when it arrived.
    std::int64_t give(bool timed) {
        event_handle one = giving.take();
        REQUIRE(one);
        one->id = ++given;
        one->sequence = static_cast<std::uint32_t>(given);
        one->payload.resize(payload_bytes);
        for (std::size_t at = marks_bytes; at < payload_bytes; ++at)
            one->payload[at] = filler(one->id, at);
        const std::int64_t arrived_ns = now();
        one->arrived_ns = timed ? arrived_ns : 0;
        one->handed_ns = arrived_ns;
        const bool pushed = rings.try_push_to(0, std::move(one));
        REQUIRE(pushed);
        return arrived_ns;
    }
    [[nodiscard]] std::size_t noted(stage where) const { return its.times().count(where); }
    [[nodiscard]] std::int64_t only(stage where) const {
        stage_times copy = its.times();
        REQUIRE(copy.count(where) == 1);
        return copy.quantile_ns(where, 0.5);
    }

    event_pool pool;
    event_cache giving = cache_of(pool);
    worker_rings rings{1, 1'024};
    Worker its{pool, rings.worker(0), 1, 1'000};
    std::uint64_t given = 0;
};

}  // namespace

TEST_CASE("work_on_a_batch_event_is_timed_when_its_window_ends_and_without_the_wait") {
    bench<batch_worker> b;
    const std::int64_t arrived_ns = b.give(true);
    CHECK(b.its.step() == 1);
    CHECK(b.noted(stage::worker_wait) == 1);
    CHECK(b.noted(stage::work) == 0);
    CHECK(b.noted(stage::whole) == 0);

    const std::int64_t held_ns = now();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const std::int64_t end_ns = now();
    b.its.finish();
    const std::int64_t over_ns = now();
    CHECK(b.its.counts().events == 1);
    CHECK(b.its.counts().broken == 0);
    CHECK(b.only(stage::window) >= end_ns - held_ns);
    CHECK(b.only(stage::work) <= over_ns - end_ns);
    CHECK(b.only(stage::whole) <= over_ns - arrived_ns - b.only(stage::window));
    CHECK(b.only(stage::whole) >= b.only(stage::worker_wait) + b.only(stage::work));
}

TEST_CASE("each_timed_event_of_a_window_has_its_times_once") {
    bench<batch_worker> b;
    for (std::size_t i = 0; i < batch_worker::window_events + 10; ++i) b.give(i % 3 == 0);
    while (b.its.step() != 0) {
    }
    b.its.finish();
    CHECK(b.its.counts().events == batch_worker::window_events + 10);
    CHECK(b.its.counts().windows >= 2);
    constexpr std::size_t timed = (batch_worker::window_events + 10 + 2) / 3;
    for (const stage each : {stage::worker_wait, stage::window, stage::work, stage::whole})
        CHECK(b.noted(each) == timed);
}

TEST_CASE("who_holds_nothing_waits_for_no_window") {
    bench<realtime_worker> b;
    const std::int64_t arrived_ns = b.give(true);
    b.give(false);
    CHECK(b.its.step() == 2);
    const std::int64_t over_ns = now();
    CHECK(b.noted(stage::window) == 0);
    CHECK(b.only(stage::whole) <= over_ns - arrived_ns);
    CHECK(b.only(stage::whole) >= b.only(stage::worker_wait) + b.only(stage::work));
}

TEST_CASE("a_histogram_has_every_time_in_the_bucket_of_the_next_power_of_two") {
    stage_times times(100);
    for (const std::int64_t each : {-1, 0, 128, 129, 256, 257, 1 << 20, (1 << 20) + 1, 1 << 30})
        times.add(stage::work, each);
    const auto counts = times.histogram(stage::work);
    CHECK(counts[0] == 3);  // clocks may go backwards between cpus
    CHECK(counts[1] == 2);
    CHECK(counts[2] == 1);
    CHECK(counts[bucket_count - 2] == 1);  // to 2^20 ns
    CHECK(counts[bucket_count - 1] == 2);
}
