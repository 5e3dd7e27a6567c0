// SPDX-License-Identifier: MIT
#include "broker/cli/bench_subscriber.hpp"

#include <utility>

namespace broker::cli {

namespace {

// When nothing may be missing, what comes after the last event would be one too many; this long is
// waited for it. When some may be missing, this much silence is the end.
constexpr std::chrono::milliseconds linger{50};
constexpr std::chrono::milliseconds silence{300};

}  // namespace

bench_subscriber::bench_subscriber(
    const endpoint& where, subscriber_plan plan, std::chrono::milliseconds patience)
    : plan_(std::move(plan)),
      patience_(patience),
      client_(where, "lfqctl bench", patience),
      events_(plan_.topics.size()) {
    client_.subscribe(1, plan_.filter);
}

void bench_subscriber::run(const std::atomic<bool>& publishing_is_over) {
    using clock = std::chrono::steady_clock;
    const auto limit = plan_.all_must_arrive ? patience_ : silence;
    auto last_sign_of_life = clock::now();
    for (;;) {
        const bool complete = events_.received() >= plan_.expected;
        std::uint64_t now_ns = 0;
        const bool heard = client_.read(linger, [&](const event_view& event) {
            if (now_ns == 0) now_ns = steady_ns();
            take(event, now_ns);
        });
        received_.store(events_.received(), std::memory_order_relaxed);  // own: one writer
        if (heard) {
            last_sign_of_life = clock::now();
            last_ns_ = now_ns != 0 ? now_ns : last_ns_;
            continue;
        }
        if (complete || client_.ended()) return;
        // hint: seeing it late only waits a little longer.
        if (!publishing_is_over.load(std::memory_order_relaxed)) {
            last_sign_of_life = clock::now();
        } else if (clock::now() - last_sign_of_life > limit) {
            return;
        }
    }
}

void bench_subscriber::take(const event_view& event, std::uint64_t now_ns) {
    bench_stamp stamp;
    const bool whole = get_stamp(event.payload, stamp);
    if (stamp.run != plan_.run) {
        ++foreign_;
        return;
    }
    if (!whole || stamp.connection >= plan_.topics.size() ||
        event.payload.size() != plan_.payload_bytes || event.priority != plan_.priority ||
        event.topic != plan_.topics[stamp.connection]) {
        ++damaged_;
        return;
    }
    if (first_ns_ == 0) first_ns_ = now_ns;
    events_.note(stamp);
    latency_ns_.add(now_ns - stamp.due_ns);
}

}  // namespace broker::cli
