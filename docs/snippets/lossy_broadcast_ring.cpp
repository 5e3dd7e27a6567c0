// SPDX-License-Identifier: MIT
// The code that docs/reference/lossy_broadcast_ring.md shows, run.
#include <lfq/ring/lossy_broadcast_ring.hpp>

#include <cstdint>
#include <cstdio>
#include <thread>

namespace {

struct price {
    std::uint32_t instrument;
    std::uint32_t cents;
};

// The writer never waits; the reader counts what it was too slow for.
std::uint64_t read_and_count() {
    lfq::lossy_broadcast_ring<price> prices(1024);

    std::uint64_t seen = 0;
    auto reader = prices.join(lfq::join_at::newest);
    std::jthread reading([&] {
        price latest{};
        while (reader.pop(latest)) ++seen;
    });
    for (std::uint32_t cents = 0; cents < 100'000; ++cents) prices.push({7, cents});
    prices.close();
    reading.join();
    return seen + reader.missed();
}

// Who was away goes on with the oldest that is kept, or with what comes next.
bool go_on_after_a_gap() {
    lfq::lossy_broadcast_ring<price> prices(64);
    auto reader = prices.join(lfq::join_at::newest);
    for (std::uint32_t cents = 0; cents < 1'000; ++cents) prices.push({7, cents});

    price next{};
    const bool oldest = reader.try_pop(next) && next.cents == reader.missed();

    reader.skip_to(lfq::join_at::newest);
    prices.push({7, 1'000});
    return oldest && reader.try_pop(next) && next.cents == 1'000;
}

}  // namespace

int main() {
    const std::uint64_t all = read_and_count();
    const bool went_on = go_on_after_a_gap();
    std::printf("%llu\n", static_cast<unsigned long long>(all));
    return all == 100'000 && went_on ? 0 : 1;
}
