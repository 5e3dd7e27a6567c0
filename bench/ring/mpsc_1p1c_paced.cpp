// SPDX-License-Identifier: MIT
// How late does a value arrive through a ring for many producers that was due at a fixed time, 100
// thousand, 1 million and 5 million times a second, while one of them sends?
//
// As ring/spsc_1p1c_paced asks it of rings for one. Only in the full form.

#include "contestants/fields.hpp"
#include "harness/paced.hpp"
#include "harness/session.hpp"

namespace {

using namespace bench;

void ask(session& here, const pace& at) {
    ask_paced<mpsc_field>(here, at, [&](entry_list& list) {
        using in_turn = lfq_mpsc_ordered<value_of<8>, paced_slots>;
        enter_lateness<ring_one_way<in_turn>>(
            list, here.pinned(), at, in_turn::name, in_turn::stands_for);
    });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    if (here.full()) {
        ask(here, {"100k", 1e5});
        ask(here, {"1M", 1e6});
        ask(here, {"5M", 5e6});
    }
    return here.finish();
}
