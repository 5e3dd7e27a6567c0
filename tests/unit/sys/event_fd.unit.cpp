// SPDX-License-Identifier: MIT
// Goal: an event_fd is readable from ring() until clear(), closes its descriptor once, and waits
//         with a deadline.
// Method: poll(2) on the descriptor; deadlines in the past and a little ahead.
// Cannot show: how long a wait took.
#include <lfq/sys/clock.hpp>
#include <lfq/sys/event_fd.hpp>

#include "support/catch.hpp"

#include <cstdint>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>

namespace {

using lfq::sys::event_fd;

bool readable(const event_fd& event) {
    pollfd asked{event.fd(), POLLIN, 0};
    return ::poll(&asked, 1, 0) == 1;
}

}  // namespace

TEST_CASE("it_is_readable_from_ring_to_clear") {
    event_fd event;
    CHECK_FALSE(readable(event));
    CHECK_FALSE(event.clear());
    event.ring();
    CHECK(readable(event));
    event.ring();
    CHECK(event.clear());
    CHECK_FALSE(readable(event));
    CHECK_FALSE(event.clear());
}

TEST_CASE("it_does_not_block_and_is_not_inherited") {
    const event_fd event;
    CHECK((::fcntl(event.fd(), F_GETFL) & O_NONBLOCK) != 0);
    CHECK((::fcntl(event.fd(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("it_moves_and_closes_its_descriptor_once") {
    int fd = -1;
    {
        event_fd first;
        fd = first.fd();
        event_fd second = std::move(first);
        CHECK(second.fd() == fd);
        CHECK(first.fd() == -1);
        event_fd third;
        third = std::move(second);
        CHECK(third.fd() == fd);
        CHECK(::fcntl(fd, F_GETFD) != -1);
    }
    CHECK(::fcntl(fd, F_GETFD) == -1);
}

TEST_CASE("a_wait_ends_when_rung_or_when_its_deadline_has_passed") {
    event_fd event;
    event.wait(lfq::sys::clock::now_ns() - 1);
    event.wait(0);
    event.wait(lfq::sys::clock::now_ns() + 1'000'000);
    CHECK_FALSE(readable(event));
    event.ring();
    event.wait(INT64_MAX);
    event.wait(INT64_MAX - 1);
    CHECK(event.clear());
    std::thread ringer([&event] { event.ring(); });
    event.wait(INT64_MAX);
    ringer.join();
    CHECK(event.clear());
}
