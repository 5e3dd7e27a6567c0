// SPDX-License-Identifier: MIT
// Somebody else's program: one ring between two threads, found through whichever way is under test.
#include <lfq/lfq.hpp>

#include <cstdio>
#include <thread>

int main() {
    lfq::spsc_ring<int> ring(64);
    std::thread producer([&ring] {
        for (int value = 1; value <= 1'000; ++value) ring.push(value);
        ring.close();
    });
    int value = 0;
    int sum = 0;
    while (ring.pop(value)) sum += value;
    producer.join();
    std::printf("lfq %s: %d\n", LFQ_VERSION_STRING, sum);
    return sum == 500'500 ? 0 : 1;
}
