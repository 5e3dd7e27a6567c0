// SPDX-License-Identifier: MIT
// An epoll loop that serves descriptors and a ring: the ring's doorbell is one more descriptor.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <cstdio>
#include <thread>

#include <sys/epoll.h>
#include <unistd.h>

int main() {
    lfq::spsc_ring<int, lfq::storage::heap, lfq::wait::doorbell> ring(256);
    const int loop = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event watched{};
    watched.events = EPOLLIN;
    watched.data.fd = ring.fd();
    if (loop < 0 || ::epoll_ctl(loop, EPOLL_CTL_ADD, ring.fd(), &watched) != 0) return 1;

    std::jthread producer([&ring] {
        for (int number = 1; number <= 10'000; ++number) ring.push(number);
        ring.close();
    });

    long sum = 0;
    int sleeps = 0;
    while (!ring.drained()) {
        ring.drain([&sum](int number) { sum += number; });
        if (!ring.arm()) continue;  // something came meanwhile: do not sleep
        epoll_event ready{};
        if (::epoll_wait(loop, &ready, 1, -1) == 1) ring.acknowledge();
        ++sleeps;
    }
    ::close(loop);
    std::printf("10000 numbers, sum %ld, the loop slept %d times\n", sum, sleeps);
    return sum == 50'005'000 ? 0 : 1;
}
