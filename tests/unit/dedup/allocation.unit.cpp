// SPDX-License-Identifier: MIT
// Goal: after construction nothing that a deduplicator does allocates, flips and sweeps included.
// Method: this executable's operator new counts; every verb is used, over many generations.
// Cannot show: what keys allocate themselves.
#include <lfq/dedup/deduplicator.hpp>

#include "support/catch.hpp"
#include "support/counted_new.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

TEST_CASE("no_verb_allocates_and_construction_takes_what_it_says") {
    const std::uint64_t bytes_before = support::allocated_bytes();
    lfq::deduplicator<std::uint64_t> by_time(lfq::dedup::by_time{.window = 800, .keys = 1'000'000});
    const std::uint64_t table_bytes = support::allocated_bytes() - bytes_before;
    lfq::deduplicator<std::string_view> by_count(lfq::dedup::by_count{.keys = 1000});
    const std::array<std::uint64_t, 40> keys{1, 2, 3};
    std::array<lfq::dedup::answer, 40> answers{};

    const std::uint64_t before = support::allocations();
    std::uint64_t fresh = 0;
    for (std::uint64_t now = 0; now < 20'000; ++now) {
        fresh += by_time.insert_if_new(now, now) == lfq::dedup::fresh ? 1U : 0U;
        static_cast<void>(by_time.contains(now, now));
        const std::string_view text(reinterpret_cast<const char*>(&now), sizeof now);
        fresh += by_count.insert_if_new(text) == lfq::dedup::fresh ? 1U : 0U;
        static_cast<void>(by_count.contains(text));
    }
    static_cast<void>(by_time.insert_if_new_n(keys, 30'000, answers));
    fresh += by_time.statistics().fresh;
    const std::uint64_t after = support::allocations();
    CHECK(after == before);
    CHECK(fresh > 20'000);
    CHECK(table_bytes <= 32 * 1'000'000);
}
