// SPDX-License-Identifier: MIT
// Events from TCP: threads that accept clients push the frames they send into one ring. The port is
// the argument, 9090 without; 0 is a free one. A bad frame ends its connection, topic "quit" all.
#include <lfq/codec/frame_codec.hpp>
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include "arguments.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// A frame as it came; of fixed size, so nothing is allocated for it.
struct event {
    std::array<std::byte, 256> bytes{};
    std::size_t size = 0;
};
using event_ring = lfq::mpsc_ring<event, lfq::storage::heap, lfq::wait::park>;
constexpr lfq::frame_decoder decoder({.frame_bytes_max = 256 - lfq::frame_length_bytes});

// Until the client ends, or sends what is no frame, or nobody takes events any more.
lfq::frame_error receive(int client, event_ring& ring) {
    std::array<std::byte, 4096> buffer;
    for (std::size_t kept = 0; !ring.closed();) {
        const ssize_t n = ::read(client, buffer.data() + kept, buffer.size() - kept);
        if (n < 0 && errno == EAGAIN) continue;  // looks at the ring from time to time
        if (n <= 0) return kept == 0 ? lfq::frame_error::none : lfq::frame_error::cut_short;
        const auto bytes = std::span(buffer).first(kept + static_cast<std::size_t>(n));
        event one;
        lfq::encode_result copied;  // refuses extension frames, which are none of ours
        const auto found = decoder.decode(bytes, [&](const lfq::frame& each) {
            copied = lfq::encode(one.bytes, each);
            one.size = copied.bytes;
            return copied.error == lfq::frame_error::none && ring.push(one);
        });
        if (copied.error != lfq::frame_error::none) return copied.error;
        if (found.error != lfq::frame_error::none) return found.error;
        kept = bytes.size() - found.consumed;
        std::memmove(buffer.data(), buffer.data() + found.consumed, kept);
    }
    return lfq::frame_error::none;
}

void serve(int listener, event_ring& ring) {
    while (!ring.closed()) {
        const int client = ::accept(listener, nullptr, nullptr);
        if (client < 0) ::usleep(10'000);  // no descriptor is left, or nobody listens any more
        const timeval at_most{0, 100'000};
        if (::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &at_most, sizeof at_most) != 0) continue;
        if (const auto error = receive(client, ring); error != lfq::frame_error::none) {
            const std::string said = std::string("bad frame: ") + lfq::to_string(error) + "\n";
            std::fputs(said.c_str(), stderr);
            ::send(client, said.data(), said.size(), MSG_NOSIGNAL);
        }
        ::close(client);
    }
}

int main(int argc, char** argv) {
    std::uint64_t port = 9090;
    if (argc > 1 && !example::read_number("port", argv[1], 0, 65'535, port))
        return example::exit_bad_usage;
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    const int again = 1;  // although connections of the last run are still ending
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
    sockaddr_in at{AF_INET, htons(static_cast<std::uint16_t>(port)), {htonl(INADDR_LOOPBACK)}, {}};
    socklen_t size = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(listener, address, size) != 0 || ::listen(listener, 64) != 0 ||
        ::getsockname(listener, address, &size) != 0) {
        std::perror("cannot listen");
        return 1;
    }
    std::printf("listening on port %d\n", ntohs(at.sin_port));
    std::fflush(stdout);
    event_ring ring(4096);
    std::vector<std::jthread> clients;  // as many at once; more wait to be accepted
    for (int i = 0; i < 8; ++i) clients.emplace_back([&] { serve(listener, ring); });
    int count = 0;
    for (event next; ring.pop(next); ++count) {
        const auto seen = decoder.decode_datagram({next.bytes.data(), next.size}).frame;
        if (seen.topic == "quit") break;
        const std::string topic(seen.topic);
        std::printf("%d %s %zu bytes\n", seen.priority, topic.c_str(), seen.payload.size());
    }
    ring.close();
    ::shutdown(listener, SHUT_RDWR);  // nobody accepts any more
    clients.clear();
    std::printf("%d events\n", count);
}
