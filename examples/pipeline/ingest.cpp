// SPDX-License-Identifier: MIT
#include "pipeline/ingest.hpp"

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

namespace pipeline {

namespace {

constexpr std::array<std::string_view, processor_count> topics{
    "quotes/eur-usd", "orders/eu", "telemetry/rack-7"};
constexpr std::uint64_t repeated_one_in = 8;

}  // namespace

ingest::ingest(std::uint32_t producer, const traffic& wanted, event_pool& pool, ingest_ring& out,
    std::size_t samples)
    : producer_(producer),
      wanted_(wanted),
      cache_(cache_of(pool)),
      out_(out),
      buffer_(at_once * (lfq::frame_header_bytes + topic_bytes_max + payload_bytes)),
      times_(samples) {}

void ingest::run() {
    const std::int64_t start_ns = lfq::sys::clock::now_ns();
    while (written_ != wanted_.events) {
        std::uint64_t due = wanted_.events;
        if (wanted_.per_second != 0) {
            const auto since_ns = static_cast<std::uint64_t>(lfq::sys::clock::now_ns() - start_ns);
            due = std::min(due, since_ns * wanted_.per_second / 1'000'000'000);
            if (due == written_) {
                std::this_thread::yield();
                continue;
            }
        }
        const std::size_t bytes = write_frames(std::min<std::uint64_t>(at_once, due - written_));
        take_in(std::span(buffer_).first(bytes));
    }
}

std::size_t ingest::write_frames(std::size_t count) {
    std::array<std::array<std::byte, payload_bytes>, at_once> payloads;
    std::array<lfq::frame, at_once> frames;
    for (std::size_t i = 0; i < count; ++i, ++written_) {
        const auto kind = static_cast<std::size_t>(written_ % processor_count);
        std::uint64_t id = std::uint64_t{producer_} << 40 | (written_ + 1);
        if (kind == static_cast<std::size_t>(processor::transactional)) {
            const bool again = written_ / processor_count % repeated_one_in == 1;
            if (again) id = last_order_;
            sent_.repeated += again ? 1U : 0U;
            last_order_ = id;
        }
        ++sent_.events[kind];
        const auto sequence = static_cast<std::uint32_t>(written_);
        std::memcpy(payloads[i].data(), &id, 8);
        std::memcpy(payloads[i].data() + 8, &producer_, 4);
        std::memcpy(payloads[i].data() + 12, &sequence, 4);
        for (std::size_t at = marks_bytes; at < payload_bytes; ++at)
            payloads[i][at] = filler(id, at);
        frames[i] = {
            static_cast<std::uint8_t>(written_ / processor_count % 4), topics[kind], payloads[i]};
    }
    return lfq::encode_n(buffer_, std::span(frames).first(count)).bytes;
}

void ingest::take_in(std::span<const std::byte> bytes) {
    if (read_ % timed_one_in == 0) before_ns_ = lfq::sys::clock::now_ns();
    const lfq::decode_result result =
        lfq::frame_decoder().decode(bytes, [this](const lfq::frame& found) { hand_on(found); });
    if (result.consumed != bytes.size()) throw std::runtime_error("pipeline: half a frame");
}

void ingest::hand_on(const lfq::frame& found) {
    event_handle one = cache_.take();
    while (!one) {  // all events are on their way
        ++sent_.waits_for_pool;
        std::this_thread::yield();
        one = cache_.take();
    }
    fill(*one, found);
    const bool timed = read_ % timed_one_in == 0;
    if (timed) {
        const std::int64_t parsed_ns = lfq::sys::clock::now_ns();
        one->arrived_ns = before_ns_;
        one->handed_ns = parsed_ns;
        out_.push(std::move(one));
        times_.add(stage::parse, parsed_ns - before_ns_);
        times_.add(stage::ingest_push, lfq::sys::clock::now_ns() - parsed_ns);
    } else {
        out_.push(std::move(one));
    }
    ++read_;
    if (read_ % timed_one_in == 0) before_ns_ = lfq::sys::clock::now_ns();
}

void ingest::fill(event& one, const lfq::frame& found) {
    std::memcpy(&one.id, found.payload.data(), 8);
    std::memcpy(&one.producer, found.payload.data() + 8, 4);
    std::memcpy(&one.sequence, found.payload.data() + 12, 4);
    one.priority = found.priority;
    one.topic.assign(found.topic);
    one.payload.assign(found.payload.begin(), found.payload.end());
    one.arrived_ns = 0;
}

}  // namespace pipeline
