// SPDX-License-Identifier: MIT
// How long is an event in a pipeline that is not busy, and how close is that to one bare hop from
// core to core?
//
// A million events a second, one every microsecond by the schedule of the producer, which stamps
// each when it is about to push it; the worker looks at the stamp when it has the event. Dispatcher
// and worker share a thread. Everybody looks again at once. The floor is one line with the event
// and a number in it. The clock is read twice for every event, in the floor too.

#if LFQ_BENCH_HAS_BOOST
#include "contestants/boost_lockfree.hpp"
#endif
#include "contestants/lfq_mpsc.hpp"
#include "contestants/lfq_spsc.hpp"
#include "contestants/pipelines.hpp"
#include "harness/floors.hpp"
#include "harness/ports.hpp"
#include "harness/session.hpp"
#include "harness/team.hpp"
#include "harness/ticks.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace {

using namespace bench;

constexpr std::uint64_t events_min = 8'192;
constexpr double events_a_second = 1e6;

/// One line an event, with its number in it; the least that can be handed over. How far the
/// consumer is matters only where it was away for a thousand events.
class bare_lines {
public:
    using value_type = event;

    bool try_push(const event& value) noexcept {
        if (pushed_ - taken_.value.load(std::memory_order_acquire) == lines) return false;
        line& next = all_[pushed_ % lines];
        next.value = value;
        next.number.store(++pushed_, std::memory_order_release);
        return true;
    }
    bool try_pop(event& value) noexcept {
        const line& next = all_[popped_ % lines];
        if (next.number.load(std::memory_order_acquire) != popped_ + 1) return false;
        value = next.value;
        if (++popped_ % (lines / 4) == 0) taken_.value.store(popped_, std::memory_order_release);
        return true;
    }

private:
    static constexpr std::size_t lines = 1'024;
    struct alignas(64) line {
        std::atomic<std::uint64_t> number{0};
        event value{};
    };
    std::vector<line> all_{std::vector<line>(lines)};
    lone_number taken_;
    alignas(128) std::uint64_t pushed_ = 0;
    alignas(128) std::uint64_t popped_ = 0;
};

/// No dispatcher: straight from the producer to the worker.
template <class Ring>
class one_hop {
public:
    [[nodiscard]] shared_port<Ring> producer_port() { return shared_port<Ring>(ring_); }
    template <class Visit>
    std::size_t dispatch_and_work(Visit&& visit) {
        return by_try_pop::look(ring_, [&](const event& each) {
            visit(each);
            book_.enter(each);
        });
    }
    [[nodiscard]] const receipt& book() const noexcept { return book_; }
    [[nodiscard]] bool right() const noexcept { return book_.right(UINT64_MAX); }

private:
    Ring ring_{};
    receipt book_{};
};

template <class Port>
[[gnu::noinline]] void produce_paced(Port port, const numbering::numbers& all) {
    event next{};
    const double ticks_between = 1e9 / events_a_second / ns_per_tick();
    const std::uint64_t began = ticks();
    for (std::uint64_t number = all.first; number != all.end; ++number) {
        set_number(next, number);
        const auto due =
            static_cast<std::uint64_t>(static_cast<double>(number - all.first) * ticks_between);
        do {
            next.sent = ticks();
        } while (next.sent - began < due);
        changed(next);
        while (!port.try_push(next)) {
        }
    }
}

template <class Line>
[[gnu::noinline]] void consume_timed(
    Line& line, std::uint64_t end, std::vector<std::uint64_t>& took) {
    std::size_t at = 0;
    while (line.book().next() != end) {
        line.dispatch_and_work([&](const event& each) { took[at++] = ticks() - each.sent; });
    }
    took.resize(at);
}

template <class Line>
[[nodiscard]] pass paced(team& pinned, double quantile) {
    return [&pinned, quantile, line = std::make_shared<Line>(), numbers = numbering(),
               took = std::vector<std::uint64_t>()](std::uint64_t count) mutable {
        const auto all = numbers.at_least(count);
        took.assign(all.end - all.first, 0);  // every page of it is touched before
        const double seconds =
            pinned.seconds_together([&] { produce_paced(line->producer_port(), all); },
                [&] { consume_timed(*line, all.end, took); });
        const auto place =
            static_cast<std::ptrdiff_t>(quantile * static_cast<double>(took.size() - 1));
        std::nth_element(took.begin(), took.begin() + place, took.end());
        const auto found = static_cast<double>(took[static_cast<std::size_t>(place)]);
        return outcome{seconds, found * ns_per_tick(), line->right()};
    };
}

template <class Line>
void enter(entry_list& list, team& pinned, const char* name, role stands_for) {
    list.enter(name, "p50", stands_for, events_min, [&] { return paced<Line>(pinned, 0.50); });
    list.enter(name, "p99", stands_for, events_min, [&] { return paced<Line>(pinned, 0.99); });
    list.enter(name, "p99.9", stands_for, events_min, [&] { return paced<Line>(pinned, 0.999); });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    here.ask("pipeline/pipeline_2t_latency/1M",
        "from the producer to the worker, at a million events a second",
        {.name = "ns", .lower_is_better = true, .pass_seconds = 0.05}, [&](entry_list& list) {
            team& pinned = here.pinned();
            using mpsc = lfq_mpsc<event, 65'536>;
            using spsc = lfq_spsc<event, 2 * at_once>;
            enter<pipeline<mpsc, lfq_window<>, spsc>>(list, pinned, "lfq", role::ours);
            enter<one_hop<bare_lines>>(list, pinned, "one bare hop", role::floor);
            enter<one_hop<lfq_spsc<event, 1'024>>>(
                list, pinned, "one hop over spsc_ring", role::extra);
#if LFQ_BENCH_HAS_BOOST
            using boost_mpsc = boost_queue<event, 65'536>;
            using boost_spsc = boost_spsc_queue<event, 2 * at_once>;
            enter<pipeline<boost_mpsc, rotating_sets, boost_spsc>>(
                list, pinned, "boost.lockfree, two std::unordered_set", role::growing_peer);
#endif
        });
    return here.finish();
}
