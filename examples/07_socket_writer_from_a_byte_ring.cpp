// SPDX-License-Identifier: MIT
// A socket writer that sends straight from a byte_ring: whatever has come together since the last
// send() goes with the next one, in one piece also where the ring wraps; no buffer lies between.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/byte_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <thread>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using send_ring = lfq::byte_ring<lfq::storage::mirrored, lfq::wait::doorbell>;

// Until the ring is drained; the answer is how often it called send(), -1 if one failed: the rest
// is thrown away, so that the producer does not wait for ever.
int write_all(int socket, send_ring& ring) {
    int sends = 0;
    bool broken = false;
    while (!ring.drained()) {
        const std::span<const std::byte> readable = ring.peek();
        if (readable.empty()) {
            if (!ring.arm()) continue;  // something came meanwhile: do not sleep
            pollfd rung{ring.fd(), POLLIN, 0};
            if (::poll(&rung, 1, -1) == 1) ring.acknowledge();
            continue;
        }
        const ssize_t sent =
            broken ? -1 : ::send(socket, readable.data(), readable.size(), MSG_NOSIGNAL);
        broken = sent < 0;
        // What was not sent stays for the next send().
        ring.consume(broken ? readable.size() : static_cast<std::size_t>(sent));
        ++sends;
    }
    return broken ? -1 : sends;
}

int main() {
    constexpr int lines = 100'000;
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 1;
    send_ring ring(1 << 16);

    std::jthread producer([&ring] {
        for (int i = 0; i < lines; ++i) {
            const std::string line = "line " + std::to_string(i) + "\n";
            if (ring.push_n(std::as_bytes(std::span(line))) != line.size()) return;
        }
        ring.close();
    });

    int sends = 0;
    std::jthread writer([&ring, &sends, socket = ends[0]] {
        sends = write_all(socket, ring);
        ::shutdown(socket, SHUT_WR);
    });

    int arrived = 0;
    std::array<char, 65'536> piece{};
    for (;;) {
        const ssize_t n = ::recv(ends[1], piece.data(), piece.size(), 0);
        if (n <= 0) break;
        for (const char each : std::span(piece).first(static_cast<std::size_t>(n)))
            arrived += each == '\n' ? 1 : 0;
    }
    writer.join();
    for (const int end : ends) ::close(end);
    std::printf("%d lines arrived in %d sends\n", arrived, sends);
    return arrived == lines && sends > 0 ? 0 : 1;
}
