// SPDX-License-Identifier: MIT
// The code that docs/reference/byte_ring.md and docs/guide/bytes_and_messages.md show, run.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/byte_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include <sys/socket.h>
#include <unistd.h>

namespace {

// Two threads: what goes in comes out, cut anywhere.
std::size_t hand_over() {
    lfq::byte_ring<> stream(1 << 16);

    std::jthread producer([&stream] {
        const std::string line = "a line of a stream\n";
        for (int i = 0; i < 1'000; ++i) {
            if (stream.push_n(std::as_bytes(std::span(line))) != line.size()) break;
        }
        stream.close();
    });

    std::size_t total = 0;
    std::array<std::byte, 512> out{};
    while (const std::size_t count = stream.pop_n(out)) total += count;
    return total;
}

using sleeping_ring = lfq::byte_ring<lfq::storage::mirrored, lfq::wait::doorbell>;

// One recv() into the ring: no buffer between.
bool receive_some(int socket, sleeping_ring& ring) {
    auto room = ring.claim(16'384);
    if (!room) return true;  // full: come back when the consumer has freed some
    const ssize_t n = ::recv(socket, room.bytes().data(), room.bytes().size(), 0);
    if (n > 0) room.commit(static_cast<std::size_t>(n));
    return n > 0;
}

// One send() of everything that is readable, wherever the ring wraps.
bool send_some(int socket, sleeping_ring& ring) {
    const std::span<const std::byte> readable = ring.peek();
    if (readable.empty()) return true;
    const ssize_t n = ::send(socket, readable.data(), readable.size(), MSG_NOSIGNAL);
    if (n > 0) ring.consume(static_cast<std::size_t>(n));
    return n > 0;
}

// From one socket into the ring, out of the ring into another.
std::size_t relay() {
    int in[2];
    int out[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, in) != 0) return 0;
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, out) != 0) return 0;
    sleeping_ring ring(4096);

    const std::string_view sent = "straight through";
    std::size_t arrived = 0;
    std::array<std::byte, 64> seen{};
    for (int lap = 0; lap < 1'000; ++lap) {
        if (::send(in[0], sent.data(), sent.size(), 0) != static_cast<ssize_t>(sent.size())) break;
        if (!receive_some(in[1], ring) || !send_some(out[0], ring)) break;
        const ssize_t n = ::recv(out[1], seen.data(), seen.size(), 0);
        if (n > 0) arrived += static_cast<std::size_t>(n);
    }
    for (const int each : {in[0], in[1], out[0], out[1]}) ::close(each);
    return arrived;
}

// As many as fit; the rest is the caller's.
std::size_t push_what_fits() {
    lfq::byte_ring<> stream(4096);
    const std::array<std::byte, 5'000> many{};
    const std::size_t pushed = stream.try_push_n(many);
    return many.size() - pushed;
}

}  // namespace

int main() {
    const std::size_t total = hand_over();
    const std::size_t relayed = relay();
    const std::size_t left = push_what_fits();
    std::printf("%zu bytes, %zu relayed, %zu left\n", total, relayed, left);
    return total == 19'000 && relayed == 16'000 && left == 904 ? 0 : 1;
}
