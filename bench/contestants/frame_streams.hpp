// SPDX-License-Identifier: MIT
// bench/contestants/frame_streams.hpp — frames that lie one behind the other in the cache, as they
// do after a read from a socket, and what must be found in them.
#pragma once

#include "harness/keep.hpp"
#include "harness/question.hpp"
#include "harness/team.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

inline constexpr std::size_t stream_bytes = 65'536;

/// What a visitor must have found when it has seen the whole stream.
struct sums {
    std::uint64_t frames = 0;
    std::uint64_t priorities = 0;
    std::uint64_t topic_bytes = 0;
    std::uint64_t payload_bytes = 0;

    void add(std::uint64_t priority, std::size_t topic_size, std::size_t payload_size) noexcept {
        ++frames;
        priorities += priority;
        topic_bytes += topic_size;
        payload_bytes += payload_size;
    }
    friend bool operator==(const sums&, const sums&) = default;
};

/// Whole frames of `frame_bytes` each; topics of 4 to 19 bytes in no short pattern.
struct stream {
    explicit stream(std::size_t frame_bytes) : bytes(stream_bytes) {
        const std::string letters = "sensor/temp/cellar1";
        const std::vector<std::byte> filler(frame_bytes, std::byte{0x5a});
        std::uint64_t dice = 88'172'645'463'325'252;
        for (std::size_t at = 0; at < stream_bytes; at += frame_bytes) {
            dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
            const std::size_t topic_size = 4 + dice % 16;
            const std::size_t payload_size = frame_bytes - lfq::frame_header_bytes - topic_size;
            const auto priority = static_cast<std::uint8_t>(dice >> 32 & 127);
            const lfq::frame one{priority, std::string_view(letters).substr(0, topic_size),
                std::span(filler).first(payload_size)};
            const auto [used, error] = lfq::encode(std::span(bytes).subspan(at), one);
            if (error != lfq::frame_error::none || used != frame_bytes) std::abort();
            expected.add(priority, topic_size, payload_size);
        }
    }

    std::vector<std::byte> bytes;
    sums expected;
};

/// A pass that goes through the whole stream again and again; `go` takes the bytes and answers with
/// what it saw. `figure` turns frames and seconds into the question's unit.
template <class Go, class Figure>
[[nodiscard]] pass again_and_again(
    team& pinned, std::shared_ptr<stream> input, Go go, Figure figure) {
    return [&pinned, input, go, figure](std::uint64_t count) mutable {
        bool right = true;
        std::uint64_t frames = 0;
        const auto decode_all = [&] {
            while (frames < count) {
                memory_changed();
                right = go(std::span<const std::byte>(input->bytes), input->expected) && right;
                frames += input->expected.frames;
            }
        };
        const double seconds = pinned.seconds_together(decode_all, [] {});
        return outcome{seconds, figure(static_cast<double>(frames), seconds), right};
    };
}

/// Views of every frame of the stream, to be encoded again.
[[nodiscard]] inline std::vector<lfq::frame> views_of(const stream& input) {
    std::vector<lfq::frame> views(input.expected.frames);
    if (lfq::frame_decoder{}.decode_n(input.bytes, views).count != views.size()) std::abort();
    return views;
}

}  // namespace bench
