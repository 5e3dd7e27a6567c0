// SPDX-License-Identifier: MIT
// How many values a second go from one thread to one other in batches of 1, 8, 64 and 256?
//
// Batches of lfq stand beside single values of every peer, as most peers have no batches, and
// beside the batches of those that have. A batch of 1 goes through the verbs for many, so it shows
// what they cost.

#include "contestants/fields.hpp"
#include "harness/session.hpp"
#include "harness/streams.hpp"

#include <cstddef>

namespace {

using namespace bench;

/// Batches of 64, also on huge pages.
template <std::size_t Capacity>
void ask_in_batches_of_64(session& here) {
    ask_in_batches<spsc_field, 8, Capacity, 64>(here, [&](entry_list& list) {
        enter_batches<lfq_spsc<value_of<8>, Capacity, lfq::storage::huge>, 64>(
            list, here.pinned(), "lfq::spsc_ring on huge pages", role::extra);
    });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask_in_batches<spsc_field, 8, 65'536, 8>(here);
    ask_in_batches_of_64<65'536>(here);
    if (here.full()) {
        ask_in_batches<spsc_field, 8, 65'536, 1>(here);
        ask_in_batches<spsc_field, 8, 65'536, 256>(here);
        ask_in_batches<spsc_field, 8, 1'024, 8>(here);
        ask_in_batches_of_64<1'024>(here);
        ask_in_batches<spsc_field, 8, 64, 8>(here);
        ask_in_batches_of_each_size<spsc_field, 64, 1'024>(here);
        ask_in_batches_of_each_size<spsc_field, 256, 1'024>(here);
    }
    return here.finish();
}
