// SPDX-License-Identifier: MIT
// How late does a value arrive that was due at a fixed time, 100 thousand, 1 million and 5 million
// times a second?
//
// One way, from the time a value was due until the consumer has it, so that a producer which was
// held up, by a full ring or by anything else, counts. Both sides look again at once; rows named
// after a wait policy are lfq's own waiting verbs. The time is read on both cpus, from clocks that
// agree: by how much they do not is said above the table.

#include "contestants/lfq_spsc.hpp"
#include "contestants/peers.hpp"
#include "harness/paced.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

namespace {

using namespace bench;

constexpr std::size_t capacity = 1'024;
using value = value_of<8>;

struct pace {
    const char* name;
    double per_second;
};

template <class Way>
void enter(
    entry_list& list, team& pinned, const pace& at, const std::string& name, role stands_for) {
    const auto a_few = static_cast<std::uint64_t>(at.per_second / 200);
    const auto enter_quantile = [&](const char* rule, double quantile) {
        list.enter(name, rule, stands_for, a_few,
            [&] { return lateness<Way>(pinned, at.per_second, quantile); });
    };
    enter_quantile("p50", 0.50);
    enter_quantile("p99", 0.99);
    enter_quantile("p99.9", 0.999);
}

template <class Wait>
using by_waiting = waiting_one_way<lfq_spsc<value, capacity, lfq::storage::heap, Wait>>;

void ask(session& here, const pace& at) {
    char clocks[80];
    std::snprintf(clocks, sizeof clocks, "; the second cpu's clock is %.0f ns ahead",
        ticks_ahead(here.pinned()) * ns_per_tick());
    here.ask(joined({"ring/spsc_1p1c_paced/8B/", at.name}),
        joined({"one way, values due ", at.name, " times a second", clocks}),
        {.name = "ns", .lower_is_better = true, .pass_seconds = 0.03}, [&](entry_list& list) {
            team& pinned = here.pinned();
            using ring = lfq_spsc<value, capacity>;
            enter<ring_one_way<ring>>(list, pinned, at, ring::name, role::ours);
            for_each_spsc_peer<value, capacity>([&]<class Peer>() {
                enter<ring_one_way<Peer>>(list, pinned, at, Peer::name, Peer::stands_for);
            });
            enter<by_waiting<lfq::wait::backoff>>(
                list, pinned, at, "lfq::spsc_ring push, pop, wait::backoff", role::extra);
            enter<by_waiting<lfq::wait::slip>>(
                list, pinned, at, "lfq::spsc_ring push, pop, wait::slip", role::extra);
            enter<atomic_one_way>(list, pinned, at, "one bare atomic", role::floor);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask(here, {"1M", 1e6});
    if (here.full()) {
        ask(here, {"100k", 1e5});
        ask(here, {"5M", 5e6});
    }
    return here.finish();
}
