// SPDX-License-Identifier: MIT
// Goal: of threads that offer the same keys one hears fresh; beside flips it may be several, but
//       never none; and what was never offered is never seen.
// Method: four threads, each with all keys in an order of its own, singly and in batches; a ledger
//       of who heard what; tables that are nearly full, so that words and both lines are contended.
// Cannot show: orders of memory that this processor keeps anyway; those are the model's.
#include <lfq/dedup/deduplicator.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <thread>
#include <vector>

namespace {

using lfq::dedup::answer;

constexpr std::size_t threads = 4;

template <class Work>
void together(Work work) {
    std::vector<std::thread> all;
    std::atomic<std::size_t> ready{0};
    for (std::size_t self = 0; self < threads; ++self) {
        all.emplace_back([&, self] {
            ready.fetch_add(1);
            while (ready.load() != threads) std::this_thread::yield();
            work(self);
        });
    }
    for (std::thread& each : all) each.join();
}

std::vector<std::vector<std::uint64_t>> orders_of(std::size_t keys) {
    std::vector<std::vector<std::uint64_t>> orders(threads, std::vector<std::uint64_t>(keys));
    for (std::size_t self = 0; self < threads; ++self) {
        std::iota(orders[self].begin(), orders[self].end(), std::uint64_t{0});
        // Neighbours stay near, so that threads meet.
        std::mt19937_64 engine(support::run_seed() + self);
        for (std::size_t at = 0; at + 16 <= keys; at += 16) {
            std::shuffle(orders[self].begin() + static_cast<std::ptrdiff_t>(at),
                orders[self].begin() + static_cast<std::ptrdiff_t>(at + 16), engine);
        }
    }
    return orders;
}

template <class Compare>
void one_hears_fresh(std::size_t batch) {
    using numbers = lfq::deduplicator<std::uint64_t, lfq::storage::heap, Compare>;
    const std::size_t keys = static_cast<std::size_t>(support::affordable(32'000)) / 16 * 16;
    const auto orders = orders_of(keys);
    for (int round = 0; round < 6; ++round) {
        numbers seen(lfq::dedup::by_time{.window = 80, .keys = keys / 2});
        std::vector<std::vector<answer>> said(threads, std::vector<answer>(keys));
        together([&](std::size_t self) {
            std::array<answer, 16> answers{};
            for (std::size_t at = 0; at < keys; at += batch) {
                const auto some = std::span(orders[self]).subspan(at, batch);
                if (batch == 1) {
                    answers[0] = seen.insert_if_new(some[0], 5);
                } else {
                    static_cast<void>(seen.insert_if_new_n(some, 5, answers));
                }
                for (std::size_t i = 0; i < batch; ++i) said[self][some[i]] = answers[i];
            }
        });
        std::size_t wrong = 0;
        lfq::dedup::tally all;
        for (std::size_t key = 0; key < keys; ++key) {
            lfq::dedup::tally of_key;
            for (std::size_t self = 0; self < threads; ++self) of_key.add(said[self][key]);
            // Full for one is full for all: nothing is ever taken out in one generation.
            if (of_key.fresh > 1 || (of_key.fresh == 0 && of_key.full != threads)) ++wrong;
            all.add(of_key);
        }
        CHECK(wrong == 0);
        const lfq::dedup::statistics counted = seen.statistics();
        CHECK(counted.fresh == all.fresh);
        CHECK(counted.seen == all.seen);
        CHECK(counted.full == all.full);
    }
}

}  // namespace

TEST_CASE("one_of_four_hears_fresh_singly") { one_hears_fresh<lfq::compare::scalar>(1); }
TEST_CASE("one_of_four_hears_fresh_in_batches") { one_hears_fresh<lfq::compare::scalar>(16); }
TEST_CASE("one_of_four_hears_fresh_by_vector") { one_hears_fresh<lfq::compare::vector>(1); }

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
