// SPDX-License-Identifier: MIT
// How long does one value take there and back over two rings, and how close is that to two bare
// atomics?
//
// Both sides look again at once. "mean" has no clock inside; p50 and p99 read it once a round trip.

#include "contestants/lfq_spsc.hpp"
#include "contestants/peers.hpp"
#include "harness/round_trip.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <string>

namespace {

using namespace bench;

template <std::size_t Capacity>
void ask(session& here) {
    using value = value_of<8>;
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/spsc_1p1c_latency/8B/", slots}),
        joined({"a round trip of 8 bytes over two rings of ", slots, " slots"}),
        {.name = "ns", .lower_is_better = true}, [&](entry_list& list) {
            team& pinned = here.pinned();
            enter_round_trips<atomics_ping_pong>(list, pinned, "two bare atomics", role::floor);
            using by_slot = lfq_slots<value, Capacity>;
            enter_round_trips<ring_ping_pong<by_slot>>(list, pinned, by_slot::name, role::ours);
            using ring = lfq_spsc<value, Capacity>;
            enter_round_trips<ring_ping_pong<ring>>(list, pinned, ring::name, role::extra);
            for_each_spsc_peer<value, Capacity>([&]<class Peer>() {
                enter_round_trips<ring_ping_pong<Peer>>(list, pinned, Peer::name, Peer::stands_for);
            });
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<65'536>(here);
    if (here.full()) {
        ask<1'024>(here);
        ask<64>(here);
    }
    return here.finish();
}
