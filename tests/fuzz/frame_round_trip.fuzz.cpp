// SPDX-License-Identifier: MIT
// Goal: a frame is encoded exactly when the limits and the output allow it, and then comes back.
// Feeds: limits (1 byte), priority (1), topic size (1), payload size (1), output size (1: exact,
//        one less, one more, else so many bytes), then letters for the start of topic and payload.
// Promises: the error is that of the documented rules; `bytes` is what it says; an output is
//           written on success alone, and only as far as `bytes`; the bytes are the model's;
//           decoding, as a stream and as a datagram, gives the frame back.
// Cannot show: outputs that overlap the frame (forbidden).
#include "fuzz/frame_limits.hpp"
#include "fuzz/fuzz.hpp"
#include "property/codec/frame_model.hpp"

#include <array>

namespace {

using frame_model::kept_frame;
using fuzz::byte_vector;
using fuzz::require;
using lfq::frame_error;

constexpr std::byte untouched{0xa5};

std::size_t length_of(const kept_frame& value, bool extension) {
    return 1 + (extension ? 0 : 2 + value.topic.size()) + value.payload.size();
}

/// What frame_codec.hpp says of the frame alone, before the output is looked at.
frame_error refusal_of(const kept_frame& value, const lfq::frame_limits& limits, bool extension) {
    const bool opcode = value.priority > lfq::frame_priority_max;
    if (extension && !opcode) return frame_error::opcode_out_of_range;
    if (!extension && opcode) return frame_error::priority_out_of_range;
    if (!extension && value.topic.empty()) return frame_error::topic_empty;
    if (!extension && value.topic.size() > limits.topic_bytes_max)
        return frame_error::topic_too_long;
    return length_of(value, extension) > limits.frame_bytes_max ? frame_error::frame_too_long
                                                                : frame_error::none;
}

/// Small ones are cheap, so most are; the last sixteen stand for edges.
std::size_t take_size(fuzz::input& in) {
    constexpr std::array<std::size_t, 16> edges{253, 254, 255, 256, 257, 293, 297, 299, 300, 512,
        65'278, 65'533, 65'534, 65'535, 65'536, 65'537};
    const std::size_t choice = in.number<std::uint8_t>();
    constexpr std::size_t first_edge = 256 - edges.size();
    return choice < first_edge ? choice : edges[choice - first_edge];
}

std::size_t output_size(std::uint8_t choice, std::size_t needed) {
    switch (choice) {
        case 0: return needed;
        case 1: return needed - 1;
        case 2: return needed + 1;
        default: return choice;
    }
}

void comes_back(const kept_frame& value, const byte_vector& wire, const lfq::frame_limits& limits) {
    const lfq::frame_decoder decoder(limits);
    std::size_t seen = 0;
    const auto stream = decoder.decode(wire, [&](const lfq::frame& found) {
        require(kept_frame(found) == value, "a stream gives the frame back");
        ++seen;
    });
    require(seen == 1 && stream.consumed == wire.size(), "a stream has this frame alone");
    const auto datagram = decoder.decode_datagram(wire);
    require(datagram.error == frame_error::none, "a datagram takes the frame");
    require(kept_frame(datagram.frame) == value, "a datagram gives the frame back");
}

void round_trip(
    kept_frame value, const lfq::frame_limits& limits, std::uint8_t output_choice, bool extension) {
    if (extension) value.topic.clear();
    const lfq::frame view{value.priority, value.topic, value.payload};
    const std::size_t needed = 4 + length_of(value, extension);
    frame_error expected = refusal_of(value, limits, extension);
    byte_vector out(output_size(output_choice, needed), untouched);
    if (expected == frame_error::none && out.size() < needed)
        expected = frame_error::output_too_small;

    const auto result = extension
        ? lfq::encode_extension(out, value.priority, value.payload, limits)
        : lfq::encode(out, view, limits);
    require(result.error == expected, "the error is that of the rules");
    const bool sized = expected == frame_error::none || expected == frame_error::output_too_small;
    require(result.bytes == (sized ? needed : 0), "bytes is what was or would be written");
    const auto written_end =
        out.begin() + static_cast<std::ptrdiff_t>(expected == frame_error::none ? needed : 0);
    require(std::count(written_end, out.end(), untouched) == out.end() - written_end,
        "nothing else is written");
    if (expected != frame_error::none) return;
    require(lfq::encoded_bytes(view) == needed, "encoded_bytes tells the size");
    out.resize(needed);
    require(out == frame_model::encode(value), "the bytes are the model's");
    comes_back(value, out, limits);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const lfq::frame_limits limits = fuzz::take_limits(in);
    kept_frame value;
    value.priority = in.number<std::uint8_t>();
    value.topic.resize(take_size(in));
    value.payload.resize(take_size(in));
    const auto output_choice = in.number<std::uint8_t>();
    const std::string letters{fuzz::text_of(in.rest())};
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (i < value.topic.size()) value.topic[i] = letters[i];
        const std::size_t mirrored = letters.size() - 1 - i;
        if (i < value.payload.size()) value.payload[i] = static_cast<std::byte>(letters[mirrored]);
    }
    round_trip(value, limits, output_choice, false);
    round_trip(value, limits, output_choice, true);
    return 0;
}
