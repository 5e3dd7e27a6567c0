// SPDX-License-Identifier: MIT
// broker/net/tcp_listener.hpp — accepts connections for one network thread.
// Room: net. Reads: Boost.Asio.
#pragma once

#include "broker/net/asio.hpp"
#include "broker/net/handler_memory.hpp"
#include "broker/net/options.hpp"

#include <cstdint>
#include <vector>

namespace broker::net {

class network_thread;

/// Listening sockets on one port, one per network thread; the kernel spreads connections over them.
/// Throws std::system_error whose text names address and port.
struct tcp_sockets {
    std::vector<int> fds;  // the caller's to close
    std::uint16_t port = 0;
};
[[nodiscard]] tcp_sockets bind_tcp(const options& settings, std::uint32_t count);

/// Threads   its network thread only.
/// Failure   no descriptor left: it tries again at the next tick.
class tcp_listener {
public:
    tcp_listener(network_thread& home, asio::io_context& context, int fd);

    void start() { wait(); }
    void tick();
    void close();

private:
    static constexpr unsigned accepts_max = 32;  // in a row

    void wait();
    void on_readable(const error_code& error);

    network_thread& home_;
    descriptor socket_;
    bool rests_ = false;  // until the next tick
    handler_memory memory_;
};

}  // namespace broker::net
