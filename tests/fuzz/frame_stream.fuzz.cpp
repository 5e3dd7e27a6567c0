// SPDX-License-Identifier: MIT
// Goal: on any bytes, cut anywhere, the stream decoder says what a slow model of the format says.
// Feeds: limits (1 byte), where a visitor stops (1), four piece sizes (4), then the stream.
// Promises: frames, error, consumed and wanted are the model's, in one piece, in pieces, and after
//           each piece as if its prefix had come alone; views lie where the bytes are, in order and
//           without a gap; encoding what was decoded gives the same bytes; a visitor stops behind
//           the frame it says, and decoding goes on from there.
// Cannot show: what a visitor that throws leaves behind (frame_codec.unit.cpp).
#include "fuzz/frame_limits.hpp"
#include "fuzz/fuzz.hpp"
#include "property/codec/frame_model.hpp"

#include <array>

namespace {

using frame_model::kept_frame;
using frame_model::reading;
using fuzz::byte_span;
using fuzz::byte_vector;
using fuzz::require;
using lfq::frame_error;

bool encodes_to(const lfq::frame& value, byte_span wire, const lfq::frame_limits& limits) {
    byte_vector out(wire.size());
    const auto written = value.is_extension()
        ? lfq::encode_extension(out, value.priority, value.payload, limits)
        : lfq::encode(out, value, limits);
    return written.error == frame_error::none && fuzz::same(out, wire);
}

/// Decodes `bytes` behind what `all` already holds, and looks at each view.
void decode_into(reading& all, byte_span bytes, const lfq::frame_decoder& decoder) {
    const std::byte* at = bytes.data();
    const auto result = decoder.decode(bytes, [&](const lfq::frame& seen) {
        const byte_span wire(at, lfq::encoded_bytes(seen));
        const auto* const topic_at = reinterpret_cast<const char*>(at + lfq::frame_header_bytes);
        require(seen.is_extension() || seen.topic.data() == topic_at, "a topic lies in its frame");
        require(seen.payload.data() + seen.payload.size() == wire.data() + wire.size(),
            "a payload ends where its frame ends");
        require(encodes_to(seen, wire, decoder.limits()), "encode(decode(x)) is x");
        all.frames.emplace_back(seen);
        at += wire.size();
    });
    require(at == bytes.data() + result.consumed, "frames are consumed without a gap");
    require(result.wanted == 0 || result.wanted > bytes.size() - result.consumed,
        "wanted is more than is there");
    require(result.wanted <= decoder.encoded_bytes_max(), "a frame within the limits is wanted");
    all.consumed += result.consumed;
    all.error = result.error;
    all.wanted = result.wanted;
}

reading in_one_piece(byte_span bytes, const lfq::frame_decoder& decoder) {
    const byte_vector exact = fuzz::exactly(bytes);
    reading all;
    decode_into(all, exact, decoder);
    return all;
}

using piece_sizes = std::array<std::size_t, 4>;

/// As a reader of a socket does: it keeps the cut tail and decodes again with more behind it.
reading in_pieces(byte_span bytes, const lfq::frame_decoder& decoder, const piece_sizes& sizes) {
    reading all;
    std::size_t taken = 0;
    for (std::size_t turn = 0; taken != bytes.size() && all.error == frame_error::none; ++turn) {
        taken += std::min(bytes.size() - taken, sizes[turn % sizes.size()]);
        const byte_span prefix = bytes.first(taken);
        const byte_vector there = fuzz::exactly(prefix.subspan(all.consumed));
        decode_into(all, there, decoder);
        require(all == in_one_piece(prefix, decoder), "what came before does not matter");
    }
    return all;
}

void stop_behind(std::size_t count, byte_span bytes, const lfq::frame_decoder& decoder) {
    const reading whole = in_one_piece(bytes, decoder);
    if (count == 0 || count > whole.frames.size()) return;
    std::size_t left = count;
    const auto stopped = decoder.decode(bytes, [&left](const lfq::frame&) { return --left != 0; });
    require(left == 0, "a visitor that says false sees no further frame");
    require(stopped.error == frame_error::none && stopped.wanted == 0, "to stop is no error");
    reading rest;
    decode_into(rest, bytes.subspan(stopped.consumed), decoder);
    require(stopped.consumed + rest.consumed == whole.consumed && rest.error == whole.error &&
            rest.wanted == whole.wanted && rest.frames.size() == whole.frames.size() - count,
        "decoding goes on behind the frame it stopped at");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const lfq::frame_decoder decoder(fuzz::take_limits(in));
    const auto stop = in.number<std::uint8_t>();
    piece_sizes sizes{};
    for (std::size_t& each : sizes) each = std::size_t{1} + in.number<std::uint8_t>();
    const byte_span bytes = in.rest();

    const reading expected = frame_model::decode(fuzz::exactly(bytes), decoder.limits());
    require(in_one_piece(bytes, decoder) == expected, "a stream in one piece is the model's");
    require(in_pieces(bytes, decoder, sizes) == expected, "a stream in pieces is the model's");
    stop_behind(stop, bytes, decoder);
    return 0;
}
