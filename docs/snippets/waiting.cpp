// SPDX-License-Identifier: MIT
// The code that docs/reference/waiting.md and docs/guide/waiting.md show, run.
#include <lfq/policy/sleep.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

namespace {

// A consumer that is idle most of the time sleeps; on few cores it sleeps at once.
int sleep_when_idle() {
    using mailbox = lfq::mpsc_ring<int, lfq::storage::heap, lfq::wait::park>;
    mailbox letters(64, {}, lfq::wait::park{.spin = 0ns});

    std::jthread sender([&letters] {
        for (int letter = 1; letter <= 10; ++letter) letters.push(letter);
        letters.close();
    });

    int sum = 0;
    int letter = 0;
    while (letters.pop(letter)) sum += letter;
    return sum;
}

// Waits, but not for ever.
bool wait_for_a_while() {
    lfq::spsc_ring<int> ring(2);
    int value = 0;
    const bool came = ring.pop_for(value, 1ms);
    return !came && !ring.closed();
}

// A loop of one's own around a try_ verb: the policy has no say in it.
int wait_in_my_own_way() {
    lfq::spsc_ring<int> ring(64);
    std::jthread producer([&ring] {
        for (int number = 1; number <= 10; ++number) ring.push(number);
        ring.close();
    });

    int sum = 0;
    int number = 0;
    while (!ring.drained()) {
        if (ring.try_pop(number)) {
            sum += number;
        } else {
            std::this_thread::yield();
        }
    }
    return sum;
}

}  // namespace

int main() {
    const int slept = sleep_when_idle();
    const bool gave_up = wait_for_a_while();
    const int own_way = wait_in_my_own_way();
    std::printf("%d, %s, %d\n", slept, gave_up ? "gave up" : "did not give up", own_way);
    return slept == 55 && gave_up && own_way == 55 ? 0 : 1;
}
