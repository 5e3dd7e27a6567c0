// SPDX-License-Identifier: MIT
// How many values a second go from 1, 2, 4 and 8 producers to one consumer, through mpsc_ring and
// through its peers, and how does that fall as producers are added?
//
// "2p+1c" is two producers and a consumer. From there on there are more threads than cpus, two, and
// "shared" says so: the consumer is pinned to the first cpu, producers to the second, the first,
// the second … Whoever is refused pauses 64 times and then gives up its turn, whatever the
// contestant. Rows of other names take or give many at a time, or keep less order, and are set
// against nobody. The floor is as many threads as producers that add to one counter.
//
// ck_ring is there with one producer only, tbb's queue with four, and mpsc_ordered_ring, whose four
// laps of 65,536 slots are many values, with two: when a producer has lost its cpu, those that
// claimed behind it spin for their whole turn inside a push, or give up one turn after the other,
// and a pass takes seconds.

#include "contestants/lfq_mpsc.hpp"
#include "contestants/lfq_spsc_each.hpp"
#include "contestants/peers.hpp"
#include "harness/floors.hpp"
#include "harness/looking.hpp"
#include "harness/many_to_one.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace bench;

constexpr std::array<std::size_t, 4> producers{1, 2, 4, 8};

/// How many produce, and what their row is called.
struct crowd {
    session& here;
    std::size_t producing;

    [[nodiscard]] std::string rule() const {
        return joined({std::to_string(producing), producing > 1 ? "p+1c, shared" : "p+1c"});
    }
};

template <class Ring>
[[nodiscard, gnu::cold]] std::shared_ptr<Ring> make_for(std::size_t producing) {
    if constexpr (requires { Ring(producing); }) {
        return std::make_shared<Ring>(producing);
    } else {
        return std::make_shared<Ring>();
    }
}

template <class Way, class Ring>
void enter(entry_list& list, const crowd& who, const std::string& name, role stands_for) {
    if constexpr (requires { Ring::producers_max_on_two_cpus; }) {
        if (who.producing > Ring::producers_max_on_two_cpus) return;
    }
    list.enter(name, who.rule(), stands_for, 4 * Ring::capacity, [&] {
        return stream_from_many_by<Way>(
            who.here.crew(who.producing + 1), who.producing, make_for<Ring>(who.producing));
    });
}

template <class Ring>
void enter_own_verbs(entry_list& list, const crowd& who) {
    using looking = slip_and_yield;
    const std::string name = Ring::name;
    enter<waiting_verbs_to_one, Ring>(
        list, who, joined({name, " push, pop, wait::backoff"}), role::extra);
    enter<many_to_one<looking, by_drain_of_all>, Ring>(
        list, who, joined({name, ", drained"}), role::extra);
    enter<batches_to_one<looking, by_drain_of_all, 8>, Ring>(
        list, who, joined({name, " in batches of 8, drained"}), role::extra);
    enter<batches_to_one<looking, by_drain_of_all, 64>, Ring>(
        list, who, joined({name, " in batches of 64, drained"}), role::extra);
}

template <class T, std::size_t Capacity>
void enter_many_at_a_time(entry_list& list, const crowd& who) {
    using each = lfq_spsc_each<T, Capacity>;
    using looking = slip_and_yield;
    const std::string each_name = each::name;
    enter_own_verbs<lfq_mpsc<T, Capacity>>(list, who);
    enter_own_verbs<lfq_mpsc_ordered<T, Capacity>>(list, who);
    enter<many_to_one<looking, by_try_pop>, each>(list, who, each_name, role::extra);
    enter<many_to_one<looking, by_drain_of_all>, each>(
        list, who, joined({each_name, ", drained"}), role::extra);
}

template <class T, std::size_t Capacity>
void enter_all(entry_list& list, const crowd& who) {
    using way = many_to_one<slip_and_yield, by_try_pop>;
    using ring = lfq_mpsc<T, Capacity>;
    using in_turn = lfq_mpsc_ordered<T, Capacity>;
    enter<way, ring>(list, who, ring::name, role::ours);
    enter<way, in_turn>(list, who, in_turn::name, in_turn::stands_for);
    for_each_mpsc_peer<T, Capacity>(
        [&]<class Peer>() { enter<way, Peer>(list, who, Peer::name, Peer::stands_for); });
    if constexpr (sizeof(T) == 8) {
        if (who.here.full()) enter_many_at_a_time<T, Capacity>(list, who);
    }
    list.enter("fetch_add on one counter", who.rule(), role::floor, 100'000,
        [&] { return adding_to_one_counter(who.here.crew(who.producing)); });
}

/// A question for each number of producers: its rounds are short, so more of them are quiet.
template <std::size_t Bytes, std::size_t Capacity>
void ask(session& here) {
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    for (const std::size_t producing : producers) {
        const std::string crowd_name = std::to_string(producing);
        here.ask(joined({"ring/mpsc_np1c_throughput/", bytes, "B/", slots, "/", crowd_name, "p"}),
            joined({"values of ", bytes, " bytes, ", slots, " slots, producers: ", crowd_name,
                "; shared: more threads than the 2 cpus"}),
            {.name = "M/s"}, [&](entry_list& list) {
                enter_all<value_of<Bytes>, Capacity>(list, {here, producing});
            });
    }
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<8, 65'536>(here);
    if (here.full()) {
        ask<8, 1'024>(here);
        ask<8, 64>(here);
        ask<64, 1'024>(here);
        ask<256, 1'024>(here);
    }
    return here.finish();
}
