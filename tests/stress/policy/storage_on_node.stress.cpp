// SPDX-License-Identifier: MIT
// Goal: rings on a node hand over every value once and in order, also between threads of different
//         nodes; and threads that build and end such rings at once do not disturb each other.
// Method: a ledger over tiny rings on each node there is, their threads placed by a plan where the
//         cpus are enough.
// Cannot show: weak memory; several nodes where there is one.
#include <lfq/policy/storage_on_node.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/sys/placement.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace {

using lfq::storage::on_node;

/// The consumer's end of the ledger: of each producer, the next number that is due.
bool takes_all_in_order(auto& ring, std::size_t producers) {
    std::vector<std::uint64_t> due(producers);
    bool in_order = true;
    std::uint64_t value = 0;
    while (ring.pop(value)) in_order = in_order && value / producers == due[value % producers]++;
    for (const std::uint64_t count : due) in_order = in_order && count == due.front();
    return in_order && due.front() == support::affordable(50'000);
}

template <class Ring>
bool hands_over(unsigned node, std::size_t producers) {
    const auto plan = lfq::sys::place(lfq::sys::topology::of_this_machine(), producers + 1);
    Ring ring(8, on_node(node));
    std::atomic<std::size_t> working{producers};
    std::vector<std::jthread> threads;
    for (std::size_t own = 0; own < producers; ++own) {
        threads.emplace_back([&, own] {
            lfq::sys::pin_this_thread(plan.threads()[own]);
            for (std::uint64_t i = 0; i < support::affordable(50'000); ++i)
                ring.push(i * producers + own);
            if (working.fetch_sub(1, std::memory_order_acq_rel) == 1) ring.close();
        });
    }
    std::atomic<bool> right{false};
    threads.emplace_back([&] {
        lfq::sys::pin_this_thread(plan.threads()[producers]);
        right.store(takes_all_in_order(ring, producers), std::memory_order_relaxed);
    });
    threads.clear();  // joins
    return right.load(std::memory_order_relaxed);
}

}  // namespace

TEST_CASE("rings_on_a_node_lose_nothing_between_threads") {
    for (const unsigned node : lfq::sys::memory_nodes()) {
        CAPTURE(node);
        CHECK(hands_over<lfq::spsc_ring<std::uint64_t, on_node>>(node, 1));
        CHECK(hands_over<lfq::mpsc_ring<std::uint64_t, on_node>>(node, 2));
    }
}

TEST_CASE("threads_build_and_end_rings_on_nodes_at_once") {
    const std::vector<unsigned> nodes = lfq::sys::memory_nodes();
    std::atomic<unsigned> wrong{0};
    {
        std::vector<std::jthread> threads;
        for (unsigned thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (std::uint64_t i = 0; i < support::affordable(500); ++i) {
                    const unsigned node = nodes[(thread + i) % nodes.size()];
                    lfq::spsc_ring<std::uint64_t, on_node> ring(1024, on_node(node));
                    const bool pushed = ring.try_push(i);
                    const auto told = ring.storage().told();
                    if (!pushed || ring.try_pop() != i || told.node.value_or(node) != node)
                        wrong.fetch_add(1, std::memory_order_relaxed);
                }
            });
        }
    }
    CHECK(wrong.load(std::memory_order_relaxed) == 0);
}
