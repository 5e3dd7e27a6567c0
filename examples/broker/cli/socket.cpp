// SPDX-License-Identifier: MIT
#include "broker/cli/socket.hpp"

#include "broker/cli/failure.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

namespace broker::cli {

namespace {

using address_list = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

address_list resolve(const endpoint& where, transport how) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = how == transport::tcp ? SOCK_STREAM : SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int error =
        ::getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found);
    if (error != 0) {
        throw failure(exit_code::unavailable,
            "cannot connect to " + to_string(where) + ": " + std::string(::gai_strerror(error)));
    }
    return {found, &::freeaddrinfo};
}

// 0, or the error number of the attempt.
int connect_within(int fd, const addrinfo& address, std::chrono::milliseconds patience) {
    if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) {
        return 0;
    }
    if (errno != EINPROGRESS) {
        return errno;
    }
    pollfd ready{fd, POLLOUT, 0};
    if (::poll(&ready, 1, static_cast<int>(patience.count())) <= 0) {
        return ETIMEDOUT;
    }
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

void set_blocking_with_limit(int fd, std::chrono::milliseconds patience) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
    const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(patience - seconds);
    const timeval limit{seconds.count(), rest.count()};
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

}  // namespace

std::string to_string(const endpoint& where) {
    const bool v6 = where.host.find(':') != std::string::npos;
    return (v6 ? "[" + where.host + "]" : where.host) + ":" + std::to_string(where.port);
}

socket::socket(const endpoint& where, transport how, std::chrono::milliseconds patience)
    : where_(where) {
    const auto addresses = resolve(where, how);
    int error = EADDRNOTAVAIL;
    for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
        fd_ = ::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd_ < 0) {
            error = errno;
            continue;
        }
        error = connect_within(fd_, *one, patience);
        if (error == 0) {
            break;
        }
        ::close(std::exchange(fd_, -1));
    }
    if (fd_ < 0) {
        fail("cannot connect to", error);
    }
    set_blocking_with_limit(fd_, patience);
    if (how == transport::tcp) {
        const int on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
}

socket::~socket() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

void socket::write_all(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            fail("no byte taken for the whole time limit by", ETIMEDOUT);
        } else if (errno != EINTR) {
            fail("cannot write to", errno);
        }
    }
}

std::size_t socket::write_datagrams(std::span<mmsghdr> messages) {
    for (;;) {
        const int sent =
            ::sendmmsg(fd_, messages.data(), static_cast<unsigned>(messages.size()), 0);
        if (sent > 0) {
            return static_cast<std::size_t>(sent);
        }
        if (errno == ENOBUFS || errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd ready{fd_, POLLOUT, 0};
            ::poll(&ready, 1, 1);
        } else if (errno != EINTR) {
            fail("cannot send a datagram to", errno);
        }
    }
}

void socket::finish_writing() { ::shutdown(fd_, SHUT_WR); }

std::size_t socket::read_some(std::span<std::byte> room, std::chrono::milliseconds wait) {
    for (bool waited = false;; waited = true) {
        const ssize_t got = ::recv(fd_, room.data(), room.size(), MSG_DONTWAIT);
        if (got > 0) {
            return static_cast<std::size_t>(got);
        }
        if (got == 0) {
            ended_ = true;
            return 0;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            fail("cannot read from", errno);
        }
        if (waited) {
            return 0;
        }
        pollfd ready{fd_, POLLIN, 0};
        ::poll(&ready, 1, static_cast<int>(wait.count()));
    }
}

void socket::fail(const char* doing, int error) const {
    throw failure(exit_code::unavailable,
        std::string(doing) + " " + to_string(where_) + ": " +
            std::generic_category().message(error));
}

}  // namespace broker::cli
