// SPDX-License-Identifier: MIT
// The code that docs/reference/frame_codec.md shows, run on a stream that arrives in small pieces.
#include <lfq/codec/frame_codec.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace {

// Stands for a socket: some bytes of a stream, at most `piece` at a time.
class source {
public:
    source(std::span<const std::byte> bytes, std::size_t piece) : rest_(bytes), piece_(piece) {}

    std::size_t read(std::span<std::byte> out) {
        const std::size_t size = std::min({rest_.size(), out.size(), piece_});
        std::copy_n(rest_.data(), size, out.data());
        rest_ = rest_.subspan(size);
        return size;
    }

private:
    std::span<const std::byte> rest_;
    std::size_t piece_;
};

int readings = 0;

void handle(const lfq::frame& found) {
    if (found.topic == "sensor/temp" && found.priority == 5) ++readings;
}

void append_reading(std::vector<std::byte>& stream, std::string_view json) {
    const lfq::frame reading{5, "sensor/temp", std::as_bytes(std::span(json))};
    const std::size_t size_before = stream.size();
    stream.resize(size_before + lfq::encoded_bytes(reading));
    const auto written = lfq::encode(std::span(stream).subspan(size_before), reading);
    if (written.error != lfq::frame_error::none) stream.resize(size_before);
}

lfq::frame_error read_frames(source& socket) {
    const lfq::frame_decoder decoder({.frame_bytes_max = 1024});
    std::vector<std::byte> buffer(decoder.encoded_bytes_max());
    std::size_t kept = 0;
    while (const std::size_t arrived = socket.read(std::span(buffer).subspan(kept))) {
        const auto bytes = std::span(buffer).first(kept + arrived);
        const auto result = decoder.decode(bytes, handle);
        if (result.error != lfq::frame_error::none) return result.error;
        kept = bytes.size() - result.consumed;
        std::memmove(buffer.data(), buffer.data() + result.consumed, kept);
    }
    return kept == 0 ? lfq::frame_error::none : lfq::frame_error::cut_short;
}

std::size_t forward_urgent(std::span<const std::byte> received, std::span<std::byte> out) {
    std::array<lfq::frame, 64> frames;
    std::size_t written = 0;
    std::size_t count = 0;
    do {
        const auto found = lfq::frame_decoder().decode_n(received, frames);
        received = received.subspan(found.consumed);
        count = found.count;
        const auto urgent = std::stable_partition(frames.begin(), frames.begin() + count,
            [](const lfq::frame& each) { return each.priority > 3; });
        written += lfq::encode_n(out.subspan(written), {frames.begin(), urgent}).bytes;
    } while (count == frames.size());
    return written;
}

lfq::frame_error read_datagram(std::span<const std::byte> datagram) {
    const auto received = lfq::frame_decoder().decode_datagram(datagram);
    if (received.error == lfq::frame_error::none) handle(received.frame);
    return received.error;
}

}  // namespace

int main() {
    std::vector<std::byte> stream;
    append_reading(stream, R"({"temp": 23.5})");
    append_reading(stream, R"({"temp": 23.6})");
    source socket(stream, 7);
    const lfq::frame_error of_stream = read_frames(socket);
    const lfq::frame_error of_datagram = read_datagram(stream);
    std::vector<std::byte> urgent(stream.size());
    const bool all_forwarded = forward_urgent(stream, urgent) == stream.size() && urgent == stream;
    std::printf("%d readings; stream: %s; two frames in one datagram: %s\n", readings,
        lfq::to_string(of_stream), lfq::to_string(of_datagram));
    const bool as_expected = all_forwarded && readings == 2 &&
        of_stream == lfq::frame_error::none && of_datagram == lfq::frame_error::trailing_bytes;
    return as_expected ? 0 : 1;
}
