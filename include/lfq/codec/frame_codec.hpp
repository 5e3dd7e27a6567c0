// SPDX-License-Identifier: MIT
// lfq/codec/frame_codec.hpp — frames found in bytes without a copy, and written into bytes.
// Room: codec (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/copy_short.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace lfq::inline LFQ_ABI {

/// Bytes of the length word, which counts what follows it.
inline constexpr std::size_t frame_length_bytes = 4;
/// Bytes before the topic of an ordinary frame: length, priority, topic length.
inline constexpr std::size_t frame_header_bytes = 7;
/// Bytes before the body of an extension frame: length, opcode.
inline constexpr std::size_t frame_extension_header_bytes = 5;
/// The largest priority. A larger first byte behind the length is the opcode of an extension frame.
inline constexpr std::uint8_t frame_priority_max = 127;

/// One frame, as views into bytes that somebody else keeps.
///
/// On the wire, big-endian: length (4, counts what follows it), priority (1), topic length (2),
/// topic, payload. The topic is never empty. An extension frame is length (4), opcode (1), body;
/// the opcode then stands in `priority`, the body in `payload`, and the topic is empty.
struct frame {
    std::uint8_t priority = 0;
    std::string_view topic;
    std::span<const std::byte> payload;

    [[nodiscard]] constexpr bool is_extension() const noexcept {
        return priority > frame_priority_max;
    }
};

/// What a frame may measure. The decoder refuses a larger one before it has arrived.
struct frame_limits {
    std::uint32_t frame_bytes_max = 65536;  ///< the length word: 4 less than the whole frame
    std::uint16_t topic_bytes_max = 255;
};

/// What is wrong with some bytes, or with a frame that was to be encoded.
enum class frame_error : std::uint8_t {
    none,
    frame_too_short,  ///< the length leaves no room for the header
    frame_too_long,  ///< the length exceeds frame_bytes_max
    topic_empty,  ///< an ordinary frame without a topic
    topic_too_long,  ///< the topic exceeds topic_bytes_max
    topic_beyond_frame,  ///< the topic would end behind its frame
    cut_short,  ///< a datagram ends inside its frame (in a stream that is no error)
    trailing_bytes,  ///< a datagram goes on behind its frame
    output_too_small,  ///< encode: the output cannot hold the frame
    priority_out_of_range,  ///< encode: a priority that would read as an opcode
    opcode_out_of_range,  ///< encode_extension: an opcode that would read as a priority
};

/// How many values frame_error has: the size of an array that counts by error.
inline constexpr std::size_t frame_error_count = 11;

/// The error in words, for logs. Never null.
[[nodiscard]] constexpr const char* to_string(frame_error error) noexcept;

// Frames to bytes.

struct encode_result {
    std::size_t bytes = 0;  ///< written; for output_too_small: needed; for any other error: 0
    frame_error error = frame_error::none;
};

/// The size of `value` on the wire, of either kind, within the limits or not.
[[nodiscard]] constexpr std::size_t encoded_bytes(const frame& value) noexcept;

/// Writes an ordinary frame to the front of `out`, which must not overlap what the frame views.
/// Nothing is written unless the answer is frame_error::none. Wait-free; never allocates.
[[nodiscard]] inline encode_result encode(
    std::span<std::byte> out, const frame& value, const frame_limits& limits = {}) noexcept;

/// The same for an extension frame, whose opcode is above frame_priority_max.
[[nodiscard]] inline encode_result encode_extension(std::span<std::byte> out, std::uint8_t opcode,
    std::span<const std::byte> body, const frame_limits& limits = {}) noexcept;

struct encode_n_result {
    std::size_t count = 0;  ///< frames written
    std::size_t bytes = 0;  ///< written, of all of them
    frame_error error = frame_error::none;  ///< of values[count], the first that was not written
};

/// Writes ordinary frames one behind the other, until one is refused or does not fit: what
/// encode() answers for that one is the error. Wait-free; never allocates.
[[nodiscard]] inline encode_n_result encode_n(std::span<std::byte> out,
    std::span<const frame> values, const frame_limits& limits = {}) noexcept;

// Bytes to frames.

/// Called with each frame. Answers nothing, or a bool: false stops behind this frame.
template <class Visit>
concept frame_visitor = std::invocable<Visit&, const frame&> &&
    (std::is_void_v<std::invoke_result_t<Visit&, const frame&>> ||
        std::same_as<std::invoke_result_t<Visit&, const frame&>, bool>);

struct decode_result {
    std::size_t consumed = 0;  ///< bytes of the frames visited; the next frame begins behind them
    frame_error error = frame_error::none;  ///< of the frame at `consumed`: the stream is lost
    std::size_t wanted = 0;  ///< the size that bytes[consumed …) must reach; 0: no frame is cut
};

struct decode_n_result : decode_result {
    std::size_t count = 0;  ///< frames stored; out.size(): there may be more
};

struct datagram_result {
    lfq::frame frame;  ///< the frame when error is none, else empty
    frame_error error = frame_error::none;
};

/// Finds frames in bytes without copying any. It keeps nothing but its limits: whoever reads the
/// stream keeps the cut tail, bytes[consumed …), and decodes again with more bytes behind it.
///
/// Threads   any number may share one decoder.
/// Progress  wait-free: a few loads a frame; topic and payload are never touched. Looking again at
///           a cut frame costs its header only.
/// Order     frames are visited in the order of the bytes; views live as long as the bytes do.
/// Memory    the limits; never allocates.
/// Failure   every malformed shape is a frame_error, answered as soon as the bytes that prove it
///           are there. Nothing outside the span is read. What a visitor throws passes through.
/// Pick      frames from a socket, a file or a message, decoded where they lie.
/// Avoid     frames that must outlive the buffer, unless the visitor copies them.
/// Example   docs/snippets/frame_codec.cpp
class frame_decoder {
public:
    /// On 32 bits, frame_bytes_max is lowered to what a size_t can count with the length word.
    constexpr explicit frame_decoder(const frame_limits& limits = {}) noexcept : limits_(limits) {
        constexpr std::uint64_t countable = SIZE_MAX - frame_length_bytes;
        limits_.frame_bytes_max =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(limits.frame_bytes_max, countable));
    }

    /// Visits every whole frame at the front of `bytes`, until a cut or malformed one.
    template <frame_visitor Visit>
    [[nodiscard]] decode_result decode(std::span<const std::byte> bytes, Visit&& visit) const
        noexcept(std::is_nothrow_invocable_v<Visit&, const frame&>);

    /// Stores every whole frame at the front of `bytes`, until a cut or malformed one or until
    /// `out` is full: then the error is none and `wanted` 0, as behind a visitor's false.
    [[nodiscard]] decode_n_result decode_n(
        std::span<const std::byte> bytes, std::span<frame> out) const noexcept;

    /// The one frame of a datagram, with nothing behind it.
    [[nodiscard]] datagram_result decode_datagram(
        std::span<const std::byte> datagram) const noexcept;

    [[nodiscard]] constexpr const frame_limits& limits() const noexcept { return limits_; }

    /// The largest frame within the limits: a buffer of this size can complete any cut tail.
    [[nodiscard]] constexpr std::size_t encoded_bytes_max() const noexcept {
        return frame_length_bytes + std::size_t{limits_.frame_bytes_max};
    }

private:
    /// What the bytes that are there tell about the frame that begins with them.
    struct outline {
        frame_error error = frame_error::none;
        std::size_t wanted = 0;  // the whole frame once its length is known, else the length
        std::size_t topic_size = 0;  // 0: an extension frame
    };

    [[nodiscard]] outline outline_of(std::span<const std::byte> bytes) const noexcept;
    [[nodiscard]] static frame whole_frame(const std::byte* at, const outline& shape) noexcept;

    frame_limits limits_;  // written by the constructor only
};

constexpr const char* to_string(frame_error error) noexcept {
    constexpr std::array<const char*, frame_error_count> names{"none", "frame too short",
        "frame too long", "topic empty", "topic too long", "topic beyond frame", "cut short",
        "trailing bytes", "output too small", "priority out of range", "opcode out of range"};
    const auto index = static_cast<std::size_t>(error);
    return index < names.size() ? names[index] : "unknown frame error";
}

constexpr std::size_t encoded_bytes(const frame& value) noexcept {
    if (value.is_extension()) return frame_extension_header_bytes + value.payload.size();
    return frame_header_bytes + value.topic.size() + value.payload.size();
}

/// For encode and encode_extension: what both kinds of frame begin with.
inline void write_frame_start(std::byte* at, std::size_t length, std::uint8_t first) noexcept {
    at[0] = static_cast<std::byte>(length >> 24 & 0xff);
    at[1] = static_cast<std::byte>(length >> 16 & 0xff);
    at[2] = static_cast<std::byte>(length >> 8 & 0xff);
    at[3] = static_cast<std::byte>(length & 0xff);
    at[4] = static_cast<std::byte>(first);
}

inline encode_result encode(
    std::span<std::byte> out, const frame& value, const frame_limits& limits) noexcept {
    const std::size_t topic_size = value.topic.size();
    if (value.is_extension()) return {0, frame_error::priority_out_of_range};
    if (topic_size == 0) return {0, frame_error::topic_empty};
    if (topic_size > limits.topic_bytes_max) return {0, frame_error::topic_too_long};
    const std::size_t before_payload = frame_header_bytes - frame_length_bytes + topic_size;
    if (before_payload > limits.frame_bytes_max ||
        value.payload.size() > limits.frame_bytes_max - before_payload)
        return {0, frame_error::frame_too_long};
    const std::size_t needed = encoded_bytes(value);
    if (out.size() < needed) return {needed, frame_error::output_too_small};

    write_frame_start(out.data(), needed - frame_length_bytes, value.priority);
    out[5] = static_cast<std::byte>(topic_size >> 8);
    out[6] = static_cast<std::byte>(topic_size & 0xff);
    std::byte* const topic_at = out.data() + frame_header_bytes;
    copy_short(topic_at, std::as_bytes(std::span(value.topic)).data(), topic_size);
    copy_short(topic_at + topic_size, value.payload.data(), value.payload.size());
    return {needed, frame_error::none};
}

inline encode_result encode_extension(std::span<std::byte> out, std::uint8_t opcode,
    std::span<const std::byte> body, const frame_limits& limits) noexcept {
    if (opcode <= frame_priority_max) return {0, frame_error::opcode_out_of_range};
    if (limits.frame_bytes_max == 0 || body.size() > limits.frame_bytes_max - 1)
        return {0, frame_error::frame_too_long};
    const std::size_t needed = frame_extension_header_bytes + body.size();
    if (out.size() < needed) return {needed, frame_error::output_too_small};

    write_frame_start(out.data(), needed - frame_length_bytes, opcode);
    copy_short(out.data() + frame_extension_header_bytes, body.data(), body.size());
    return {needed, frame_error::none};
}

inline encode_n_result encode_n(
    std::span<std::byte> out, std::span<const frame> values, const frame_limits& limits) noexcept {
    encode_n_result all;
    for (const frame& each : values) {
        const encode_result one = encode(out.subspan(all.bytes), each, limits);
        all.error = one.error;
        if (one.error != frame_error::none) break;
        all.bytes += one.bytes;
        ++all.count;
    }
    return all;
}

template <frame_visitor Visit>
decode_result frame_decoder::decode(std::span<const std::byte> bytes, Visit&& visit) const
    noexcept(std::is_nothrow_invocable_v<Visit&, const frame&>) {
    std::size_t at = 0;
    while (at != bytes.size()) {
        const std::size_t left = bytes.size() - at;
        const outline shape = outline_of(bytes.last(left));
        if (shape.error != frame_error::none) return {at, shape.error, 0};
        if (shape.wanted > left) return {at, frame_error::none, shape.wanted};
        const frame found = whole_frame(bytes.data() + at, shape);
        at += shape.wanted;
        if constexpr (std::is_void_v<std::invoke_result_t<Visit&, const frame&>>) {
            visit(found);
        } else {
            if (!visit(found)) break;
        }
    }
    return {at, frame_error::none, 0};
}

inline decode_n_result frame_decoder::decode_n(
    std::span<const std::byte> bytes, std::span<frame> out) const noexcept {
    decode_n_result all;
    if (out.empty()) return all;
    static_cast<decode_result&>(all) = decode(bytes, [&](const frame& found) noexcept {
        // Member by member: copied whole, it would be read back in other pieces than it was just
        // written in, and wait for the cache.
        const std::string_view topic(found.topic.data(), found.topic.size());
        const std::span payload(found.payload.data(), found.payload.size());
        out[all.count] = {found.priority, topic, payload};
        return ++all.count != out.size();
    });
    return all;
}

inline datagram_result frame_decoder::decode_datagram(
    std::span<const std::byte> datagram) const noexcept {
    const outline shape = outline_of(datagram);
    if (shape.error != frame_error::none) return {{}, shape.error};
    if (shape.wanted > datagram.size()) return {{}, frame_error::cut_short};
    if (shape.wanted < datagram.size()) return {{}, frame_error::trailing_bytes};
    return {whole_frame(datagram.data(), shape), frame_error::none};
}

/// Lengths are compared with what is left, never added to a position before, so none can overflow.
inline frame_decoder::outline frame_decoder::outline_of(
    std::span<const std::byte> bytes) const noexcept {
    const auto byte_at = [bytes](std::size_t index) noexcept {
        return std::to_integer<std::uint32_t>(bytes[index]);
    };
    if (bytes.size() < frame_length_bytes) return {.wanted = frame_length_bytes};
    const std::uint32_t length = byte_at(0) << 24 | byte_at(1) << 16 | byte_at(2) << 8 | byte_at(3);
    if (length == 0) return {.error = frame_error::frame_too_short};
    if (length > limits_.frame_bytes_max) return {.error = frame_error::frame_too_long};

    const std::size_t whole = frame_length_bytes + std::size_t{length};
    if (bytes.size() < frame_extension_header_bytes) return {.wanted = whole};
    if (byte_at(4) > frame_priority_max) return {.wanted = whole};
    if (whole < frame_header_bytes) return {.error = frame_error::frame_too_short};
    if (bytes.size() < frame_header_bytes) return {.wanted = whole};

    const std::size_t topic_size = byte_at(5) << 8 | byte_at(6);
    if (topic_size == 0) return {.error = frame_error::topic_empty};
    if (topic_size > whole - frame_header_bytes) return {.error = frame_error::topic_beyond_frame};
    if (topic_size > limits_.topic_bytes_max) return {.error = frame_error::topic_too_long};
    return {.wanted = whole, .topic_size = topic_size};
}

inline frame frame_decoder::whole_frame(const std::byte* at, const outline& shape) noexcept {
    const auto first = std::to_integer<std::uint8_t>(at[frame_length_bytes]);
    const bool ordinary = shape.topic_size != 0;
    const std::size_t before_payload =
        ordinary ? frame_header_bytes + shape.topic_size : frame_extension_header_bytes;
    const std::span payload(at + before_payload, shape.wanted - before_payload);
    if (!ordinary) return {first, {}, payload};
    const auto* const topic = reinterpret_cast<const char*>(at + frame_header_bytes);
    return {first, {topic, shape.topic_size}, payload};
}

}  // namespace lfq::inline LFQ_ABI
