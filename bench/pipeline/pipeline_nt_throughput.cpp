// SPDX-License-Identifier: MIT
// How many events a second go through a pipeline in one process — a ring from producers, a
// dispatcher that drops what it has seen, a ring to a worker — beside the same built from other
// parts?
//
// Events of 56 bytes by value; one in 16 is sent twice and is to be dropped. The window is the last
// 65,536 keys at least. "fused": dispatcher and worker share a thread, two in all. "threads": each
// of the three has one, on two cpus, of which the dispatcher has one alone. What is left out or
// exchanged in the extra rows tells what a part costs.

#if LFQ_BENCH_HAS_BOOST
#include "contestants/boost_lockfree.hpp"
#endif
#include "contestants/lfq_mpsc.hpp"
#include "contestants/lfq_spsc.hpp"
#include "contestants/pipelines.hpp"
#include "harness/looking.hpp"
#include "harness/session.hpp"
#include "harness/team.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace {

using namespace bench;

constexpr std::uint64_t events_min = 32'768;
constexpr std::size_t in_slots = 65'536;

template <class Looking, class Port>
[[gnu::noinline]] void produce(Port port, const numbering::numbers& all) {
    event next{};
    for (std::uint64_t number = all.first; number != all.end; ++number) {
        set_number(next, number);
        changed(next);
        while (!port.try_push(next)) Looking::after_refusal();
    }
}

template <class Looking, class Pipeline>
[[gnu::noinline]] void consume_fused(Pipeline& line, std::uint64_t end) {
    while (line.book().next() != end) {
        if (line.dispatch_and_work([](const event&) {}) == 0) Looking::after_refusal();
    }
}

template <class Looking, class Pipeline>
[[gnu::noinline]] void dispatch_all(Pipeline& line, const numbering::numbers& all) {
    for (std::uint64_t taken = all.first; taken != all.end;) {
        const std::size_t took = line.dispatch(Looking::after_refusal);
        if (took == 0) Looking::after_refusal();
        taken += took;
    }
}

template <class Looking, class Pipeline>
[[gnu::noinline]] void work_all(Pipeline& line, std::uint64_t end) {
    while (line.book().next() != end) {
        if (line.work() == 0) Looking::after_refusal();
    }
}

template <class Looking, class Pipeline>
[[nodiscard]] pass fused(team& pinned) {
    return [&pinned, line = std::make_shared<Pipeline>(), numbers = numbering()](
               std::uint64_t count) mutable {
        const auto all = numbers.at_least(count);
        const double seconds =
            pinned.seconds_together([&] { produce<Looking>(line->producer_port(), all); },
                [&] { consume_fused<Looking>(*line, all.end); });
        return outcome{seconds, all.count() / seconds / 1e6, line->right()};
    };
}

template <class Looking, class Pipeline>
[[nodiscard]] pass in_threads(team& crew) {
    return [&crew, line = std::make_shared<Pipeline>(), numbers = numbering()](
               std::uint64_t count) mutable {
        const auto all = numbers.at_least(count);
        const double seconds = crew.seconds_together([&] { work_all<Looking>(*line, all.end); },
            [&] { dispatch_all<Looking>(*line, all); },
            [&] { produce<Looking>(line->producer_port(), all); });
        return outcome{seconds, all.count() / seconds / 1e6, line->right()};
    };
}

/// The deduplicator and nothing else, in one thread: what the dispatcher cannot be faster than.
[[nodiscard]] pass window_alone(team& pinned) {
    return [&pinned, window = std::make_shared<lfq_window<>>(), numbers = numbering()](
               std::uint64_t count) mutable {
        const auto all = numbers.at_least(count);
        std::array<event, at_once> batch{};
        std::uint64_t kept = 0;
        const auto look_all_up = [&] {
            for (std::uint64_t number = all.first; number != all.end;) {
                const auto size = std::min<std::uint64_t>(at_once, all.end - number);
                for (std::size_t i = 0; i < size; ++i) set_number(batch[i], number++);
                kept += window->keep_new(std::span(batch).first(size));
            }
        };
        const double seconds = pinned.seconds_together(look_all_up, [] {});
        return outcome{seconds, all.count() / seconds / 1e6, kept < all.end - all.first};
    };
}

template <std::size_t OutSlots, class Visit>
void for_each_pipeline(Visit&& visit) {
    using mpsc = lfq_mpsc<event, in_slots>;
    using spsc = lfq_spsc<event, OutSlots>;
    visit.template operator()<pipeline<mpsc, lfq_window<>, spsc>>("lfq", role::ours);
    if constexpr (lfq::compare::vector::vector_bits != 0) {
        visit.template operator()<pipeline<mpsc, lfq_window<lfq::compare::vector>, spsc>>(
            "lfq, keys compared by vector", role::extra);
    }
#if LFQ_BENCH_HAS_BOOST
    using boost_mpsc = boost_queue<event, in_slots>;
    using boost_spsc = boost_spsc_queue<event, OutSlots>;
    visit.template operator()<pipeline<boost_mpsc, rotating_sets, boost_spsc>>(
        "boost.lockfree, two std::unordered_set", role::growing_peer);
    visit.template operator()<pipeline<boost_mpsc, lfq_window<>, boost_spsc>>(
        "boost.lockfree, lfq's deduplicator", role::extra);
#endif
    visit.template operator()<pipeline<mpsc, rotating_sets, spsc>>(
        "lfq's rings, two std::unordered_set", role::extra);
    visit.template operator()<pipeline<mpsc, no_window, spsc>>(
        "lfq's rings, nothing dropped", role::extra);
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    here.ask("pipeline/pipeline_nt_throughput/fused",
        "events through two rings and a window, dispatcher and worker in one thread",
        {.name = "M/s", .rules_compete = true, .pass_seconds = 0.03}, [&](entry_list& list) {
            for_each_pipeline<2 * at_once>([&]<class Line>(const char* name, role stands_for) {
                list.enter(name, spin::name, stands_for, events_min,
                    [&] { return fused<spin, Line>(here.pinned()); });
                list.enter(name, slip::name, stands_for, events_min,
                    [&] { return fused<slip, Line>(here.pinned()); });
            });
            list.enter("lfq::deduplicator alone, one thread", slip::name, role::floor, events_min,
                [&] { return window_alone(here.pinned()); });
        });
    here.ask("pipeline/pipeline_nt_throughput/threads",
        "events through two rings and a window, three threads on two cpus",
        {.name = "M/s", .pass_seconds = 0.03}, [&](entry_list& list) {
            using looking = slip_and_yield;
            for_each_pipeline<16'384>([&]<class Line>(const char* name, role stands_for) {
                list.enter(name, looking::name, stands_for, events_min,
                    [&] { return in_threads<looking, Line>(here.crew(3)); });
            });
        });
    return here.finish();
}
