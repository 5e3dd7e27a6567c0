// SPDX-License-Identifier: MIT
// Goal: a third thread that watches a ring at work never sees what cannot be.
// Method: bounds and monotony asked for as fast as it goes, on tiny rings near the wrap of their
//         positions.
// Cannot show: how old the answers are.
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/setups.hpp"
#include "support/traffic.hpp"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace {

using namespace support;

// What an observer saw that cannot be, by kind.
struct impossible {
    std::uint64_t size_above_capacity = 0;
    std::uint64_t more_consumed_than_published = 0;
    std::uint64_t went_back = 0;
    std::uint64_t high_water_above_capacity = 0;
    std::uint64_t drained_but_not_closed = 0;
    std::uint64_t opened_again = 0;

    [[nodiscard]] bool none() const {
        return size_above_capacity + more_consumed_than_published + went_back +
            high_water_above_capacity + drained_but_not_closed + opened_again ==
            0;
    }
};

template <class Ring>
impossible watch(const Ring& ring, const std::atomic<bool>& over) {
    impossible seen;
    lfq::ring_statistics before{};
    bool was_closed = false;
    while (!over.load()) {
        for (int look = 0; look < 100; ++look) {
            if (ring.size_approx() > ring.capacity()) ++seen.size_above_capacity;
            const lfq::ring_statistics now = ring.statistics();
            if (now.consumed > now.published) ++seen.more_consumed_than_published;
            if (now.published < before.published || now.consumed < before.consumed ||
                now.refused_pushes < before.refused_pushes ||
                now.refused_pops < before.refused_pops || now.skipped < before.skipped) {
                ++seen.went_back;
            }
            if (now.high_water > ring.capacity()) ++seen.high_water_above_capacity;
            const bool drained = ring.drained();
            const bool closed = ring.closed();
            if (drained && !closed) ++seen.drained_but_not_closed;
            if (was_closed && !closed) ++seen.opened_again;
            was_closed = closed;
            before = now;
        }
        std::this_thread::yield();
    }
    return seen;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("observers_never_see_what_cannot_be", "", support::every_patient_setup) {
    for (const std::size_t capacity : {1u, 2u, 8u}) {
        typename TestType::template ring<message, 1> ring(
            capacity, {}, sleeping_at_once<typename TestType::wait>());
        const std::size_t senders = TestType::shared ? 2 : 1;
        ledger book(senders);
        std::atomic<bool> over{false};
        std::atomic<std::size_t> working{senders};
        impossible seen;
        std::thread observer([&] { seen = watch(ring, over); });
        std::vector<std::thread> producers;
        for (std::size_t sender = 0; sender < senders; ++sender) {
            producers.emplace_back([&, sender] {
                dice random(capacity * 4 + sender);
                static_cast<void>(send(ring, sender, affordable(10'000), random));
                if (working.fetch_sub(1) == 1) ring.close();
            });
        }
        dice random(capacity * 4 + 3);
        receive(ring, book, random);
        for (std::thread& each : producers) each.join();
        over.store(true);
        observer.join();
        CAPTURE(capacity, run_seed());
        CHECK(book.wrong() == 0);
        CHECK(seen.none());
    }
}
