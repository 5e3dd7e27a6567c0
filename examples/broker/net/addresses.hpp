// SPDX-License-Identifier: MIT
// broker/net/addresses.hpp — numeric addresses, and sockets bound to them.
// Room: net. Reads: OS.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace broker::net {

struct endpoint {
    sockaddr_storage storage{};
    socklen_t size = 0;
    std::string text;  // as configured, for messages

    void set_port(std::uint16_t port) noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept;
};

/// Throws std::invalid_argument when `address` is neither an IPv4 nor an IPv6 address.
[[nodiscard]] endpoint parse_endpoint(const std::string& address, std::uint16_t port);

class owned_fd {
public:
    explicit owned_fd(int fd) noexcept : fd_(fd) {}
    owned_fd(owned_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    owned_fd& operator=(owned_fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~owned_fd() {
        if (fd_ >= 0) ::close(fd_);
    }

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] int leave() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_;
};

/// Non-blocking, closed on exec. This and the next throw std::system_error that names the endpoint.
[[nodiscard]] owned_fd open_socket(const endpoint& at, int type);
void bind_socket(int fd, const endpoint& at, const char* protocol);
[[noreturn]] void throw_for(const endpoint& at, const char* protocol, const char* call);

[[nodiscard]] std::uint16_t bound_port(int fd);

}  // namespace broker::net
