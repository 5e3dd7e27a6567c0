// SPDX-License-Identifier: MIT
// Goal: on any bytes, however cut, the frame codec says what a slow model of the format says.
// Method: random frames, limits, mutations and cuts; the model (frame_model.hpp) shares no code
//         with the codec. Bytes lie in heap buffers of exactly their size, so that the address
//         sanitizer sees a read outside. LFQ_SEED repeats a run.
// Cannot show: speed; shapes that the mutations do not reach (each error must be reached).
#include <lfq/codec/frame_codec.hpp>

#include "property/codec/frame_model.hpp"
#include "support/catch.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace {

using frame_model::byte_vector;
using frame_model::kept_frame;
using frame_model::reading;
using lfq::frame_error;
using lfq::frame_limits;

reading real_decode(const byte_vector& bytes, const frame_limits& limits) {
    const byte_vector exact(bytes.begin(), bytes.end());
    reading answer;
    const auto result = lfq::frame_decoder(limits).decode(
        exact, [&answer](const lfq::frame& seen) { answer.frames.emplace_back(seen); });
    answer.consumed = result.consumed;
    answer.error = result.error;
    answer.wanted = result.wanted;
    return answer;
}

lfq::encode_result real_encode(
    std::span<std::byte> out, const kept_frame& value, const frame_limits& limits) {
    if (value.priority > lfq::frame_priority_max)
        return lfq::encode_extension(out, value.priority, value.payload, limits);
    return lfq::encode(out, {value.priority, value.topic, value.payload}, limits);
}

// Random frames, limits and mutations.
class frame_dice : public support::dice {
public:
    std::byte any_byte() { return static_cast<std::byte>(from_to(0, 255)); }

    // Edges are as likely as everything between them.
    std::size_t near_edges(std::size_t low, std::size_t high) {
        if (one_in(4)) return low;
        return one_in(4) ? high : from_to(low, high);
    }

    frame_limits limits() {
        return {static_cast<std::uint32_t>(near_edges(8, 700)),
            static_cast<std::uint16_t>(near_edges(1, 300))};
    }

    // Within `limits` when `excess` is 0, else sometimes beyond them.
    kept_frame frame(const frame_limits& limits, std::size_t excess = 0) {
        kept_frame value;
        std::size_t room = limits.frame_bytes_max + excess - 1;
        value.priority = static_cast<std::uint8_t>(near_edges(0, 127));
        if (one_in(4)) {
            value.priority = static_cast<std::uint8_t>(near_edges(128, 255));
        } else {
            const std::size_t topic_max = std::min<std::size_t>(
                limits.topic_bytes_max + excess, limits.frame_bytes_max + excess - 3);
            const std::size_t topic_size = near_edges(excess == 0 ? 1 : 0, topic_max);
            while (value.topic.size() < topic_size) value.topic += static_cast<char>(any_byte());
            room -= 2 + topic_size;
        }
        value.payload.resize(one_in(2) ? std::min<std::size_t>(room, 9) : near_edges(0, room));
        for (std::byte& each : value.payload) each = any_byte();
        return value;
    }

    byte_vector stream(const frame_limits& limits, std::size_t frames_max) {
        byte_vector bytes;
        for (std::size_t left = from_to(1, frames_max); left != 0; --left) {
            for (const std::byte each : frame_model::encode(frame(limits))) bytes.push_back(each);
        }
        return bytes;
    }

    void mutate(byte_vector& bytes) {
        const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(from_to(0, bytes.size()));
        const std::byte value = one_in(2) ? static_cast<std::byte>(from_to(0, 3)) : any_byte();
        switch (from_to(0, 3)) {
            case 0: bytes.insert(place, value); break;
            case 1: bytes.erase(place, bytes.end()); break;
            default: {  // headers are small: half of the time hit the first one
                const std::size_t at = one_in(2) ? from_to(0, 6) : from_to(0, bytes.size());
                if (at < bytes.size()) bytes[at] = value;
            }
        }
    }
};

// Everything by arrays of random lengths, going on behind the last frame stored.
reading decode_by_arrays(const byte_vector& bytes, const frame_limits& limits, frame_dice& random) {
    const lfq::frame_decoder decoder(limits);
    const byte_vector exact(bytes.begin(), bytes.end());
    reading answer;
    for (bool more = true; more;) {
        std::vector<lfq::frame> out(random.from_to(1, 4));
        const auto found = decoder.decode_n(std::span(exact).subspan(answer.consumed), out);
        for (const lfq::frame& each : std::span(out).first(found.count))
            answer.frames.emplace_back(each);
        answer.consumed += found.consumed;
        answer.error = found.error;
        answer.wanted = found.wanted;
        more = found.count == out.size();
    }
    return answer;
}

// What a careful reader does: a buffer of encoded_bytes_max(), refilled behind the cut tail.
reading read_in_pieces(const byte_vector& bytes, const frame_limits& limits,
    const std::function<std::size_t(std::size_t)>& piece_size) {
    const lfq::frame_decoder decoder(limits);
    byte_vector buffer(decoder.encoded_bytes_max());
    reading answer;
    std::size_t kept = 0;
    for (std::size_t taken = 0; taken < bytes.size() && answer.error == frame_error::none;) {
        const std::size_t most = std::min(buffer.size() - kept, bytes.size() - taken);
        const std::size_t piece = std::min(most, piece_size(taken));
        const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(taken);
        std::copy_n(from, piece, buffer.begin() + static_cast<std::ptrdiff_t>(kept));
        taken += piece;
        const byte_vector there(
            buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(kept + piece));
        const auto result = decoder.decode(
            there, [&answer](const lfq::frame& seen) { answer.frames.emplace_back(seen); });
        answer.consumed += result.consumed;
        answer.error = result.error;
        answer.wanted = result.wanted;
        kept = there.size() - result.consumed;
        std::copy(there.end() - static_cast<std::ptrdiff_t>(kept), there.end(), buffer.begin());
    }
    return answer;
}

}  // namespace

TEST_CASE("random_frames_survive_encoding_and_decoding_and_match_the_model_byte_for_byte") {
    frame_dice random;
    for (int round = 0; round < 2000; ++round) {
        const frame_limits limits = random.limits();
        byte_vector wire;
        std::vector<kept_frame> sent;
        for (std::size_t left = random.from_to(1, 8); left != 0; --left) {
            const kept_frame value = random.frame(limits);
            byte_vector out(lfq::encoded_bytes({value.priority, value.topic, value.payload}));
            REQUIRE(real_encode(out, value, limits).error == frame_error::none);
            REQUIRE(out == frame_model::encode(value));
            for (const std::byte each : out) wire.push_back(each);
            sent.push_back(value);
        }
        const reading found = real_decode(wire, limits);
        REQUIRE(found.frames == sent);
        REQUIRE(found.consumed == wire.size());
        REQUIRE(found.error == frame_error::none);
    }
}

TEST_CASE("encode_n_writes_what_encode_writes_and_stops_where_it_does") {
    frame_dice random;
    int stopped = 0;
    for (int round = 0; round < 2000; ++round) {
        const frame_limits limits = random.limits();
        std::vector<kept_frame> kept(random.from_to(0, 6));
        for (kept_frame& each : kept) each = random.frame(limits, random.one_in(8) ? 2 : 0);
        std::vector<lfq::frame> values;
        std::size_t room = 0;
        for (const kept_frame& each : kept) {
            values.push_back({each.priority, each.topic, each.payload});
            room += lfq::encoded_bytes(values.back());
        }
        if (random.one_in(2)) room = random.from_to(0, room);
        byte_vector singly(room);
        lfq::encode_n_result expected;
        for (const lfq::frame& each : values) {
            const auto one = lfq::encode(std::span(singly).subspan(expected.bytes), each, limits);
            expected.error = one.error;
            if (one.error != frame_error::none) break;
            expected.bytes += one.bytes;
            ++expected.count;
        }
        byte_vector out(room);
        const lfq::encode_n_result all = lfq::encode_n(out, values, limits);
        REQUIRE(all.count == expected.count);
        REQUIRE(all.bytes == expected.bytes);
        REQUIRE(all.error == expected.error);
        REQUIRE(out == singly);
        if (all.error != frame_error::none) ++stopped;
    }
    REQUIRE(stopped > 0);
}

TEST_CASE("encode_accepts_exactly_what_decode_accepts_within_the_same_limits") {
    frame_dice random;
    int refusals = 0;
    for (int round = 0; round < 5000; ++round) {
        const frame_limits limits = random.limits();
        const kept_frame value = random.frame(limits, 2);
        byte_vector out(frame_model::encode(value).size());
        const auto result = real_encode(out, value, limits);
        const reading found = frame_model::decode(frame_model::encode(value), limits);
        REQUIRE((result.error == frame_error::none) == (found.error == frame_error::none));
        if (result.error != frame_error::none) ++refusals;
    }
    REQUIRE(refusals > 0);
}

TEST_CASE("a_stream_cut_once_at_any_byte_gives_the_same_frames") {
    frame_dice random;
    for (int round = 0; round < 40; ++round) {
        const frame_limits limits{.frame_bytes_max = 60, .topic_bytes_max = 20};
        byte_vector bytes = random.stream(limits, 5);
        if (round % 2 != 0) random.mutate(bytes);
        const reading whole = frame_model::decode(bytes, limits);
        for (std::size_t cut = 1; cut <= bytes.size(); ++cut)
            REQUIRE(read_in_pieces(bytes, limits, [cut, &bytes](std::size_t taken) {
                return taken < cut ? cut - taken : bytes.size();
            }) == whole);
    }
}

TEST_CASE("a_stream_in_random_pieces_gives_the_same_frames") {
    frame_dice random;
    for (int round = 0; round < 400; ++round) {
        const frame_limits limits = random.limits();
        byte_vector bytes = random.stream(limits, 10);
        if (round % 2 != 0) random.mutate(bytes);
        const std::size_t piece_max = random.near_edges(1, 100);
        REQUIRE(read_in_pieces(bytes, limits, [&](std::size_t) {
            return random.from_to(1, piece_max);
        }) == frame_model::decode(bytes, limits));
    }
}

TEST_CASE("any_bytes_give_the_models_frames_and_errors_as_a_stream_and_as_a_datagram") {
    frame_dice random;
    std::vector<int> seen(lfq::frame_error_count);
    for (int round = 0; round < 20'000; ++round) {
        const frame_limits limits = random.limits();
        byte_vector bytes = random.stream(limits, 2);
        for (std::size_t left = random.from_to(0, 3); left != 0; --left) random.mutate(bytes);
        const reading expected = frame_model::decode(bytes, limits);
        REQUIRE(real_decode(bytes, limits) == expected);
        REQUIRE(decode_by_arrays(bytes, limits, random) == expected);
        ++seen[static_cast<std::size_t>(expected.error)];

        const byte_vector exact(bytes.begin(), bytes.end());
        const auto alone = lfq::frame_decoder(limits).decode_datagram(exact);
        ++seen[static_cast<std::size_t>(alone.error)];
        if (expected.frames.empty()) {
            const bool cut = expected.error == frame_error::none;
            REQUIRE(alone.error == (cut ? frame_error::cut_short : expected.error));
        } else if (frame_model::encode(expected.frames[0]).size() != bytes.size()) {
            REQUIRE(alone.error == frame_error::trailing_bytes);
        } else {
            REQUIRE(alone.error == frame_error::none);
            REQUIRE(kept_frame(alone.frame) == expected.frames[0]);
        }
    }
    for (auto error = 0U; error <= static_cast<unsigned>(frame_error::trailing_bytes); ++error) {
        INFO("never reached: " << lfq::to_string(static_cast<frame_error>(error)));
        CHECK(seen[error] > 0);
    }
}
