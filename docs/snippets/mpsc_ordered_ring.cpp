// SPDX-License-Identifier: MIT
// The code that docs/reference/mpsc_ordered_ring.md shows, run.
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <thread>
#include <vector>

namespace {

struct sample {
    int source;
    int number;
};

// Three producers of batches, and a consumer that sums up whole spans.
int gather() {
    lfq::mpsc_ordered_ring<sample> samples(512);

    std::jthread sources([&samples] {
        std::vector<std::jthread> threads;
        for (int source = 0; source < 3; ++source) {
            threads.emplace_back([&samples, source] {
                const std::array<sample, 2> pair{{{source, 1}, {source, 2}}};
                for (int i = 0; i < 50; ++i) {
                    if (samples.try_push_n(pair) != 2) return;  // room for all of them here
                }
            });
        }
        threads.clear();  // joins
        samples.close();
    });

    int taken = 0;
    while (!samples.drained()) {
        std::size_t seen = 0;
        for (const std::span<sample> part : samples.peek()) {
            for (const sample& each : part) taken += each.number > 0 ? 1 : 0;
            seen += part.size();
        }
        samples.consume(seen);
        if (seen == 0) std::this_thread::yield();
    }
    return taken;
}

// In mirrored memory what is there is one span, also where the ring wraps.
std::size_t in_one_span() {
    lfq::mpsc_ordered_ring<std::uint64_t, lfq::storage::mirrored> words(512);
    const std::uint64_t three[] = {1, 2, 3};
    static_cast<void>(words.try_push_n(std::span<const std::uint64_t>(three)));

    const std::span<std::uint64_t> all = words.peek()[0];
    const std::size_t found = all.size();
    words.consume(found);
    return found;
}

}  // namespace

int main() {
    const int gathered = gather();
    const std::size_t found = in_one_span();
    std::printf("%d gathered, %zu in one span\n", gathered, found);
    return found == 3 && gathered == 300 ? 0 : 1;
}
