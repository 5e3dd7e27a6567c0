// SPDX-License-Identifier: MIT
// Goal: beside a writer that overwrites, readers get whole values only, in order, and those they
//       got and those they were told to have missed are all.
// Method: tiny rings, near the wrap of their positions too; values whose words prove each other;
//         readers that read, sleep, skip and join anew, at random. LFQ_SEED repeats the choices.
// Cannot show: orders that this CPU keeps anyway (model/ring).
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>

#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/traffic.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace support;
using lfq::join_at;

using every_ring = std::tuple<
    lfq::lossy_broadcast_ring<message, lfq::storage::inplace<4>, lfq::wait::backoff>,
    lfq::lossy_broadcast_ring<message, lfq::storage::inplace<16>, lfq::wait::park, env_near_wrap>>;

// What one reader got of 0, 1, 2 … from where it joined.
struct row {
    std::uint64_t got = 0;
    std::uint64_t wrong = 0;

    // The number of a value tells its place, and so what must have been missed.
    void note(const message& value, std::uint64_t first, std::uint64_t missed) {
        if (!value.whole() || value.words[0] != first + got + missed) ++wrong;
        ++got;
    }
};

template <class Reader>
void read_to_the_end(Reader& reader, row& mine, dice& random) {
    message out(0);
    std::vector<message> many(3, message(0));
    for (;;) {
        switch (random.from_to(0, 4)) {
            case 0:
                if (!reader.pop(out)) return;
                mine.note(out, 0, reader.missed());
                break;
            case 1:
                if (reader.pop_for(out, std::chrono::microseconds(50)))
                    mine.note(out, 0, reader.missed());
                break;
            case 2:
                reader.drain([&](const message& value) { mine.note(value, 0, reader.missed()); },
                    random.from_to(1, 5));
                break;
            case 3: {
                // Values may have been missed before any of them: only the last one's place is
                // told.
                const std::size_t n = reader.try_pop_n(many);
                if (n == 0) break;
                mine.got += n - 1;
                for (std::size_t i = 0; i + 1 < n; ++i)
                    mine.wrong +=
                        many[i].whole() && many[i].words[0] < many[i + 1].words[0] ? 0U : 1U;
                mine.note(many[n - 1], 0, reader.missed());
                break;
            }
            default:
                if (random.one_in(20))
                    reader.skip_to(random.one_in(2) ? join_at::newest : join_at::oldest);
                if (random.one_in(4)) std::this_thread::yield();
        }
        if (reader.drained()) return;
    }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("what_is_read_and_what_is_missed_are_all", "", every_ring) {
    const std::uint64_t count = affordable(60'000);
    TestType ring;
    std::vector<row> rows(2);
    std::vector<std::uint64_t> missed(rows.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        threads.emplace_back([&, i, reader = ring.join(join_at::newest)]() mutable {
            dice random(i);
            read_to_the_end(reader, rows[i], random);
            missed[i] = reader.missed();
        });
    }
    std::atomic<std::uint64_t> wrong{0};
    threads.emplace_back([&] {  // comes and goes
        dice random(7);
        while (!ring.closed()) {
            auto reader = ring.join(random.one_in(2) ? join_at::newest : join_at::oldest);
            std::uint64_t last = UINT64_MAX;
            std::uint64_t told = 0;
            const std::size_t wanted = random.from_to(1, 9);
            for (std::size_t i = 0; i < wanted; ++i) {
                const auto value = reader.try_pop();
                if (!value) continue;
                const std::uint64_t gap = reader.missed() - told;
                told = reader.missed();
                if (!value->whole() || (last != UINT64_MAX && value->words[0] != last + 1 + gap))
                    wrong.fetch_add(1, std::memory_order_relaxed);
                last = value->words[0];
            }
            std::this_thread::yield();
        }
    });
    dice random(99);
    for (std::uint64_t sent = 0; sent < count;) {
        if (random.one_in(3)) {
            std::vector<message> batch;
            const std::uint64_t wanted =
                std::min<std::uint64_t>(random.from_to(1, 9), count - sent);
            for (std::uint64_t i = 0; i < wanted; ++i) batch.emplace_back(sent + i);
            sent += ring.try_push_n(std::span<const message>(batch));
        } else {
            sent += ring.try_emplace(sent) ? 1U : 0U;
        }
        if (random.one_in(8)) std::this_thread::yield();
    }
    ring.close();
    for (std::thread& each : threads) each.join();

    CAPTURE(run_seed());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CHECK(rows[i].wrong == 0);
        CHECK(rows[i].got + missed[i] == count);
    }
    CHECK(wrong == 0);
    CHECK(ring.statistics().published == count);
}
