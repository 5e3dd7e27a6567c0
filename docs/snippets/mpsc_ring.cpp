// SPDX-License-Identifier: MIT
// The code that docs/reference/mpsc_ring.md shows, run.
#include <lfq/ring/mpsc_ring.hpp>

#include <cstddef>
#include <cstdio>
#include <thread>
#include <vector>

namespace {

struct event {
    int source;
    int number;
};

// Three producers; who is last closes.
int gather() {
    lfq::mpsc_ring<event> events(256);

    std::jthread sources([&events] {
        std::vector<std::jthread> threads;
        for (int source = 0; source < 3; ++source) {
            threads.emplace_back([&events, source] {
                for (int number = 0; number < 100; ++number) events.push({source, number});
            });
        }
        threads.clear();  // joins
        events.close();
    });

    int taken = 0;
    event next{};
    while (events.pop(next)) ++taken;
    return taken;
}

// A claim takes slots in a row; what is not built is stepped over.
int claim_and_give_up() {
    lfq::mpsc_ring<event> events(8);
    {
        auto claimed = events.claim(3);
        claimed.emplace(event{1, 10});
        claimed.emplace(event{1, 11});
        claimed.commit();  // two values, one slot abandoned
    }
    {
        auto claimed = events.claim(2);
        claimed.emplace(event{1, 12});
        // Not committed: nothing of it is delivered.
    }
    static_cast<void>(events.try_push({1, 13}));

    int sum = 0;
    for (const event& each : events.peek()) sum += each.number;
    events.consume(3);
    return events.statistics().skipped == 3 ? sum : 0;
}

}  // namespace

int main() {
    const int gathered = gather();
    const int sum = claim_and_give_up();
    std::printf("%d gathered, sum %d\n", gathered, sum);
    return gathered == 300 && sum == 34 ? 0 : 1;
}
