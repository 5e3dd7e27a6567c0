// SPDX-License-Identifier: MIT
// Every reader sees every value. One of them must not miss any, so the writer waits for it; another
// only wants to know how things are, so the writer does not, and it counts what it missed.
#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>

#include <cstdint>
#include <cstdio>
#include <thread>

struct measurement {
    std::uint32_t number;
    std::uint32_t value;
};

int main() {
    constexpr std::uint32_t measurements = 100'000;
    lfq::broadcast_ring<measurement> work(256);
    lfq::lossy_broadcast_ring<measurement> news(256);

    std::uint64_t sum = 0;
    std::uint32_t logged = 0;
    std::uint64_t shown = 0;
    std::uint64_t missed = 0;
    {
        std::jthread adding([&sum, reader = work.join(lfq::join_at::newest)]() mutable {
            measurement each{};
            while (reader.pop(each)) sum += each.value;
        });
        std::jthread logging([&logged, reader = work.join(lfq::join_at::newest)]() mutable {
            measurement each{};
            while (reader.pop(each)) logged += each.number == logged ? 1U : 0U;
        });
        std::jthread showing([&, reader = news.join(lfq::join_at::newest)]() mutable {
            measurement latest{};
            while (reader.pop(latest)) ++shown;
            missed = reader.missed();
        });
        for (std::uint32_t i = 0; i < measurements; ++i) {
            work.push({i, 2});
            news.push({i, 2});
        }
        work.close();
        news.close();
    }
    std::printf("added %llu, logged %u, shown %llu and missed %llu\n",
        static_cast<unsigned long long>(sum), logged, static_cast<unsigned long long>(shown),
        static_cast<unsigned long long>(missed));
    const bool all = sum == 2 * measurements && logged == measurements;
    return all && shown + missed == measurements ? 0 : 1;
}
