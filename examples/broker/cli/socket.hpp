// SPDX-License-Identifier: MIT
// broker/cli/socket.hpp — a client's socket: connect with a deadline, write everything, read some.
// Room: cli. Reads: std, OS.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include <sys/socket.h>

namespace broker::cli {

struct endpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
};

[[nodiscard]] std::string to_string(const endpoint& where);

enum class transport : std::uint8_t { tcp, udp };

// A connected TCP or UDP socket. Every failure names the endpoint and the system's reason.
//
// Threads  one thread writes, one thread (possibly another) reads
// Failure  throws cli::failure with exit_code::unavailable
class socket {
public:
    // patience: how long to wait for the connection, and later for the broker to take bytes.
    socket(const endpoint& where, transport how, std::chrono::milliseconds patience);
    socket(socket&& other) noexcept
        : where_(std::move(other.where_)), fd_(std::exchange(other.fd_, -1)) {}
    socket(const socket&) = delete;
    socket& operator=(const socket&) = delete;
    socket& operator=(socket&&) = delete;
    ~socket();

    void write_all(std::span<const std::byte> bytes);

    // Sends whole datagrams, up to messages.size(); returns how many the kernel took.
    [[nodiscard]] std::size_t write_datagrams(std::span<mmsghdr> messages);

    // The peer reads to the end and sees that no more will come; reading goes on.
    void finish_writing();

    // Bytes read; 0: nothing within the time; `ended()` then tells whether the peer closed.
    [[nodiscard]] std::size_t read_some(std::span<std::byte> room, std::chrono::milliseconds wait);
    [[nodiscard]] bool ended() const noexcept { return ended_; }

    [[nodiscard]] const endpoint& where() const noexcept { return where_; }

private:
    [[noreturn]] void fail(const char* doing, int error) const;

    endpoint where_;
    int fd_ = -1;
    bool ended_ = false;
};

}  // namespace broker::cli
