// SPDX-License-Identifier: MIT
// How many values a second go through mpsc_ring in batches of 1, 8, 64 and 256, from one producer
// to its consumer?
//
// One claim pays for a batch, so this is where a ring for many producers comes near one for a
// single one. Peers go one value at a time, and ConcurrentQueue, the one that has verbs for many,
// in batches as well.

#include "contestants/fields.hpp"
#include "harness/session.hpp"
#include "harness/streams.hpp"

int main(int argc, char** argv) {
    using namespace bench;
    session here(argc, argv);
    ask_in_batches<mpsc_field, 8, 65'536, 64>(here);
    if (here.full()) {
        ask_in_batches<mpsc_field, 8, 65'536, 8>(here);
        ask_in_batches<mpsc_field, 8, 65'536, 1>(here);
        ask_in_batches<mpsc_field, 8, 65'536, 256>(here);
        ask_in_batches<mpsc_field, 8, 1'024, 64>(here);
        ask_in_batches_of_each_size<mpsc_field, 64, 1'024>(here);
        ask_in_batches_of_each_size<mpsc_field, 256, 1'024>(here);
    }
    return here.finish();
}
