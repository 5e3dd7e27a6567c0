// SPDX-License-Identifier: MIT
// The code that docs/reference/storage.md shows, run.
#include <lfq/policy/storage.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <cstddef>
#include <cstdio>

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

}  // namespace

int main() {
    const std::size_t page_bytes = on_huge_pages();
    std::printf("pages of %zu bytes\n", page_bytes);
    return inside_the_object() == 64 && on_the_heap() == 1024 && page_bytes >= 4096 ? 0 : 1;
}
