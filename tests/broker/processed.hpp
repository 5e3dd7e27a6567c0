// SPDX-License-Identifier: MIT
// Events for a processor, and what became of them.
#pragma once

#include "broker/core/processor.hpp"
#include "broker/core/routes.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace broker::test {

// What a processor said, in its order. Events are told apart by received_ns, which nobody reads.
class recorded final : public core::outcome {
public:
    void hand_on(std::span<const core::event> events) override {
        spans.push_back(events.size());
        handed.insert(handed.end(), events.begin(), events.end());
    }
    void drop(const core::event& one, core::drop_reason why) override {
        dropped.push_back(one);
        reasons.push_back(why);
    }

    [[nodiscard]] std::vector<std::uint64_t> numbers() const {
        std::vector<std::uint64_t> all;
        for (const core::event& each : handed) all.push_back(each.received_ns);
        return all;
    }
    void forget() {
        spans.clear();
        handed.clear();
        dropped.clear();
        reasons.clear();
    }

    std::vector<std::size_t> spans;  // events handed on together
    std::vector<core::event> handed;
    std::vector<core::event> dropped;
    std::vector<core::drop_reason> reasons;
};

// Routed events, whose bytes live as long as this.
class event_maker {
public:
    [[nodiscard]] core::event make(std::uint64_t number, std::uint32_t topic_number,
        const std::string& payload = "", std::uint8_t priority = 0) {
        const std::string topic = "t" + std::to_string(topic_number);
        bytes_.push_back(topic + payload);
        blocks_.emplace_back().bytes = reinterpret_cast<std::byte*>(bytes_.back().data());
        core::event one;
        one.block = &blocks_.back();
        one.where = &anywhere_;
        one.received_ns = number;
        one.payload_bytes = static_cast<std::uint32_t>(payload.size());
        one.topic_number = topic_number;
        one.topic_bytes = static_cast<std::uint16_t>(topic.size());
        one.priority = priority;
        return one;
    }

private:
    std::deque<std::string> bytes_;
    std::deque<core::slab> blocks_;
    core::route anywhere_;
};

}  // namespace broker::test
