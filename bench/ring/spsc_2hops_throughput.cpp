// SPDX-License-Identifier: MIT
// How many values a second go over two rings, one behind the other?
//
// "spin" and "slip": two threads, the first of which sends and collects, the second forwards, so
// each of them pushes and pops. "3 threads, shared": a sender, a forwarder and a collector; where
// there are two cpus they are more threads than those, the outer two share one, and whoever is
// refused pauses 64 times and gives up its turn.

#include "contestants/lfq_spsc.hpp"
#include "contestants/peers.hpp"
#include "harness/hops.hpp"
#include "harness/looking.hpp"
#include "harness/session.hpp"
#include "harness/streams.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <string>

namespace {

using namespace bench;

template <class Ring>
void enter(entry_list& list, session& here, const std::string& name, role stands_for) {
    list.enter(name, spin::name, stands_for, four_laps<Ring>,
        [&] { return there_and_back_stream<spin, Ring>(here.pinned()); });
    list.enter(name, slip::name, stands_for, four_laps<Ring>,
        [&] { return there_and_back_stream<slip, Ring>(here.pinned()); });
    list.enter(name, "3 threads, shared", stands_for, four_laps<Ring>,
        [&] { return stream_over_two_hops<slip_and_yield, Ring>(here.crew(3)); });
}

template <std::size_t Capacity>
void ask(session& here) {
    using value = value_of<8>;
    using ring = lfq_spsc<value, Capacity>;
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/spsc_2hops_throughput/8B/", slots}),
        joined({"values of 8 bytes over two rings of ", slots,
            " slots; shared: more threads than the 2 cpus"}),
        {.name = "M/s", .pass_seconds = 0.03}, [&](entry_list& list) {
            enter<ring>(list, here, ring::name, role::ours);
            for_each_spsc_peer<value, Capacity>(
                [&]<class Peer>() { enter<Peer>(list, here, Peer::name, Peer::stands_for); });
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<1'024>(here);
    if (here.full()) {
        ask<65'536>(here);
        ask<64>(here);
    }
    return here.finish();
}
