// SPDX-License-Identifier: MIT
#include "broker/cli/bench_publisher.hpp"

#include "broker/cli/bench_stamp.hpp"
#include "broker/cli/failure.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <algorithm>
#include <utility>

#include <sys/prctl.h>
#include <time.h>

namespace broker::cli {

namespace {

constexpr std::size_t tcp_write_bytes = 131'072;
constexpr std::uint64_t datagrams_per_call = 64;
// A paced publisher sends what has come due in bursts this far apart: one timer and one system
// call a burst, so that the client does not eat the cores that it shares with the broker.
constexpr std::uint64_t burst_ns = 100'000;

void sleep_until(std::uint64_t moment_ns) {
    const timespec moment{static_cast<time_t>(moment_ns / 1'000'000'000U),
        static_cast<long>(moment_ns % 1'000'000'000U)};
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, nullptr) != 0) {
    }
}

}  // namespace

bench_publisher::bench_publisher(
    const endpoint& where, publisher_plan plan, std::chrono::milliseconds patience)
    : plan_(std::move(plan)), socket_(where, plan_.how, patience) {
    build_batch();
}

void bench_publisher::build_batch() {
    const std::vector<std::byte> payload(plan_.payload_bytes);
    const lfq::frame frame{plan_.priority, plan_.topic, payload};
    frame_bytes_ = lfq::encoded_bytes(frame);
    batch_ = plan_.how == transport::udp
        ? datagrams_per_call
        : std::max<std::uint64_t>(1, tcp_write_bytes / frame_bytes_);
    frames_.resize(batch_ * frame_bytes_);
    for (std::uint64_t i = 0; i < batch_; ++i) {
        const auto at = std::span(frames_).subspan(i * frame_bytes_, frame_bytes_);
        const auto result = lfq::encode(at, frame);
        if (result.error != lfq::frame_error::none) {
            throw failure(exit_code::usage,
                std::string("cannot make such an event: ") + lfq::to_string(result.error));
        }
        pieces_.push_back({at.data(), at.size()});
    }
    messages_.resize(batch_);
    for (std::uint64_t i = 0; i < batch_; ++i) {
        messages_[i].msg_hdr.msg_iov = &pieces_[i];
        messages_[i].msg_hdr.msg_iovlen = 1;
    }
}

void bench_publisher::run() {
    ::prctl(PR_SET_TIMERSLACK, 1UL);  // sleeps end when they should, not 50 µs later
    const std::uint64_t start_ns = steady_ns();
    std::uint64_t sent = 0;
    for (std::uint64_t number = 0; sent < plan_.count; ++number) {
        const burst next = burst_at(number, start_ns);
        if (steady_ns() < next.due_ns) {
            sleep_until(next.due_ns);
        }
        for (const std::uint64_t end = std::min(next.end, plan_.count); sent < end;) {
            const std::uint64_t count = std::min(batch_, end - sent);
            stamp(sent, count, next.due_ns);
            write(count);
            sent += count;
            sent_.store(sent, std::memory_order_relaxed);  // own: only this thread writes
        }
    }
    socket_.finish_writing();
}

// A paced event carries the moment at which it was due, not the moment at which a late publisher
// got round to it, so that waiting in front of a busy broker counts as latency.
bench_publisher::burst bench_publisher::burst_at(
    std::uint64_t number, std::uint64_t start_ns) const {
    if (plan_.rate <= 0) {
        return {steady_ns(), (number + 1) * batch_};
    }
    const double events = std::max(1.0, plan_.rate * static_cast<double>(burst_ns) / 1e9);
    const double due = static_cast<double>(number) * events;
    return {start_ns + static_cast<std::uint64_t>(due / plan_.rate * 1e9),
        static_cast<std::uint64_t>(due + events)};
}

void bench_publisher::stamp(std::uint64_t first, std::uint64_t count, std::uint64_t due_ns) {
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto frame = std::span(frames_).subspan(i * frame_bytes_, frame_bytes_);
        put_stamp(frame.last(plan_.payload_bytes),
            bench_stamp{plan_.run, plan_.connection, first + i, due_ns});
    }
}

void bench_publisher::write(std::uint64_t count) {
    if (plan_.how == transport::tcp) {
        socket_.write_all(std::span<const std::byte>(frames_).first(count * frame_bytes_));
        return;
    }
    for (std::uint64_t done = 0; done < count;) {
        done += socket_.write_datagrams(std::span(messages_).subspan(done, count - done));
    }
}

}  // namespace broker::cli
