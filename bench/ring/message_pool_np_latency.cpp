// SPDX-License-Identifier: MIT
// How long does it take to publish one message of 32 bytes, while 1, 2, 4 or 8 producers do so as
// fast as they can, and how long to consume one?
//
// "each": the clock is read after every publication, and a figure goes from one reading to the
// next, so nothing falls between them and the clock is part of it. "of 16": the clock is read after
// every sixteenth, and a figure is the mean of the sixteen. The rows "no ring" are the same loops
// without a publication: what the clock costs. Nothing is subtracted. Time in which a producer was
// refused is not counted, since it waits then; time in which another thread had its cpu is.
//
// "consume" is a round of the pool's that found something, over its messages: the mean of all.
//
// "2p+1c" is two producers and a consumer. From there on there are more threads than cpus.

#include "contestants/lfq_pool.hpp"
#include "harness/looking.hpp"
#include "harness/many_to_one.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"
#include "harness/ticks.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace bench;

using value = value_of<32>;
using pool = lfq_pool<value, 16'384>;
using looking = slip_and_yield;
constexpr std::uint64_t each_min = 65'536;

/// The ticks of every group of `Group` publications of one producer.
template <std::size_t Group, class Port>
[[gnu::noinline]] void publish_timed(Port& port, std::uint64_t producer, std::uint64_t first,
    std::uint64_t count, std::vector<std::uint64_t>& took) {
    value next{};
    std::size_t at = 0;
    std::size_t in_group = 0;
    std::uint64_t before = ticks();
    for (std::uint64_t number = first; number != first + count; ++number) {
        set_number(next, signed_number(producer, number));
        changed(next);
        while (!port.try_push(next)) {
            looking::after_refusal();
            in_group = 0;
            before = ticks();
        }
        if (++in_group != Group) continue;
        const std::uint64_t now = ticks();
        took[at++] = now - before;
        before = now;
        in_group = 0;
    }
    took.resize(at);
}

[[nodiscard]] double quantile_ns(std::vector<std::uint64_t>& all, double quantile) {
    if (all.empty()) return 0;
    const auto place = static_cast<std::ptrdiff_t>(quantile * static_cast<double>(all.size() - 1));
    std::nth_element(all.begin(), all.begin() + place, all.end());
    return static_cast<double>(all[static_cast<std::size_t>(place)]) * ns_per_tick();
}

template <std::size_t Group>
[[nodiscard]] pass publishing(team& crew, std::size_t producers, double quantile) {
    return [hand_over = hand_over_to_one<pool>(crew, producers, std::make_shared<pool>(producers)),
               producers, quantile](std::uint64_t count) mutable {
        std::vector<std::vector<std::uint64_t>> took(
            producers, std::vector<std::uint64_t>(count / producers));
        const auto found = hand_over.run(
            count,
            [&](auto& port, std::uint64_t producer, std::uint64_t first, std::uint64_t each) {
                publish_timed<Group>(port, producer, first, each, took[producer]);
            },
            [](auto&&... all) { many_to_one<looking, by_rounds_of_drain>::consume(all...); });
        std::vector<std::uint64_t> all;
        for (const auto& one : took) all.insert(all.end(), one.begin(), one.end());
        return outcome{found.seconds, quantile_ns(all, quantile) / Group, found.right};
    };
}

/// Takes what it is given, and does nothing with it.
struct no_port {
    bool try_push(const value& given) {
        read_whole(given);
        return true;
    }
};

template <std::size_t Group>
[[nodiscard]] pass reading_the_clock(double quantile) {
    return [quantile](std::uint64_t count) {
        std::vector<std::uint64_t> took(count);
        no_port nowhere;
        const auto began = steady::now();
        publish_timed<Group>(nowhere, 0, 1, count, took);
        const double seconds = std::chrono::duration<double>(steady::now() - began).count();
        return outcome{seconds, quantile_ns(took, quantile) / Group, true};
    };
}

[[nodiscard]] pass consuming(team& crew, std::size_t producers) {
    return [hand_over = hand_over_to_one<pool>(crew, producers, std::make_shared<pool>(producers))](
               std::uint64_t count) mutable {
        std::uint64_t spent = 0;
        const auto consume = [&](pool& ring, ledger& book, std::uint64_t wanted) {
            const auto enter = [&](const value& each) { book.enter(each); };
            std::uint64_t before = ticks();
            for (std::uint64_t taken = 0; taken < wanted;) {
                const std::size_t took = by_rounds_of_drain::look(ring, enter);
                if (took == 0) looking::after_refusal();
                const std::uint64_t now = ticks();
                if (took != 0) spent += now - before;
                before = now;
                taken += took;
            }
        };
        const auto found = hand_over.run(
            count, [](auto&&... all) { many_to_one<looking, by_try_pop>::produce(all...); },
            consume);
        const double ns = static_cast<double>(spent) * ns_per_tick();
        return outcome{found.seconds, ns / found.values, found.right};
    };
}

void ask(session& here, std::size_t producers) {
    const std::string count = std::to_string(producers);
    here.ask(joined({"ring/message_pool_np_latency/32B/", count, "p+1c"}),
        joined({"messages of 32 bytes, producers: ", count,
            producers > 1 ? ", a consumer: more threads than the 2 cpus" : ", and a consumer"}),
        {.name = "ns", .lower_is_better = true}, [&](entry_list& list) {
            const auto enter = [&](const char* rule, auto&& publish, auto&& idle) {
                list.enter(pool::name, rule, role::ours, each_min * producers, publish);
                list.enter("no ring", rule, role::floor, each_min, idle);
            };
            team& crew = here.crew(producers + 1);
            enter(
                "each, p50", [&] { return publishing<1>(crew, producers, 0.50); },
                [] { return reading_the_clock<1>(0.50); });
            enter(
                "each, p99", [&] { return publishing<1>(crew, producers, 0.99); },
                [] { return reading_the_clock<1>(0.99); });
            enter(
                "of 16, p50", [&] { return publishing<16>(crew, producers, 0.50); },
                [] { return reading_the_clock<16>(0.50); });
            enter(
                "of 16, p99", [&] { return publishing<16>(crew, producers, 0.99); },
                [] { return reading_the_clock<16>(0.99); });
            list.enter(pool::name, "consume", role::ours, each_min * producers,
                [&] { return consuming(crew, producers); });
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    for (const std::size_t producers : {1U, 2U, 4U, 8U})
        if (here.full() || producers == 4) ask(here, producers);
    return here.finish();
}
