// SPDX-License-Identifier: MIT
// One thread hands numbers to another, and says when it is done.
#include <lfq/ring/spsc_ring.hpp>

#include <cstdio>
#include <thread>

int main() {
    lfq::spsc_ring<int> ring(1024);

    std::jthread producer([&ring] {
        for (int number = 1; number <= 1000; ++number) ring.push(number);
        ring.close();
    });

    long sum = 0;
    int number = 0;
    while (ring.pop(number)) sum += number;
    std::printf("1 + 2 + ... + 1000 = %ld\n", sum);
    return sum == 500'500 ? 0 : 1;
}
