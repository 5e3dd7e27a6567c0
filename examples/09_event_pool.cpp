// SPDX-License-Identifier: MIT
// Events with buffers of their own go round: taken, filled, handed over, given back; nothing is
// allocated once the buffers are as large as they get.
#include <lfq/policy/sleep.hpp>
#include <lfq/pool/event_pool.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <cstddef>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>

struct event {
    int number = 0;
    std::string text;
};

int main() {
    constexpr int events = 10'000;
    lfq::event_pool<event> pool({.capacity = 64, .cache_capacity = 16});
    lfq::spsc_ring<lfq::pooled<event>, lfq::storage::heap, lfq::wait::park> ring(16);

    std::jthread producer([&] {
        auto mine = pool.cache();
        for (int number = 0; number < events;) {
            auto one = mine->take();
            if (!one) {  // all 64 are filled or held by the consumer's cache
                std::this_thread::yield();
                continue;
            }
            one->number = number++;
            one->text.assign(static_cast<std::size_t>(number % 100), 'x');
            ring.push(std::move(one));
        }
        ring.close();
    });

    auto mine = pool.cache();
    std::size_t letters = 0;
    int next = 0;
    lfq::pooled<event> one;
    while (ring.pop(one)) {
        if (one->number != next++) return 1;
        letters += one->text.size();
        mine->give_back(std::move(one));
    }
    const lfq::pool_statistics books = pool.statistics();
    std::printf("%d events in %zu objects, %zu letters\n", next, pool.capacity(), letters);
    return next == events && books.taken == books.given_back ? 0 : 1;
}
