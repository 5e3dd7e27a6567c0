// SPDX-License-Identifier: MIT
// Goal: beside a running writer, readers that come and go see an unbroken row of whole values: up
//       to the end, or to where they left.
// Method: tiny rings, near the wrap of their positions too; readers that stay, readers that join at
//         either end and leave again all the time, more of them than seats; every verb at random.
//         Each reader's row begins where it joined and has no gap. LFQ_SEED repeats the choices.
// Cannot show: orders that this CPU keeps anyway (model/ring).
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/broadcast_ring.hpp>

#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/tracked.hpp"
#include "support/traffic.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace support;
using lfq::join_at;

// A row of numbers, each one more than the one before.
struct row {
    std::uint64_t next = UINT64_MAX;  // not begun
    std::uint64_t seen = 0;
    std::uint64_t wrong = 0;

    template <class T>
    void note(const T& value) {
        const std::uint64_t found = number(value);
        if (next != UINT64_MAX && found != next) ++wrong;
        next = found + 1;
        ++seen;
    }
};

// Reads by every verb in turn of the dice, until it has seen so many or the ring is drained.
template <class Reader>
void read(Reader& reader, row& mine, std::uint64_t count, dice& random) {
    using element = typename Reader::value_type;
    const auto note = [&mine](const element& value) { mine.note(value); };
    std::vector<element> out(3, element(0));
    while (mine.seen < count) {
        switch (random.from_to(0, 5)) {
            case 0:
                if (!reader.pop(out[0])) return;
                note(out[0]);
                break;
            case 1:
                if (reader.pop_for(out[0], std::chrono::microseconds(50))) note(out[0]);
                break;
            case 2:
                if (reader.try_pop(out[0])) note(out[0]);
                break;
            case 3: {
                const std::size_t got = reader.try_pop_n(out);
                for (std::size_t i = 0; i < got; ++i) note(out[i]);
                break;
            }
            case 4: reader.drain(note, random.from_to(1, 3)); break;
            default: {
                std::size_t peeked = 0;
                for (const auto part : reader.peek(random.from_to(1, 3))) {
                    for (const element& value : part) note(value);
                    peeked += part.size();
                }
                reader.consume(peeked);
            }
        }
        if (reader.drained()) return;
    }
}

template <class T>
using every_ring = std::tuple<lfq::broadcast_ring<T, lfq::storage::heap, lfq::wait::backoff>,
    lfq::broadcast_ring<T, lfq::storage::heap, lfq::wait::park, env_near_wrap>>;

template <class Ring>
void writer_beside_readers() {
    const std::uint64_t count = affordable(20'000);
    Ring ring(4, {}, {}, 3);
    std::vector<row> rows(2);
    std::atomic<std::uint64_t> wrong{0};
    std::atomic<std::uint64_t> visits{0};
    std::atomic<std::uint64_t> turned_away{0};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        threads.emplace_back([&, i, reader = ring.join(join_at::newest)]() mutable {
            dice random(i);
            read(reader, rows[i], UINT64_MAX, random);
        });
    }
    for (std::size_t i = 0; i < 2; ++i) {  // two who want the one seat that is left
        threads.emplace_back([&, i] {
            dice random(10 + i);
            while (!ring.drained()) {
                row mine;
                auto reader = ring.join(random.one_in(2) ? join_at::newest : join_at::oldest);
                if (!reader) {
                    turned_away.fetch_add(1, std::memory_order_relaxed);
                    std::this_thread::yield();
                    continue;
                }
                read(reader, mine, random.from_to(0, 9), random);
                visits.fetch_add(1, std::memory_order_relaxed);
                wrong.fetch_add(mine.wrong, std::memory_order_relaxed);
            }
        });
    }
    dice random(99);
    CHECK(send(ring, 0, count, random) == count);
    ring.close();
    for (std::thread& each : threads) each.join();

    CAPTURE(run_seed(), visits.load(), turned_away.load());
    for (const row& each : rows) {
        CHECK(each.wrong == 0);
        CHECK(each.seen == count);
        CHECK(each.next == count);
    }
    CHECK(wrong == 0);
    CHECK(ring.readers_approx() == 0);
    CHECK(ring.statistics().published == count);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("readers_come_and_go_and_miss_nothing", "", every_ring<message>) {
    writer_beside_readers<TestType>();
}

TEMPLATE_LIST_TEST_CASE("values_live_as_long_as_a_reader_holds_them", "", every_ring<tracked>) {
    writer_beside_readers<TestType>();
    CHECK(lifetimes::balanced());
}
