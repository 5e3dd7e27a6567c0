// SPDX-License-Identifier: MIT
// Frames over a stream socket: however the bytes are cut, each frame is seen once, where it lies.
#include <lfq/codec/frame_codec.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <thread>

#include <sys/socket.h>
#include <unistd.h>

void send_readings(int socket, int count) {
    std::array<std::byte, 256> bytes{};
    for (int i = 0; i < count; ++i) {
        const std::string text = std::to_string(20 + i % 10);
        const lfq::frame reading{5, "sensor/temp", std::as_bytes(std::span(text))};
        const auto written = lfq::encode(bytes, reading);
        std::size_t sent = 0;
        while (sent < written.bytes) {
            const auto n = ::write(socket, bytes.data() + sent, written.bytes - sent);
            if (n <= 0) return;
            sent += static_cast<std::size_t>(n);
        }
    }
    ::close(socket);
}

int main() {
    constexpr int count = 10'000;
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 1;
    std::jthread sender(send_readings, ends[0], count);

    const lfq::frame_decoder decoder({.frame_bytes_max = 1000});
    std::array<std::byte, 1500> buffer{};
    std::size_t kept = 0;  // the bytes of a frame that has not arrived whole
    int readings = 0;
    for (;;) {
        const auto n = ::read(ends[1], buffer.data() + kept, buffer.size() - kept);
        if (n <= 0) break;
        const auto bytes = std::span(buffer).first(kept + static_cast<std::size_t>(n));
        const auto result = decoder.decode(bytes, [&readings](const lfq::frame& found) {
            if (found.topic == "sensor/temp" && found.payload.size() == 2) ++readings;
        });
        if (result.error != lfq::frame_error::none) return 1;
        kept = bytes.size() - result.consumed;
        std::memmove(buffer.data(), buffer.data() + result.consumed, kept);
    }
    ::close(ends[1]);
    std::printf("%d readings, %zu bytes left over\n", readings, kept);
    return readings == count && kept == 0 ? 0 : 1;
}
