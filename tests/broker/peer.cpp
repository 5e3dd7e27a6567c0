// SPDX-License-Identifier: MIT
#include "peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace broker::test {

namespace {

int connected(int type, std::uint16_t port, int receive_buffer_bytes) {
    const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
    if (receive_buffer_bytes > 0) {
        ::setsockopt(
            fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof(receive_buffer_bytes));
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
        ::close(fd);
        throw std::runtime_error("no connection to port " + std::to_string(port));
    }
    return fd;
}

bool ready(int fd, short what, std::chrono::milliseconds wait) {
    pollfd one{fd, what, 0};
    return ::poll(&one, 1, static_cast<int>(wait.count())) > 0;
}

}  // namespace

peer::peer(std::uint16_t port, int receive_buffer_bytes)
    : fd_(connected(SOCK_STREAM, port, receive_buffer_bytes)) {}

peer::peer(peer&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      ended_(other.ended_),
      unread_(std::move(other.unread_)),
      read_(other.read_),
      farewell_(std::move(other.farewell_)) {}

peer::~peer() {
    if (fd_ >= 0) ::close(fd_);
}

peer& peer::send(std::string_view some) {
    const std::size_t sent = send_until_refused(some, patience);
    if (sent != some.size() && !ended_) throw std::runtime_error("the broker stopped reading");
    return *this;
}

std::size_t peer::send_until_refused(std::string_view some, std::chrono::milliseconds still) {
    std::size_t done = 0;
    while (done < some.size() && ready(fd_, POLLOUT, still)) {
        const ssize_t sent =
            ::send(fd_, some.data() + done, some.size() - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            done += static_cast<std::size_t>(sent);
        } else if (errno != EAGAIN && errno != EINTR) {
            ended_ = true;  // the broker closed while we were writing
            return done;
        }
    }
    return done;
}

void peer::finish() { ::shutdown(fd_, SHUT_WR); }

void peer::reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    ::close(std::exchange(fd_, -1));
}

bool peer::receive(std::chrono::milliseconds wait) {
    if (!ready(fd_, POLLIN, wait)) return false;
    std::array<char, 65536> room;
    const ssize_t got = ::recv(fd_, room.data(), room.size(), 0);
    if (got <= 0) {
        ended_ = true;
        return false;
    }
    unread_.erase(0, std::exchange(read_, 0));
    unread_.append(room.data(), static_cast<std::size_t>(got));
    return true;
}

std::optional<message> peer::take() {
    const std::string_view left = std::string_view(unread_).substr(read_);
    if (left.size() < 5) return std::nullopt;
    std::size_t length = 0;
    for (const char one : left.substr(0, 4)) length = length << 8 | static_cast<unsigned char>(one);
    if (left.size() < 4 + length) return std::nullopt;
    read_ += 4 + length;
    return message{static_cast<unsigned char>(left[4]), bytes(left.substr(5, length - 1))};
}

message peer::next() {
    for (;;) {
        if (auto one = take()) return *std::move(one);
        if (ended_) throw std::runtime_error("the broker closed instead of answering");
        if (!receive(patience) && !ended_) throw std::runtime_error("no message came in time");
    }
}

event peer::next_event() {
    const message one = next();
    if (one.op != op_event) {
        throw std::runtime_error("not an EVENT but message " + std::to_string(one.op));
    }
    return parse_event(one);
}

refusal peer::next_refusal() {
    const message one = next();
    if (one.op != op_error) {
        throw std::runtime_error("not an ERR but message " + std::to_string(one.op));
    }
    return parse_refusal(one);
}

std::vector<event> peer::next_events(std::size_t count) {
    std::vector<event> all;
    all.reserve(count);
    while (all.size() < count) all.push_back(next_event());
    return all;
}

void peer::skip(std::size_t size) {
    std::array<char, 65536> room;
    while (size > 0) {
        if (!ready(fd_, POLLIN, patience)) throw std::runtime_error("no bytes came in time");
        const ssize_t got = ::recv(fd_, room.data(), std::min(size, room.size()), 0);
        if (got <= 0) throw std::runtime_error("the broker closed");
        size -= static_cast<std::size_t>(got);
    }
}

pong peer::state() {
    send(ping(77));
    const message one = next();
    if (one.op != op_pong) {
        throw std::runtime_error("not a PONG but message " + std::to_string(one.op));
    }
    return parse_pong(one);
}

peer& peer::greet() {
    send(hello());
    const message one = next();
    if (one.op != op_welcome) {
        throw std::runtime_error("not a WELCOME but message " + std::to_string(one.op));
    }
    return *this;
}

peer& peer::watch(std::uint32_t sid, std::string_view filter) {
    send(subscribe(sid, filter));
    const message one = next();
    if (one.op != op_subscribed) {
        throw std::runtime_error("not a SUBOK but message " + std::to_string(one.op));
    }
    return *this;
}

bool peer::was_closed() {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!ended_ && std::chrono::steady_clock::now() < end) receive(std::chrono::seconds(1));
    while (auto one = take()) farewell_.push_back(*std::move(one));
    return ended_;
}

bool peer::has_heard_nothing() {
    return !receive(std::chrono::milliseconds(0)) && !ended_ && unread_.size() == read_;
}

datagram_peer::datagram_peer(std::uint16_t port) : fd_(connected(SOCK_DGRAM, port, 0)) {}

datagram_peer::~datagram_peer() { ::close(fd_); }

void datagram_peer::send(std::string_view datagram) {
    if (::send(fd_, datagram.data(), datagram.size(), 0) < 0) {
        throw std::runtime_error("the datagram could not be sent");
    }
}

bool datagram_peer::has_heard_nothing() { return !ready(fd_, POLLIN, std::chrono::seconds(0)); }

}  // namespace broker::test
