// SPDX-License-Identifier: MIT
// broker/net/udp_listener.hpp — one frame per datagram, 64 datagrams per call.
// Room: net. Reads: core, lfq codec, Boost.Asio.
#pragma once

#include "broker/net/asio.hpp"
#include "broker/net/errc.hpp"
#include "broker/net/handler_memory.hpp"
#include "broker/net/options.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <sys/socket.h>
#include <sys/uio.h>

namespace broker::net {

class network_thread;

/// The bound socket, the caller's to close. Throws std::system_error whose text names address and
/// port.
struct udp_socket {
    int fd = -1;
    std::uint16_t port = 0;
};
[[nodiscard]] udp_socket bind_udp(const options& settings);

/// A datagram cannot wait: what finds no room is dropped and counted. It is never answered.
///
/// Threads   its network thread only.
/// Memory    room for 64 of the largest datagrams, touched as far as datagrams reach.
class udp_listener {
public:
    udp_listener(network_thread& home, asio::io_context& context, int fd);

    void start() { wait(); }
    void tick() { read_socket_drops(); }
    /// Takes what has arrived and closes.
    void drain();

private:
    static constexpr std::size_t batch_datagrams = 64;
    static constexpr std::size_t datagram_bytes_max = 65'536;
    // Rooms a little apart from a power of two, so that their first lines do not share cache sets.
    static constexpr std::size_t room_bytes = datagram_bytes_max + 4096 + 192;
    static constexpr unsigned batches_max = 8;  // in a row
    static constexpr unsigned drain_batches_max = 4096;

    void wait();
    void on_readable(const error_code& error);
    [[nodiscard]] bool receive();
    void take(std::span<const std::byte> datagram, bool truncated);
    void refuse(malformed why);
    void read_socket_drops();

    struct free_range {
        void operator()(std::byte* range) const noexcept;
    };

    network_thread& home_;
    descriptor socket_;
    handler_memory memory_;
    std::unique_ptr<std::byte, free_range> rooms_;
    std::array<iovec, batch_datagrams> parts_{};
    std::array<mmsghdr, batch_datagrams> messages_{};
};

}  // namespace broker::net
