// SPDX-License-Identifier: MIT
// How many values a second go from one thread to one other in batches of 1, 8, 64 and 256?
//
// Batches of lfq stand beside single values of every peer, as most peers have no batches, and
// beside the batches of those that have. A batch of 1 goes through the verbs for many, so it shows
// what they cost.

#include "contestants/lfq_spsc.hpp"
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
    using ring = lfq_spsc<value, Capacity>;
    const std::string size = std::to_string(Size);
    here.ask(joined({"ring/spsc_1p1c_batches/8B/", std::to_string(Capacity), "/batch", size}),
        joined({"values of 8 bytes in batches of ", size, "; peers without batches one at a time"}),
        {.name = "M/s", .rules_compete = true}, [&](entry_list& list) {
            team& pinned = here.pinned();
            enter_batches<ring, Size>(list, pinned, ring::name, role::ours);
            enter_single_values<ring>(list, pinned, ring::name, role::extra);
            if constexpr (Size == 64) {
                enter_batches<lfq_spsc<value, Capacity, lfq::storage::huge>, Size>(
                    list, pinned, "lfq::spsc_ring on huge pages", role::extra);
            }
            for_each_spsc_peer<value, Capacity>([&]<class Peer>() {
                if constexpr (requires { &Peer::try_push_n; })
                    enter_batches<Peer, Size>(list, pinned, Peer::name, Peer::stands_for);
                enter_single_values<Peer>(list, pinned, Peer::name, Peer::stands_for);
            });
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<65'536, 8>(here);
    ask<65'536, 64>(here);
    if (here.full()) {
        ask<65'536, 1>(here);
        ask<65'536, 256>(here);
        ask<1'024, 8>(here);
        ask<1'024, 64>(here);
        ask<64, 8>(here);
    }
    return here.finish();
}
