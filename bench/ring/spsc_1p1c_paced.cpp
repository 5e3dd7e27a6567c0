// SPDX-License-Identifier: MIT
// How late does a value arrive that was due at a fixed time, 100 thousand, 1 million and 5 million
// times a second?
//
// One way, from the time a value was due until the consumer has it, so that a producer which was
// held up, by a full ring or by anything else, counts. Both sides look again at once; rows named
// after a wait policy are lfq's own waiting verbs. The time is read on both cpus, from clocks that
// agree: by how much they do not is said above the table. Rings that park look for 10 us and then
// sleep; they are asked by themselves, as what they sleep is not time lost to other work.

#include "contestants/fields.hpp"
#include "harness/paced.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <lfq/policy/sleep.hpp>

namespace {

using namespace bench;

using value = value_of<8>;

void ask(session& here, const pace& at) {
    ask_paced<spsc_field>(here, at, [&](entry_list& list) {
        using slots = lfq_slots<value, paced_slots>;
        if (here.full())
            enter_lateness<ring_one_way<slots>>(list, here.pinned(), at, slots::name, role::extra);
    });
}

void ask_parked(session& here, const pace& at) {
    using lfq::storage::heap;
    using lfq::wait::park;
    here.ask(joined({"ring/spsc_1p1c_paced/8B/", at.name, "/park"}),
        joined({"the same by wait::park", clocks_in_words(here.pinned())}),
        {.name = "ns", .lower_is_better = true, .threads_sleep = true, .pass_seconds = 0.03},
        [&](entry_list& list) {
            const auto enter = [&]<class Ring>() {
                enter_lateness<waiting_one_way<Ring>>(list, here.pinned(), at,
                    joined({Ring::name, " push, pop, wait::park"}), role::extra);
            };
            enter.template operator()<lfq_spsc<value, paced_slots, heap, park>>();
            enter.template operator()<lfq_slots<value, paced_slots, heap, park>>();
            enter_lateness<atomic_one_way>(list, here.pinned(), at, "one bare atomic", role::floor);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    const pace slow{"100k", 1e5};
    const pace middle{"1M", 1e6};
    const pace fast{"5M", 5e6};
    ask(here, middle);
    if (here.full()) {
        ask(here, slow);
        ask(here, fast);
        for (const pace& each : {slow, middle, fast}) ask_parked(here, each);
    }
    return here.finish();
}
