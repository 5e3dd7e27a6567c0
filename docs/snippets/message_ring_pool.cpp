// SPDX-License-Identifier: MIT
// The code that docs/reference/message_ring_pool.md and docs/guide/from_a_pool_of_c_queues.md show,
// run.
#include <lfq/ring/message_ring_pool.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/epoll.h>
#include <unistd.h>

namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

// Threads report and end; one consumer counts what they said.
std::size_t gather() {
    lfq::message_ring_pool<> reports({.rings = 4, .bytes = 1 << 16});

    std::vector<std::jthread> threads;
    for (int task = 0; task < 4; ++task) {
        threads.emplace_back([&reports, task] {
            auto report = reports.lease();
            if (!report) return;  // all are out
            const std::string line = "task " + std::to_string(task) + " is done\n";
            for (int i = 0; i < 100; ++i) {
                if (!report->try_push(bytes_of(line))) break;  // full: dropped, and counted
            }
        });  // the lease closes its ring
    }

    std::size_t lines = 0;
    for (int ended = 0; ended < 4;) {
        reports.wait();
        reports.for_each_ready([&](std::size_t id, auto ring) {
            lines += ring.drain([](std::span<const std::byte> line) {
                std::fwrite(line.data(), 1, line.size(), stderr);
            });
            if (ring.drained() && reports.give_back(id)) ++ended;
        });
    }
    return lines;
}

// In a loop of the application's own: one descriptor, under one tag.
std::size_t serve(lfq::message_ring_pool<>& pool, std::size_t producers) {
    constexpr std::uint32_t pool_tag = 7;
    const int loop = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u32 = pool_tag;
    if (::epoll_ctl(loop, EPOLL_CTL_ADD, pool.fd(), &wanted) != 0) return 0;

    std::size_t messages = 0;
    for (std::size_t ended = 0; ended < producers;) {
        pool.for_each_ready([&](std::size_t id, auto ring) {
            messages += ring.drain([](auto) {});
            if (ring.drained() && pool.give_back(id)) ++ended;
        });
        if (ended == producers || !pool.arm()) continue;  // something came: do not sleep
        std::array<epoll_event, 8> ready{};
        const int count = ::epoll_wait(loop, ready.data(), 8, -1);
        for (int i = 0; i < count; ++i) {
            if (ready[static_cast<std::size_t>(i)].data.u32 == pool_tag) pool.acknowledge();
        }
    }
    ::close(loop);
    return messages;
}

// A message as it lies, one at a time.
std::size_t send_as_it_lies(lfq::message_ring_pool<>& pool, int socket) {
    std::size_t sent = 0;
    pool.for_each_ready([&](std::size_t, auto ring) {
        while (const auto message = ring.peek()) {
            if (::write(socket, message->data(), message->size()) < 0) return;  // the ring stays
            ring.consume();
            ++sent;
        }
    });
    return sent;
}

// What a lease dropped, and what all of them did.
bool counts() {
    lfq::message_ring_pool<> pool({.rings = 1, .bytes = 4096});
    auto lease = pool.lease();
    const std::vector<std::byte> half(2'040);
    int dropped = 0;
    for (int i = 0; i < 5; ++i) dropped += lease->try_push(half) ? 0 : 1;

    const lfq::message_statistics of_lease = pool.statistics(lease->id());
    const lfq::message_statistics of_all = pool.statistics();
    return dropped == 3 && of_lease.refused_pushes == 3 && of_all.published == 2;
}

}  // namespace

int main() {
    const std::size_t lines = gather();

    lfq::message_ring_pool<> pool({.rings = 2, .bytes = 4096});
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return 1;
    auto first = pool.lease();
    const bool pushed = first->try_push(bytes_of("one")) && first->try_push(bytes_of("two"));
    const std::size_t sent = send_as_it_lies(pool, ends[1]);
    for (const int end : ends) ::close(end);

    auto second = pool.lease();
    std::jthread producer([mine = std::move(*second)]() mutable {
        for (int i = 0; i < 1'000; ++i) static_cast<void>(mine.push(bytes_of("message")));
    });
    first->close();
    const std::size_t served = serve(pool, 2);

    std::printf("%zu lines, %zu sent, %zu served\n", lines, sent, served);
    return lines == 400 && pushed && sent == 2 && served == 1'000 && counts() ? 0 : 1;
}
