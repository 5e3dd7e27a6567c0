// SPDX-License-Identifier: MIT
// Goal: a datagram is exactly one frame, or is refused for the reason that a slow model finds.
// Feeds: limits (1 byte), then the datagram.
// Promises: frame and error are the model's; a refused datagram has an empty frame; views lie in
//           the datagram; encoding the frame gives the datagram; with any byte more it is refused
//           as trailing, and cut anywhere it is no frame.
// Cannot show: what the network does to datagrams.
#include "fuzz/frame_limits.hpp"
#include "fuzz/fuzz.hpp"
#include "property/codec/frame_model.hpp"

namespace {

using fuzz::byte_span;
using fuzz::byte_vector;
using fuzz::require;
using lfq::frame_error;

frame_error expected_error(const frame_model::reading& model, std::size_t datagram_size) {
    if (model.frames.empty()) {
        return model.error == frame_error::none ? frame_error::cut_short : model.error;
    }
    const std::size_t first = frame_model::encode(model.frames[0]).size();
    return first < datagram_size ? frame_error::trailing_bytes : frame_error::none;
}

void look_at_views(const lfq::frame& found, byte_span datagram) {
    const std::string_view text = fuzz::text_of(datagram);
    require(found.payload.data() + found.payload.size() == datagram.data() + datagram.size(),
        "the payload ends with the datagram");
    require(found.is_extension() || found.topic.data() == text.data() + lfq::frame_header_bytes,
        "the topic lies behind the header");
    require(found.topic.size() <= text.size() - lfq::frame_extension_header_bytes,
        "the topic lies in the datagram");
}

void cut_and_lengthened(byte_span datagram, const lfq::frame_decoder& decoder) {
    byte_vector longer = fuzz::exactly(datagram);
    longer.push_back(std::byte{0});
    require(decoder.decode_datagram(longer).error == frame_error::trailing_bytes,
        "one byte more is trailing");
    // Each cut near the header, where the answers differ, then some in the payload.
    for (std::size_t size = 0; size < datagram.size(); size += size < 32 ? 1 : size) {
        const byte_vector shorter = fuzz::exactly(datagram.first(size));
        require(decoder.decode_datagram(shorter).error == frame_error::cut_short,
            "the start of a frame is cut short");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const lfq::frame_decoder decoder(fuzz::take_limits(in));
    const byte_vector datagram = fuzz::exactly(in.rest());
    const auto model = frame_model::decode(datagram, decoder.limits());

    const auto result = decoder.decode_datagram(datagram);
    require(result.error == expected_error(model, datagram.size()), "the error is the model's");
    if (result.error != frame_error::none) {
        require(result.frame.topic.empty() && result.frame.payload.empty() &&
                result.frame.priority == 0,
            "what is refused has no frame");
        return 0;
    }
    require(frame_model::kept_frame(result.frame) == model.frames[0], "the frame is the model's");
    look_at_views(result.frame, datagram);
    require(frame_model::encode(model.frames[0]) == datagram, "the datagram is its frame");
    cut_and_lengthened(datagram, decoder);
    return 0;
}
