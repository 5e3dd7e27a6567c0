// SPDX-License-Identifier: MIT
// Goal: of threads that offer the same keys one hears fresh; beside flips it may be several, but
//       never none; and what was never offered is never seen.
// Method: four threads, each with all keys in an order of its own, singly and in batches; a ledger
//       of who heard what; tables that are nearly full, so that words and both lines are contended.
// Cannot show: orders of memory that this processor keeps anyway; those are the model's.
#include <lfq/dedup/deduplicator.hpp>

#include "stress/dedup/offers.hpp"
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

using lfq::dedup::answer;
using support::one_hears_fresh;
using support::orders_of;
using support::threads;
using support::together;

TEST_CASE("one_of_four_hears_fresh_singly") { one_hears_fresh<lfq::compare::scalar>(1); }
TEST_CASE("one_of_four_hears_fresh_in_batches") { one_hears_fresh<lfq::compare::scalar>(16); }

// The window moves on all the time: keys come again while they are in it, and long after. Each
// thread knows what it was told last about a key of its own.
TEST_CASE("beside_flips_every_key_is_delivered_and_nobody_sees_what_was_not_there") {
    constexpr std::uint64_t window = 800;
    lfq::deduplicator<std::uint64_t> seen(lfq::dedup::by_time{.window = window, .keys = 1000});
    std::atomic<std::uint64_t> clock{0};
    std::atomic<std::size_t> wrong{0};
    const std::uint64_t turns = support::affordable(300'000);
    together([&](std::size_t self) {
        support::dice dice(self);
        struct stay {
            bool known = false;
            std::uint64_t earliest = 0;  // it was inserted between these
            std::uint64_t latest = 0;
        };
        std::array<stay, 64> stays{};
        std::uint64_t never = std::uint64_t{self} << 40;
        for (std::uint64_t turn = 0; turn < turns; ++turn) {
            const std::uint64_t now = clock.fetch_add(dice.one_in(500) ? 3000 : 1);
            const std::size_t which = dice.from_to(0, stays.size() - 1);
            stay& last = stays[which];
            const answer said = seen.insert_if_new(std::uint64_t{self + 1} << 50 | which, now);
            // No call was told a later time by then.
            const std::uint64_t after = clock.load();
            const bool in_window = last.known && after - last.earliest <= window;
            const bool over = !last.known || now > last.latest + window + window / 4;
            if (said == answer::fresh ? in_window : said == answer::seen && over)
                wrong.fetch_add(1);
            if (said == answer::fresh) last = {true, now, after};
            if (seen.contains(++never, now)) wrong.fetch_add(1);
        }
    });
    CHECK(wrong.load() == 0);
    const lfq::dedup::statistics all = seen.statistics();
    CHECK(all.fresh + all.seen + all.full == threads * turns);
}

TEST_CASE("keys_that_all_offer_beside_flips_are_fresh_at_least_once") {
    const std::size_t keys = static_cast<std::size_t>(support::affordable(200'000)) / 16 * 16;
    const auto orders = orders_of(keys);
    lfq::deduplicator<std::uint64_t> seen(lfq::dedup::by_count{.keys = 2000});
    std::vector<std::atomic<std::uint8_t>> fresh(keys);
    std::atomic<std::size_t> full{0};
    together([&](std::size_t self) {
        for (const std::uint64_t key : orders[self]) {
            switch (seen.insert_if_new(key)) {
                case answer::fresh: fresh[key].fetch_add(1); break;
                case answer::seen: break;
                case answer::full: full.fetch_add(1); break;
            }
        }
    });
    std::size_t none = 0;
    for (const auto& each : fresh) none += static_cast<std::size_t>(each.load() == 0);
    CHECK(none <= full.load());
}
