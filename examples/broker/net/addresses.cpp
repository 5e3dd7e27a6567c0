// SPDX-License-Identifier: MIT
#include "broker/net/addresses.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>

namespace broker::net {

void endpoint::set_port(std::uint16_t port) noexcept {
    if (storage.ss_family == AF_INET) {
        reinterpret_cast<sockaddr_in&>(storage).sin_port = htons(port);
    } else {
        reinterpret_cast<sockaddr_in6&>(storage).sin6_port = htons(port);
    }
}

std::uint16_t endpoint::port() const noexcept {
    if (storage.ss_family == AF_INET) {
        return ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
    }
    return ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port);
}

endpoint parse_endpoint(const std::string& address, std::uint16_t port) {
    endpoint made;
    made.text = address;
    auto& four = reinterpret_cast<sockaddr_in&>(made.storage);
    auto& six = reinterpret_cast<sockaddr_in6&>(made.storage);
    if (::inet_pton(AF_INET, address.c_str(), &four.sin_addr) == 1) {
        made.storage.ss_family = AF_INET;
        made.size = sizeof(sockaddr_in);
    } else if (::inet_pton(AF_INET6, address.c_str(), &six.sin6_addr) == 1) {
        made.storage.ss_family = AF_INET6;
        made.size = sizeof(sockaddr_in6);
        made.text = "[" + address + "]";
    } else {
        throw std::invalid_argument(address + ": not a numeric address");
    }
    made.set_port(port);
    return made;
}

owned_fd open_socket(const endpoint& at, int type) {
    owned_fd fd(::socket(at.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (fd.get() < 0) throw_for(at, type == SOCK_STREAM ? "TCP" : "UDP", "socket");
    return fd;
}

void bind_socket(int fd, const endpoint& at, const char* protocol) {
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&at.storage), at.size) != 0) {
        throw_for(at, protocol, "bind");
    }
}

void throw_for(const endpoint& at, const char* protocol, const char* call) {
    const int why = errno;
    throw std::system_error(why, std::generic_category(),
        std::string(protocol) + " " + at.text + ":" + std::to_string(at.port()) + ": " + call);
}

std::uint16_t bound_port(int fd) {
    endpoint at;
    at.size = sizeof at.storage;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&at.storage), &at.size) != 0) {
        throw std::system_error(errno, std::generic_category(), "getsockname");
    }
    return at.port();
}

}  // namespace broker::net
