// SPDX-License-Identifier: MIT
// Goal: between threads every value arrives once, whole and in its sender's order, and every
//         lifetime ends.
// Method: a ledger; one to three producers and a consumer that use every verb at random, on rings
//         of 1 to 2,048 values, near the wrap of their positions, closed at the end or at any time.
//         LFQ_SEED repeats the choices, not the interleaving.
// Cannot show: weak memory; on x86 that is ThreadSanitizer's and the model's.
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/setups.hpp"
#include "support/traffic.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace support;

// A waiting thread that never sleeps keeps the others from running where there are fewer cores:
// less for those.
template <class Setup>
constexpr std::uint64_t letters() {
    using wait = typename Setup::wait;
    const bool patient =
        !std::is_same_v<wait, lfq::wait::spin> && !std::is_same_v<wait, lfq::wait::slip>;
    return affordable(patient ? 2'500 : 60);
}

template <class Setup, class T>
class crossing {
public:
    crossing(std::size_t capacity, std::size_t senders, std::uint64_t stream)
        : ring_(capacity, {}, sleeping_at_once<typename Setup::wait>()),
          sent_(senders),
          book_(senders),
          stream_(stream * 16) {}

    // The producers close at their end: the only one, or on a shared ring the last.
    void to_the_end() {
        std::atomic<std::size_t> working{sent_.size()};
        run([this, &working] {
            if (working.fetch_sub(1) == 1) ring_.close();
        });
        for (const std::uint64_t sent : sent_) CHECK(sent == letters<Setup>());
        balance();
    }

    // Somebody closes while the others are at it.
    void cut_short() {
        std::thread closer([this] {
            dice random(stream_ + 9);
            std::this_thread::sleep_for(std::chrono::microseconds(random.from_to(0, 3'000)));
            ring_.close();
        });
        run([] {});
        closer.join();
        balance();
    }

private:
    template <class AtEnd>
    void run(AtEnd at_end) {
        std::vector<std::thread> threads;
        for (std::size_t sender = 0; sender < sent_.size(); ++sender) {
            threads.emplace_back([this, sender, at_end] {
                dice random(stream_ + 1 + sender);
                sent_[sender] = send(ring_, sender, letters<Setup>(), random);
                at_end();
            });
        }
        std::thread consumer([this] {
            dice random(stream_);
            receive(ring_, book_, random);
        });
        for (std::thread& each : threads) each.join();
        consumer.join();
    }

    void balance() {
        CAPTURE(ring_.capacity(), sent_.size(), run_seed());
        CHECK(book_.wrong() == 0);
        CHECK(book_.received() == sent_);
        CHECK(ring_.drained());
        CHECK(ring_.empty_approx());
        const lfq::ring_statistics seen = ring_.statistics();
        std::uint64_t sum = 0;
        for (const std::uint64_t sent : sent_) sum += sent;
        CHECK(seen.published == sum + seen.skipped);
        CHECK(seen.consumed == seen.published);
        CHECK(seen.high_water <= ring_.capacity());
        CHECK((sum == 0 || seen.high_water >= 1));
    }

    typename Setup::template ring<T, 1> ring_;
    std::vector<std::uint64_t> sent_;
    ledger book_;
    std::uint64_t stream_;
};

template <class Algorithm>
using every_wait = std::tuple<setup<Algorithm, on_heap, spin, env_near_wrap>,
    setup<Algorithm, on_heap, backoff, env_near_wrap>,
    setup<Algorithm, on_heap, slip, env_near_wrap>, setup<Algorithm, on_heap, park, env_near_wrap>,
    setup<Algorithm, on_heap, doorbell, env_near_wrap>>;
using every_single = every_wait<spsc>;
using every_shared = joined<every_wait<mpsc>, every_wait<ordered>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "one_producer_and_one_consumer_lose_and_reorder_nothing", "", every_single) {
    for (const std::size_t capacity : {1u, 2u, 4u, 2048u}) {
        crossing<TestType, message>(capacity, 1, capacity).to_the_end();
        crossing<TestType, tracked>(capacity, 1, capacity + 1).to_the_end();
        CHECK(lifetimes::balanced());
    }
}

TEMPLATE_LIST_TEST_CASE(
    "many_producers_and_one_consumer_lose_and_reorder_nothing", "", every_shared) {
    for (const std::size_t capacity : {1u, 2u, 4u, 64u}) {
        for (const std::size_t senders : {1u, 2u, 3u}) {
            crossing<TestType, message>(capacity, senders, capacity).to_the_end();
            crossing<TestType, tracked>(capacity, senders, capacity + 1).to_the_end();
            CHECK(lifetimes::balanced());
        }
    }
}

TEMPLATE_LIST_TEST_CASE("what_was_accepted_before_a_sudden_end_is_delivered", "", every_shared) {
    for (std::uint64_t round = 0; round < affordable(30); ++round) {
        const std::size_t capacity = std::size_t{1} << round % 3;
        crossing<TestType, tracked>(capacity, 1 + round % 3, round).cut_short();
        CHECK(lifetimes::balanced());
    }
}
