// SPDX-License-Identifier: MIT
// How many values a second go from one thread to one other, through spsc_ring and through its
// peers?
//
// Like with like: under "spin" and under "slip" every contestant's try_ verbs stand in the same
// outer loop. Rows named after a wait policy are lfq's own waiting verbs and are set against
// nobody. Batches are asked for by spsc_1p1c_batches.

#include "contestants/fields.hpp"
#include "harness/session.hpp"
#include "harness/streams.hpp"

#include <cstddef>

namespace {

using namespace bench;

template <std::size_t Bytes, std::size_t Capacity>
void ask(session& here) {
    ask_one_at_a_time<spsc_field, Bytes, Capacity>(here, [&](entry_list& list) {
        using value = value_of<Bytes>;
        team& pinned = here.pinned();
        using slots = lfq_slots<value, Capacity>;
        enter_single_values<slots>(list, pinned, slots::name, role::extra);
        enter_single_values<lfq_spsc<value, Capacity, lfq::storage::huge>>(
            list, pinned, "lfq::spsc_ring on huge pages", role::extra);
#if LFQ_BENCH_HAS_READERWRITERQUEUE
        // Asked for 64 it holds 127, asked for 32 it holds 63: what twice the room is worth.
        if constexpr (Bytes == 8 && Capacity == 64) {
            using half = reader_writer_queue_of_half<value, Capacity>;
            enter_single_values<half>(list, pinned, half::name, half::stands_for);
        }
#endif
    });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<8, 65'536>(here);
    ask<8, 1'024>(here);
    ask<8, 64>(here);
    if (here.full()) {
        ask<64, 65'536>(here);
        ask<64, 1'024>(here);
        ask<64, 64>(here);
        ask<256, 65'536>(here);
        ask<256, 1'024>(here);
        ask<256, 64>(here);
    }
    return here.finish();
}
