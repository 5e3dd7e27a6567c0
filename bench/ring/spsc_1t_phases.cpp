// SPDX-License-Identifier: MIT
// How many values a second can a producer put into an empty ring, and a consumer on another cpu
// take out of a full one, while the other side does nothing?
//
// What these rows do not have is the fight for the lines that both sides use; the difference to
// the throughput rows is what that costs. A ring does not wrap while the clock runs.

#include "contestants/lfq_spsc.hpp"
#include "contestants/peers.hpp"
#include "harness/phases.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <string>

namespace {

using namespace bench;

constexpr std::size_t capacity = 65'536;

template <class Ring, class Way>
void enter(entry_list& list, team& pinned, const std::string& phase, const std::string& rule,
    role stands_for) {
    list.enter(Ring::name, rule, stands_for, Ring::capacity, [&] {
        return phase == "filling" ? filling_alone<Way>(pinned, pre_faulted<Ring>())
                                  : draining_alone<Way>(pinned, pre_faulted<Ring>());
    });
}

void ask(session& here, const std::string& phase, const std::string& in_words) {
    using value = value_of<8>;
    here.ask(joined({"ring/spsc_1t_phases/", phase, "/8B/65536"}), in_words, {.name = "M/s"},
        [&](entry_list& list) {
            team& pinned = here.pinned();
            using ring = lfq_spsc<value, capacity>;
            enter<ring, one_at_a_time<spin>>(list, pinned, phase, "one at a time", role::ours);
            enter<ring, in_batches<spin, 64, by_pop_n<64>>>(
                list, pinned, phase, "batches of 64", role::ours);
            enter<ring, in_batches<spin, 64, by_drain>>(
                list, pinned, phase, "64, drain", role::extra);
            for_each_spsc_peer<value, capacity>([&]<class Peer>() {
                enter<Peer, one_at_a_time<spin>>(
                    list, pinned, phase, "one at a time", Peer::stands_for);
                if constexpr (requires { &Peer::try_push_n; })
                    enter<Peer, in_batches<spin, 64, by_pop_n<64>>>(
                        list, pinned, phase, "batches of 64", Peer::stands_for);
            });
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask(here, "filling", "one producer fills an empty ring of 65,536, nobody takes");
    ask(here, "draining", "one consumer empties a full ring of 65,536, nobody gives");
    return here.finish();
}
