// SPDX-License-Identifier: MIT
// The code that docs/reference/event_pool.md and docs/guide/pooled_events.md show, run.
#include <lfq/pool/event_pool.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

struct event {
    std::string topic;
    std::vector<std::byte> payload;

    void fill(const char* name, std::size_t bytes) {
        topic = name;
        payload.resize(bytes);  // allocates until the buffer is as large as it gets
    }
};

struct sensor {
    explicit sensor(int id) : number(id) {}
    int number;
};

bool on_one_thread() {
    lfq::event_pool<event> pool({.capacity = 1024, .cache_capacity = 100});

    auto mine = pool.cache();  // of this thread
    if (!mine) return false;  // caches_max are in use

    if (auto one = mine->take()) {
        one->fill("engine/temperature", 48);
        mine->give_back(std::move(one));  // the fast way back
    }
    return pool.statistics().taken == 1 && pool.statistics().given_back == 1;
}

std::size_t through_a_ring() {
    lfq::event_pool<event> pool({.capacity = 1024, .cache_capacity = 100});
    lfq::spsc_ring<lfq::pooled<event>> ring(256);

    std::jthread producer([&] {
        auto mine = pool.cache();
        for (int sent = 0; sent < 1000;) {
            auto one = mine->take();
            if (!one) continue;  // all are on their way
            one->fill("engine/temperature", 48);
            if (ring.push(std::move(one))) ++sent;
        }
        ring.close();
    });

    auto mine = pool.cache();
    std::size_t bytes = 0;
    lfq::pooled<event> one;
    while (ring.pop(one)) {
        bytes += one->payload.size();
        mine->give_back(std::move(one));
    }
    return bytes;
}

bool shared_by_many() {
    lfq::event_pool<event> pool({.capacity = 16});
    auto mine = pool.cache();

    lfq::shared_pooled<event> one = mine->take();
    lfq::shared_pooled<event> other = one;
    one.give_back();
    mine->give_back(std::move(other));  // the last one: into the cache

    std::shared_ptr<event> pointer = lfq::to_shared_ptr(mine->take());
    const std::weak_ptr<event> watcher = pointer;
    pointer.reset();  // the event goes home when `watcher` is gone, too
    return watcher.expired();
}

bool built_by_a_factory() {
    int next = 0;
    lfq::event_pool<sensor> sensors({.capacity = 8}, [&next] { return sensor(next++); });
    return next == 8 && sensors.cache()->take()->number == 0;
}

bool two_homes() {
    const std::array<lfq::storage::heap, 2> nodes{};
    lfq::event_pool<event> pool({.capacity = 1024}, nodes);
    auto here = pool.cache(0);
    auto there = pool.cache(1);

    auto one = there->take();
    here->give_back(std::move(one));  // travels home with up to 31 others
    return pool.homes() == 2 && pool.capacity() == 2048;
}

}  // namespace

int main() {
    const std::size_t bytes = through_a_ring();
    std::printf("%zu bytes in pooled events\n", bytes);
    const bool fine = on_one_thread() && shared_by_many() && built_by_a_factory() && two_homes();
    return fine && bytes == 48'000 ? 0 : 1;
}
