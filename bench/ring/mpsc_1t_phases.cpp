// SPDX-License-Identifier: MIT
// How many values a second can one producer put into an empty ring for many, and a consumer on
// another cpu take out of a full one, while the other side does nothing?
//
// What these rows do not have is the fight for the lines that both sides use; the difference to
// the throughput rows is what that costs. A ring does not wrap while the clock runs.

#include "contestants/fields.hpp"
#include "harness/phases.hpp"
#include "harness/session.hpp"

int main(int argc, char** argv) {
    bench::session here(argc, argv);
    if (here.full()) bench::ask_about_phases<bench::mpsc_field>(here);
    return here.finish();
}
