// SPDX-License-Identifier: MIT
// What does a ring for many producers cost its only one, or its consumer, while one of them has
// work to do and the other only waits: near empty, where the producer works, and near full, where
// the consumer works?
//
// Most rings in use are in one of the two. The floor is the working side with no ring at all; a row
// below it shows what a push or a pop costs that side, and how much the side that waits disturbs
// it.

#include "contestants/fields.hpp"
#include "harness/occupancy.hpp"
#include "harness/session.hpp"

int main(int argc, char** argv) {
    using namespace bench;
    session here(argc, argv);
    if (here.full()) {
        ask_about_occupancy<mpsc_field, 1'024>(here);
        ask_about_occupancy<mpsc_field, 64>(here);
        ask_about_occupancy<mpsc_field, 65'536>(here);
    }
    return here.finish();
}
