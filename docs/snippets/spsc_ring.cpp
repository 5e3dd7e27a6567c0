// SPDX-License-Identifier: MIT
// The code that docs/reference/spsc_ring.md shows, run.
#include <lfq/ring/spsc_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <thread>

namespace {

struct order {
    int account;
    int amount;
};

// Two threads, one value at a time.
int hand_over() {
    lfq::spsc_ring<order> orders(1024);

    std::jthread producer([&orders] {
        for (int amount = 1; amount <= 100; ++amount) orders.push({7, amount});
        orders.close();
    });

    int total = 0;
    order next{};
    while (orders.pop(next)) total += next.amount;
    return total;
}

// Many values in one publication: copied from a span, or built where they will lie.
int many_at_once() {
    lfq::spsc_ring<order> orders(64);
    const std::array<order, 3> batch{{{1, 10}, {1, 20}, {1, 30}}};
    const std::size_t pushed = orders.try_push_n(batch);

    if (auto claimed = orders.claim(2)) {
        for (std::size_t i = 0; i < claimed.size(); ++i) claimed.emplace(order{2, 40});
        claimed.commit();
    }

    int total = 0;
    orders.drain([&total](order& each) { total += each.amount; });
    return pushed == batch.size() ? total : 0;
}

// The consumer looks at values where they lie, and frees them when it likes.
int look_then_free() {
    lfq::spsc_ring<order> orders(4);
    for (const int amount : {1, 2, 3, 4}) static_cast<void>(orders.try_push({3, amount}));

    int total = 0;
    for (const std::span<order> part : orders.peek()) {
        for (const order& each : part) total += each.amount;
    }
    orders.consume(4);
    return total;
}

// What a full ring answers is the caller's to decide.
std::size_t refuse_when_full() {
    lfq::spsc_ring<order, lfq::storage::inplace<2>> orders;
    std::size_t dropped = 0;
    for (int amount = 0; amount < 5; ++amount) {
        if (!orders.try_push({1, amount})) ++dropped;
    }
    return dropped;
}

}  // namespace

int main() {
    const int handed_over = hand_over();
    const int at_once = many_at_once();
    const int looked = look_then_free();
    const std::size_t dropped = refuse_when_full();
    std::printf("%d, %d, %d, %zu dropped\n", handed_over, at_once, looked, dropped);
    return handed_over == 5050 && at_once == 140 && looked == 10 && dropped == 3 ? 0 : 1;
}
