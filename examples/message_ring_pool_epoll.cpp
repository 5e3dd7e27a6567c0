// SPDX-License-Identifier: MIT
// The event loop of an application: its own epoll, a timer and the rings of a pool in one loop. The
// pool is one descriptor under a tag of the application's, however many rings it has. An epoll that
// was inherited may be named by its number; one that is none is reported, and the pool goes on.
#include <lfq/ring/message_ring_pool.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <thread>
#include <vector>

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace {

constexpr std::size_t producers = 3;
constexpr std::uint64_t messages_each = 100;
enum tag : std::uint32_t { timer_tag, pool_tag };

bool watch(int loop, int fd, tag as) {
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u32 = as;
    if (::epoll_ctl(loop, EPOLL_CTL_ADD, fd, &wanted) == 0) return true;
    std::fprintf(stderr, "message_ring_pool_epoll: epoll_ctl: descriptor %d: %s\n", loop,
        std::strerror(errno));
    return false;
}

// The loop that was named, if it takes the pool, else one of its own; -1: neither.
int loop_for(const lfq::message_ring_pool<>& pool, const char* named) {
    if (named != nullptr) {
        const int inherited = std::atoi(named);
        if (watch(inherited, pool.fd(), pool_tag)) return inherited;
    }
    const int loop = ::epoll_create1(EPOLL_CLOEXEC);
    return watch(loop, pool.fd(), pool_tag) ? loop : -1;
}

int every_10_ms() {
    const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    const itimerspec period{{0, 10'000'000}, {0, 10'000'000}};
    ::timerfd_settime(timer, 0, &period, nullptr);
    return timer;
}

void produce(lfq::message_ring_pool<>& pool) {
    auto ring = pool.lease();
    if (!ring) return;
    for (std::uint64_t number = 0; number < messages_each; ++number) {
        static_cast<void>(ring->push(std::as_bytes(std::span(&number, 1))));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

}  // namespace

int main(int count_of_words, char** words) {
    lfq::message_ring_pool<> pool({.rings = producers, .bytes = 4096});
    const int loop = loop_for(pool, count_of_words > 1 ? words[1] : nullptr);
    const int timer = every_10_ms();
    if (loop < 0 || !watch(loop, timer, timer_tag)) return 1;

    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < producers; ++i) threads.emplace_back([&pool] { produce(pool); });

    std::uint64_t ticks = 0;
    std::uint64_t messages = 0;
    std::uint64_t sleeps = 0;
    for (std::size_t ended = 0; ended < producers;) {
        pool.for_each_ready([&](std::size_t id, auto ring) {
            messages += ring.drain([](std::span<const std::byte>) {});
            if (ring.drained() && pool.give_back(id)) ++ended;
        });
        // Something came meanwhile: look at the timer, but do not sleep.
        const bool may_sleep = pool.arm() && ended < producers;
        std::array<epoll_event, 2> ready{};
        const int count = ::epoll_wait(loop, ready.data(), 2, may_sleep ? -1 : 0);
        sleeps += may_sleep ? 1u : 0u;
        for (int i = 0; i < count; ++i) {
            std::uint64_t expired = 0;
            if (ready[static_cast<std::size_t>(i)].data.u32 == pool_tag)
                pool.acknowledge();
            else if (::read(timer, &expired, sizeof expired) == sizeof expired)
                ticks += expired;
        }
    }
    ::close(timer);
    ::close(loop);  // the application's; the pool leaves it alone
    std::printf("%llu ticks of the timer, %llu sleeps\n", static_cast<unsigned long long>(ticks),
        static_cast<unsigned long long>(sleeps));
    const bool all = messages == producers * messages_each && ticks > 0;
    std::printf("%s: %llu messages and the timer in one loop\n", all ? "ok" : "NOT SO",
        static_cast<unsigned long long>(messages));
    return all ? 0 : 1;
}
