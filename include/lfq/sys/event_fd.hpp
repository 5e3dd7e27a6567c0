// SPDX-License-Identifier: MIT
// lfq/sys/event_fd.hpp — a file descriptor that one thread rings and another waits for.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/sys/clock.hpp>

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace lfq::inline LFQ_ABI::sys {

/// An owned, non-blocking eventfd(2): readable from ring() until clear(). Throws std::system_error
/// when there is none.
class event_fd {
public:
    event_fd() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        if (fd_ < 0) refuse_call(errno, "eventfd");
    }
    event_fd(event_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    event_fd& operator=(event_fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~event_fd() {
        if (fd_ >= 0) ::close(fd_);
    }

    /// For epoll or an event loop: readable when rung.
    [[nodiscard]] int fd() const noexcept { return fd_; }

    /// Makes it readable. One write; it cannot fail while fewer than 2^64 - 1 rings are
    /// outstanding.
    void ring() noexcept {
        const std::uint64_t one = 1;
        while (::write(fd_, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }

    /// Makes it unreadable. False: it was.
    bool clear() noexcept {
        std::uint64_t count = 0;
        return ::read(fd_, &count, sizeof count) == static_cast<ssize_t>(sizeof count);
    }

    /// Sleeps until it is readable, a signal comes, or the deadline on sys::clock passes
    /// (INT64_MAX: none).
    void wait(std::int64_t deadline_ns) noexcept {
        pollfd rung{fd_, POLLIN, 0};
        if (deadline_ns == INT64_MAX) {
            ::ppoll(&rung, 1, nullptr, nullptr);
            return;
        }
        const std::int64_t left_ns = deadline_ns - clock::now_ns();
        if (left_ns <= 0) return;
        timespec left{};
        left.tv_sec = static_cast<decltype(left.tv_sec)>(left_ns / 1'000'000'000);
        left.tv_nsec = static_cast<decltype(left.tv_nsec)>(left_ns % 1'000'000'000);
        ::ppoll(&rung, 1, &left, nullptr);
    }

private:
    int fd_;
};

}  // namespace lfq::inline LFQ_ABI::sys
