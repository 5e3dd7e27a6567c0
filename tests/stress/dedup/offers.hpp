// SPDX-License-Identifier: MIT
// tests/stress/dedup/offers.hpp — four threads that offer the same keys, and the ledger of what
// they heard.
#pragma once

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

namespace support {

using lfq::dedup::answer;

inline constexpr std::size_t threads = 4;

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

inline std::vector<std::vector<std::uint64_t>> orders_of(std::size_t keys) {
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

}  // namespace support
