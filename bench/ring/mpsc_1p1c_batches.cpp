// SPDX-License-Identifier: MIT
// How many values a second go through mpsc_ring in batches of 1, 8, 64 and 256, from one producer
// to its consumer?
//
// One claim pays for a batch, so this is where a ring for many producers comes near one for a
// single one. Peers go one value at a time; the bulk verbs of ConcurrentQueue, which keeps a
// producer's values together, are in mpsc_2p_filling.

#include "contestants/lfq_mpsc.hpp"
#include "contestants/peers.hpp"
#include "harness/session.hpp"
#include "harness/streams.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <string>

namespace {

using namespace bench;

template <std::size_t Capacity, std::size_t Size>
void ask(session& here) {
    using value = value_of<8>;
    using ring = lfq_mpsc<value, Capacity>;
    const std::string size = std::to_string(Size);
    here.ask(joined({"ring/mpsc_1p1c_batches/8B/", std::to_string(Capacity), "/batch", size}),
        joined({"values of 8 bytes in batches of ", size, ", one producer; peers one at a time"}),
        {.name = "M/s", .rules_compete = true}, [&](entry_list& list) {
            team& pinned = here.pinned();
            enter_batches<ring, Size>(list, pinned, ring::name, role::ours);
            enter_single_values<ring>(list, pinned, ring::name, role::extra);
            for_each_mpsc_peer<value, Capacity>([&]<class Peer>() {
                enter_single_values<Peer>(list, pinned, Peer::name, Peer::stands_for);
            });
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<65'536, 64>(here);
    if (here.full()) {
        ask<65'536, 8>(here);
        ask<65'536, 1>(here);
        ask<65'536, 256>(here);
        ask<1'024, 64>(here);
    }
    return here.finish();
}
