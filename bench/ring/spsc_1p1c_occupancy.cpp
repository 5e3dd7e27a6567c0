// SPDX-License-Identifier: MIT
// What does a ring cost a thread that has work to do, while the other side only waits: near empty,
// where the producer works, and near full, where the consumer works?
//
// Most rings in use are in one of the two. The floor is the working side with no ring at all; a row
// below it shows what a push or a pop costs that side, and how much the side that waits disturbs
// it.

#include "contestants/lfq_spsc.hpp"
#include "contestants/peers.hpp"
#include "harness/occupancy.hpp"
#include "harness/session.hpp"
#include "harness/streams.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <string>

namespace {

using namespace bench;

template <template <class> class Working, std::size_t Capacity>
void ask(session& here, const std::string& where, const std::string& in_words) {
    using value = value_of<8>;
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/spsc_1p1c_occupancy/", where, "/8B/", slots}),
        joined({in_words, ", ", slots, " slots"}), {.name = "M/s", .rules_compete = true},
        [&](entry_list& list) {
            const auto enter = [&]<class Ring>(role stands_for) {
                enter_stream<Ring, Working<spin>>(
                    list, here.pinned(), Ring::name, spin::name, stands_for);
                enter_stream<Ring, Working<slip>>(
                    list, here.pinned(), Ring::name, slip::name, stands_for);
            };
            enter.template operator()<lfq_spsc<value, Capacity>>(role::ours);
            for_each_spsc_peer<value, Capacity>(
                [&]<class Peer>() { enter.template operator()<Peer>(Peer::stands_for); });
            for (const char* rule : {spin::name, slip::name})
                list.enter("the work alone", rule, role::floor, 20'000, work_alone);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<producer_works, 1'024>(here, "near_empty", "the producer works on each value");
    ask<consumer_works, 1'024>(here, "near_full", "the consumer works on each value");
    if (here.full()) {
        ask<producer_works, 64>(here, "near_empty", "the producer works on each value");
        ask<consumer_works, 64>(here, "near_full", "the consumer works on each value");
        ask<producer_works, 65'536>(here, "near_empty", "the producer works on each value");
        ask<consumer_works, 65'536>(here, "near_full", "the consumer works on each value");
    }
    return here.finish();
}
