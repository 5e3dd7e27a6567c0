// SPDX-License-Identifier: MIT
// The code that docs/reference/deduplicator.md and docs/guide/deduplicating.md show.
#include <lfq/dedup/deduplicator.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string_view>

namespace {

int delivered = 0;
int repeated = 0;
int undecided = 0;

void deliver(std::uint64_t) { ++delivered; }

std::uint64_t now_ms() {
    using namespace std::chrono;
    return static_cast<std::uint64_t>(
        duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
}

void by_time() {
    // What came in the last 10,000 ms; room for a million keys.
    lfq::deduplicator<std::uint64_t> seen(lfq::dedup::by_time{.window = 10'000, .keys = 1'000'000});
    for (const std::uint64_t id : std::array<std::uint64_t, 5>{1, 2, 1, 3, 2}) {
        switch (seen.insert_if_new(id, now_ms())) {
            case lfq::dedup::fresh: deliver(id); break;
            case lfq::dedup::seen: ++repeated; break;
            case lfq::dedup::full:  // not decided: twice is better than never
                ++undecided;
                deliver(id);
                break;
        }
    }
}

bool by_count() {
    // The last 100,000 different keys, or a few more.
    lfq::deduplicator<std::string_view> seen(lfq::dedup::by_count{.keys = 100'000});
    const bool first = seen.insert_if_new("order-17") == lfq::dedup::fresh;
    return first && seen.contains("order-17") && !seen.contains("order-18");
}

std::size_t in_batches() {
    lfq::deduplicator<std::uint64_t, lfq::storage::huge> seen(
        lfq::dedup::by_count{.keys = 100'000});
    const std::array<std::uint64_t, 6> ids{10, 11, 12, 10, 11, 13};
    std::array<lfq::dedup::answer, 6> answers{};
    const lfq::dedup::tally all = seen.insert_if_new_n(ids, answers);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (answers[i] != lfq::dedup::seen) deliver(ids[i]);
    }
    return all.fresh;
}

bool by_vector() {
    using numbers = lfq::deduplicator<std::uint64_t, lfq::storage::huge, lfq::compare::vector>;
    numbers seen(lfq::dedup::by_count{.keys = 100'000}, {}, lfq::hash_seed{0x5eed, 0xfeed});
    static_cast<void>(seen.insert_if_new(7));
    const lfq::dedup::statistics now = seen.statistics();
    std::printf("about %.1f %% of the words are in use; %d bits are compared at once\n",
        100.0 * static_cast<double>(now.live_approx) / static_cast<double>(now.capacity),
        lfq::compare::vector::vector_bits);
    return now.fresh == 1;
}

}  // namespace

int main() {
    by_time();
    const bool as_expected = delivered == 3 && repeated == 2 && undecided == 0 && by_count() &&
        in_batches() == 4 && delivered == 7 && by_vector();
    std::printf("%d delivered\n", delivered);
    return as_expected ? 0 : 1;
}
