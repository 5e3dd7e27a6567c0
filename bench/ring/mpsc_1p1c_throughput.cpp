// SPDX-License-Identifier: MIT
// How many values a second go through mpsc_ring while it has one producer and one consumer, and
// through its peers?
//
// Like with like: under "spin" and under "slip" every contestant's try_ verbs stand in the same
// outer loop. Rows named after a wait policy are lfq's own waiting verbs and are set against
// nobody.

#include "contestants/fields.hpp"
#include "harness/session.hpp"
#include "harness/streams.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <string>

namespace {

using namespace bench;

template <class Ring, std::size_t Size>
void enter_drained(entry_list& list, team& pinned) {
    const std::string shape =
        joined({Ring::name, " in batches of ", std::to_string(Size), ", drain"});
    enter_stream<Ring, in_batches<spin, Size, by_drain>>(
        list, pinned, shape, spin::name, role::extra);
    enter_stream<Ring, in_batches<slip, Size, by_drain>>(
        list, pinned, shape, slip::name, role::extra);
}

template <std::size_t Bytes, std::size_t Capacity>
void ask(session& here) {
    ask_one_at_a_time<mpsc_field, Bytes, Capacity>(here, [&](entry_list& list) {
        using value = value_of<Bytes>;
        team& pinned = here.pinned();
        using in_turn = lfq_mpsc_ordered<value, Capacity>;
        enter_single_values<in_turn>(list, pinned, in_turn::name, in_turn::stands_for);
        enter_drained<lfq_mpsc<value, Capacity>, 8>(list, pinned);
        enter_drained<lfq_mpsc<value, Capacity>, 64>(list, pinned);
        enter_drained<in_turn, 8>(list, pinned);
        enter_drained<in_turn, 64>(list, pinned);
    });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<8, 65'536>(here);
    ask<8, 1'024>(here);
    if (here.full()) {
        ask<8, 64>(here);
        ask<64, 65'536>(here);
        ask<64, 1'024>(here);
        ask<64, 64>(here);
        ask<256, 65'536>(here);
        ask<256, 1'024>(here);
        ask<256, 64>(here);
    }
    return here.finish();
}
