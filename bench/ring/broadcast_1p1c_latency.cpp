// SPDX-License-Identifier: MIT
// How long does one value take there and back over two broadcasts with a reader each, gated and
// lossy, beside two spsc_rings and two bare atomics?
//
// Both sides look again at once. "mean" has no clock inside; p50 and p99 read it once a round trip.
// Only in the full form.

#include "contestants/lfq_broadcast.hpp"
#include "contestants/lfq_spsc.hpp"
#include "harness/round_trip.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <string>

namespace {

using namespace bench;

template <std::size_t Bytes, std::size_t Capacity>
void ask(session& here) {
    using value = value_of<Bytes>;
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/broadcast_1p1c_latency/", bytes, "B/", slots}),
        joined({"a round trip of ", bytes, " bytes over two broadcasts of ", slots, " slots"}),
        {.name = "ns", .lower_is_better = true}, [&](entry_list& list) {
            const auto enter = [&]<class Ring>(const char* name, role stands_for) {
                enter_round_trips<ring_ping_pong<Ring>>(list, here.pinned(), name, stands_for);
            };
            enter_round_trips<atomics_ping_pong>(
                list, here.pinned(), "two bare atomics", role::floor);
            enter.template operator()<to_one_reader<lfq_broadcast<value, Capacity>>>(
                "lfq::broadcast_ring", role::ours);
            enter.template operator()<to_one_reader<lfq_lossy_broadcast<value, Capacity>>>(
                "lfq::lossy_broadcast_ring", role::extra);
            using spsc = lfq_spsc<value, Capacity>;
            enter.template operator()<spsc>(spsc::name, role::fixed_peer);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    if (here.full()) {
        ask<8, 65'536>(here);
        ask<8, 1'024>(here);
        ask<8, 64>(here);
        ask<64, 1'024>(here);
        ask<256, 1'024>(here);
    }
    return here.finish();
}
