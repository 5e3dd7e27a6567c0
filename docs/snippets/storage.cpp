// SPDX-License-Identifier: MIT
// The code that docs/reference/storage.md shows, run.
#include <lfq/policy/storage.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <cstddef>
#include <cstdio>
#include <span>

namespace {

struct tick {
    long price;
    long size;
};

// The slots are a part of the object: nothing is allocated, and there is no capacity to pass.
std::size_t inside_the_object() {
    lfq::spsc_ring<tick, lfq::storage::inplace<64>> ticks;
    return ticks.capacity();
}

// Rounded up to a power of two.
std::size_t on_the_heap() {
    lfq::mpsc_ring<tick> ticks(1000);
    return ticks.capacity();
}

// Asks for huge pages, and says what came.
std::size_t on_huge_pages() {
    lfq::spsc_ring<tick, lfq::storage::huge> ticks(1 << 18);
    return ticks.storage().page_bytes();
}

// What wraps is one span, for one write or one send.
std::size_t in_mirrored_memory() {
    lfq::spsc_ring<tick, lfq::storage::mirrored> ticks(256);
    for (std::size_t i = 0; i + 1 < ticks.capacity(); ++i) {
        ticks.push({1, 2});
        static_cast<void>(ticks.try_pop());
    }
    auto claimed = ticks.claim(3);
    const std::span<tick> room = claimed.spans()[0];
    for (tick& each : room) each = {101, 5};
    claimed.commit(3);
    return ticks.peek()[0].size();
}

// Whole huge pages, all of them had while the ring is built.
std::size_t in_huge_mirrored_memory() {
    using lfq::storage::mirrored;
    constexpr mirrored at_once{
        .pages = mirrored::page_choice::huge, .touch = mirrored::page_touch::at_once};
    lfq::spsc_ring<tick, mirrored> ticks(1 << 16, at_once);
    return ticks.storage().page_bytes();
}

}  // namespace

int main() {
    const std::size_t page_bytes = on_huge_pages();
    std::printf("pages of %zu bytes\n", page_bytes);
    std::printf("mirrored pages of %zu bytes\n", in_huge_mirrored_memory());
    return inside_the_object() == 64 && on_the_heap() == 1024 && page_bytes >= 4096 &&
            in_mirrored_memory() == 3
        ? 0
        : 1;
}
