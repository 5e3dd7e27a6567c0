// SPDX-License-Identifier: MIT
// A slow model of the frame format, for frame_codec.property.cpp. It shares no code with the codec:
// plain arithmetic on one frame at a time, and a table of rules.
#pragma once

#include <lfq/codec/frame_codec.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace frame_model {

using lfq::frame_error;
using lfq::frame_limits;
using byte_vector = std::vector<std::byte>;

// A frame that keeps its bytes.
struct kept_frame {
    std::uint8_t priority = 0;
    std::string topic;
    byte_vector payload;

    kept_frame() = default;
    explicit kept_frame(const lfq::frame& seen)
        : priority(seen.priority),
          topic(seen.topic),
          payload(seen.payload.begin(), seen.payload.end()) {}
    bool operator==(const kept_frame&) const = default;
};

struct reading {
    std::vector<kept_frame> frames;
    std::size_t consumed = 0;
    frame_error error = frame_error::none;
    std::size_t wanted = 0;
    bool operator==(const reading&) const = default;
};

// The model: the fields of one frame by plain arithmetic, and rules that may be applied once the
// bytes up to `known_at` are there.
struct fields {
    std::uint64_t length, first, topic_size;
};

struct rule {
    std::size_t known_at;
    std::function<bool(const fields&, const frame_limits&)> broken;
    frame_error error;
};

inline const std::vector<rule> rules{
    {4, [](auto& f, auto&) { return f.length < 1; }, frame_error::frame_too_short},
    {4, [](auto& f, auto& l) { return f.length > l.frame_bytes_max; }, frame_error::frame_too_long},
    {5, [](auto& f, auto&) { return f.first < 128 && f.length < 3; }, frame_error::frame_too_short},
    {7, [](auto& f, auto&) { return f.first < 128 && f.topic_size < 1; }, frame_error::topic_empty},
    {7, [](auto& f, auto&) { return f.first < 128 && f.topic_size + 3 > f.length; },
        frame_error::topic_beyond_frame},
    {7, [](auto& f, auto& l) { return f.first < 128 && f.topic_size > l.topic_bytes_max; },
        frame_error::topic_too_long},
};

inline reading decode(const byte_vector& bytes, const frame_limits& limits) {
    reading answer;
    for (;;) {
        const byte_vector rest(
            bytes.begin() + static_cast<std::ptrdiff_t>(answer.consumed), bytes.end());
        if (rest.empty()) return answer;
        const auto number = [&rest](std::size_t from, std::size_t to) {
            std::uint64_t value = 0;
            for (std::size_t i = from; i < to; ++i)
                value = value * 256 + (i < rest.size() ? std::to_integer<unsigned>(rest[i]) : 0);
            return value;
        };
        const fields seen{number(0, 4), number(4, 5), number(5, 7)};
        for (const rule& each : rules) {
            if (rest.size() < each.known_at || !each.broken(seen, limits)) continue;
            answer.error = each.error;
            return answer;
        }
        const std::size_t whole = rest.size() < 4 ? 4 : 4 + seen.length;
        if (rest.size() < 4 || rest.size() < whole) {
            answer.wanted = whole;
            return answer;
        }
        kept_frame found;
        found.priority = static_cast<std::uint8_t>(seen.first);
        const std::size_t topic_end = seen.first < 128 ? 7 + seen.topic_size : 5;
        for (std::size_t i = 7; i < topic_end; ++i) found.topic += static_cast<char>(rest[i]);
        for (std::size_t i = topic_end; i < whole; ++i) found.payload.push_back(rest[i]);
        answer.frames.push_back(found);
        answer.consumed += whole;
    }
}

inline byte_vector encode(const kept_frame& value) {
    const bool ordinary = value.priority < 128;
    const std::size_t length = 1 + (ordinary ? 2 + value.topic.size() : 0) + value.payload.size();
    byte_vector bytes;
    bytes.reserve(4 + length);
    const auto append = [&bytes](std::size_t number) {
        bytes.push_back(static_cast<std::byte>(number % 256));
    };
    for (std::size_t unit = 1 << 24; unit != 0; unit /= 256) append(length / unit);
    append(value.priority);
    if (ordinary) {
        append(value.topic.size() / 256);
        append(value.topic.size());
        for (const char letter : value.topic) append(static_cast<unsigned char>(letter));
    }
    for (const std::byte each : value.payload) bytes.push_back(each);
    return bytes;
}

}  // namespace frame_model
