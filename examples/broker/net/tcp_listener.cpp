// SPDX-License-Identifier: MIT
#include "broker/net/tcp_listener.hpp"

#include "broker/net/addresses.hpp"
#include "broker/net/network_thread.hpp"

#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace broker::net {

namespace {

void set_flag(int fd, int level, int option) noexcept {
    const int on = 1;
    ::setsockopt(fd, level, option, &on, sizeof on);
}

[[nodiscard]] owned_fd listening(const endpoint& at, bool shared) {
    owned_fd fd = open_socket(at, SOCK_STREAM);
    set_flag(fd.get(), SOL_SOCKET, SO_REUSEADDR);
    if (shared) set_flag(fd.get(), SOL_SOCKET, SO_REUSEPORT);
    bind_socket(fd.get(), at, "TCP");
    if (::listen(fd.get(), SOMAXCONN) != 0) throw_for(at, "TCP", "listen");
    return fd;
}

}  // namespace

tcp_sockets bind_tcp(const options& settings, std::uint32_t count) {
    endpoint at = parse_endpoint(settings.address, settings.tcp_port);
    tcp_sockets made;
    if (count == 1) {
        owned_fd only = listening(at, false);
        made.port = bound_port(only.get());
        made.fds.push_back(only.leave());
        return made;
    }
    // A shared port can be joined by another process unnoticed, so first it is taken unshared.
    {
        const owned_fd alone = listening(at, false);
        made.port = bound_port(alone.get());
    }
    at.set_port(made.port);
    std::vector<owned_fd> all;
    for (std::uint32_t i = 0; i < count; ++i) all.push_back(listening(at, true));
    for (owned_fd& each : all) made.fds.push_back(each.leave());
    return made;
}

tcp_listener::tcp_listener(network_thread& home, asio::io_context& context, int fd)
    : home_(home), socket_(context.get_executor(), fd) {}

void tcp_listener::wait() {
    socket_.async_wait(descriptor::wait_read,
        kept_handler(memory_, [this](const error_code& error) { on_readable(error); }));
}

void tcp_listener::on_readable(const error_code& error) {
    if (error || !socket_.is_open()) return;
    for (unsigned i = 0; i < accepts_max; ++i) {
        const int fd =
            ::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            set_flag(fd, IPPROTO_TCP, TCP_NODELAY);
            home_.add_connection(fd);
            continue;
        }
        if (errno == ECONNABORTED || errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            rests_ = true;
            return;
        }
        break;
    }
    wait();
}

void tcp_listener::tick() {
    if (!rests_) return;
    rests_ = false;
    wait();
}

void tcp_listener::close() {
    error_code ignored;
    socket_.close(ignored);
    rests_ = false;
}

}  // namespace broker::net
