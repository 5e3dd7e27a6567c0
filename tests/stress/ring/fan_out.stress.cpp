// SPDX-License-Identifier: MIT
// Goal: what one producer deals out to several workers arrives once, in order at each worker, and
//         keys stay together.
// Method: a ledger over all workers; every way of dealing at random, small rings near the wrap of
//         their positions, a bounded number of workers beyond the number of cores. LFQ_SEED repeats
//         the choices.
// Cannot show: fairness between workers.
#include <lfq/ring/fan_out.hpp>

#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/setups.hpp"
#include "support/traffic.hpp"

#include <cstdint>
#include <numeric>
#include <thread>
#include <vector>

namespace {

using namespace support;

// What one worker got, in the order it got it.
struct shift {
    std::vector<std::uint64_t> values;
    std::uint64_t torn = 0;
};

template <class Ring>
void work(Ring& ring, shift& mine, dice& random) {
    const auto note = [&mine](const message& value) {
        if (!value.whole()) ++mine.torn;
        mine.values.push_back(value.words[0]);
    };
    message out(0);
    for (;;) {
        if (random.one_in(2)) {
            ring.drain(note, random.from_to(1, 4));
        } else if (ring.pop(out)) {
            note(out);
        } else {
            return;
        }
    }
}

using every_spread =
    std::tuple<lfq::fan_out<message, lfq::storage::heap, lfq::wait::backoff, env_near_wrap>,
        lfq::fan_out<message, lfq::storage::heap, lfq::wait::park, env_near_wrap>,
        lfq::fan_out<message, lfq::storage::huge, lfq::wait::doorbell>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("every_value_reaches_one_worker_in_order", "", every_spread) {
    for (const std::size_t workers : {1u, 2u, 3u}) {
        const std::uint64_t count = affordable(15'000);
        TestType spread(workers, 2);
        std::vector<shift> shifts(workers);
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < workers; ++i) {
            threads.emplace_back([&, i] {
                dice random(workers * 8 + i);
                work(spread.worker(i), shifts[i], random);
            });
        }
        dice random(workers * 8 + 7);
        std::vector<std::size_t> told(count, workers);  // who must get it; workers: anybody
        for (std::uint64_t value = 0; value < count;) {
            const std::size_t worker = random.from_to(0, workers - 1);
            bool given = false;
            switch (random.from_to(0, 3)) {
                case 0: given = spread.try_push(message(value)); break;
                case 1:
                    told[value] = worker;
                    given = spread.try_push_to(worker, message(value));
                    break;
                case 2:
                    told[value] = spread.worker_of(value % 17);
                    given = spread.push_by(value % 17, message(value));
                    break;
                default: told[value] = worker; given = spread.push_to(worker, message(value));
            }
            if (given) {
                ++value;
            } else {
                told[value] = workers;
                std::this_thread::yield();
            }
        }
        spread.close();
        for (std::thread& each : threads) each.join();

        CAPTURE(workers, run_seed());
        std::vector<std::uint64_t> seen(count);
        std::uint64_t wrong = 0;
        for (std::size_t i = 0; i < workers; ++i) {
            wrong += shifts[i].torn;
            std::uint64_t after = 0;
            for (const std::uint64_t value : shifts[i].values) {
                if (value >= count || value < after ||
                    (told[value] != workers && told[value] != i)) {
                    ++wrong;
                    continue;
                }
                after = value + 1;
                ++seen[value];
            }
        }
        CHECK(wrong == 0);
        CHECK(std::ranges::count(seen, std::uint64_t{1}) == static_cast<std::int64_t>(count));
        CHECK(spread.drained());
        CHECK(spread.statistics().published == count);
        CHECK(spread.statistics().consumed == count);
    }
}
