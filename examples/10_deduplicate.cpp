// SPDX-License-Identifier: MIT
// Two receivers get the same orders over two networks: each order goes on once.
#include <lfq/dedup/deduplicator.hpp>
#include <lfq/ring/mpsc_ring.hpp>

#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

struct order {
    std::uint64_t id;
    int receiver;
};

int main() {
    constexpr std::uint64_t orders = 20'000;
    constexpr int receivers = 2;
    lfq::deduplicator<std::uint64_t> seen(lfq::dedup::by_count{.keys = 2 * orders});
    lfq::mpsc_ring<order> desk(1024);
    {
        std::vector<std::jthread> threads;
        for (int receiver = 0; receiver < receivers; ++receiver) {
            threads.emplace_back([&, receiver] {
                for (std::uint64_t id = 0; id < orders; ++id) {
                    // full is no verdict: an order twice is better than an order lost.
                    if (seen.insert_if_new(id) != lfq::dedup::seen) desk.push({id, receiver});
                }
            });
        }
        std::vector<int> times(orders);
        std::vector<int> from(receivers);
        order latest{};
        for (std::uint64_t taken = 0; taken < orders; ++taken) {
            if (!desk.pop(latest)) return 1;
            ++times[latest.id];
            ++from[static_cast<std::size_t>(latest.receiver)];
        }
        std::printf("%d orders by the first network, %d by the second\n", from[0], from[1]);
        for (const int each : times) {
            if (each != 1) return 1;
        }
    }
    return desk.empty_approx() && seen.statistics().full == 0 ? 0 : 1;
}
