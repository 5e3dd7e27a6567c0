// SPDX-License-Identifier: MIT
// How many values a second can two producers put into one ring, one at a time and in batches?
//
// Producers alone, into an empty, pre-faulted ring of 65,536 slots that holds everything; it is
// emptied and checked outside the timing. This is the only question whose rings do not wrap while
// the clock runs.

#include "contestants/lfq_mpsc.hpp"
#include "contestants/peers.hpp"
#include "harness/filling.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace bench;

constexpr std::size_t capacity = 65'536;

template <class Ring, class Way>
void enter(entry_list& list, team& pinned, const std::string& verb, role stands_for) {
    list.enter(Ring::name, verb, stands_for, capacity, [&] {
        const pass fill = fill_by_two<Way>(pinned, std::make_shared<Ring>());
        static_cast<void>(fill(2 * capacity));  // touches every slot, twice round
        return fill;
    });
}

using ours = lfq_mpsc<std::uint64_t, capacity>;
using in_turn = lfq_mpsc_ordered<std::uint64_t, capacity>;

void enter_peers_one_at_a_time(entry_list& list, team& pinned, const std::string& verb) {
    for_each_mpsc_peer<std::uint64_t, capacity>(
        [&]<class Peer>() { enter<Peer, by_try_push>(list, pinned, verb, Peer::stands_for); });
}

void ask_one_at_a_time(session& here) {
    here.ask("ring/mpsc_2p_filling/batch1", "two producers, one value at a time", {.name = "M/s"},
        [&](entry_list& list) {
            team& pinned = here.pinned();
            enter<ours, by_try_push>(list, pinned, "try_push", role::ours);
            enter<ours, by_push>(list, pinned, "push", role::extra);
            enter<in_turn, by_try_push>(list, pinned, "try_push", role::extra);
            enter<in_turn, by_push>(list, pinned, "push", role::extra);
            enter_peers_one_at_a_time(list, pinned, "try_push");
        });
}

/// Most peers have no batches: they are measured one at a time, as in the question above.
template <std::size_t Size>
void ask_in_batches(session& here) {
    const std::string size = std::to_string(Size);
    here.ask(joined({"ring/mpsc_2p_filling/batch", size}),
        joined({"two producers, batches of ", size, "; peers one at a time"}), {.name = "M/s"},
        [&](entry_list& list) {
            team& pinned = here.pinned();
            enter<ours, by_try_push_n<Size>>(list, pinned, "filling", role::ours);
            enter<in_turn, by_try_push_n<Size>>(list, pinned, "filling", role::extra);
            enter_peers_one_at_a_time(list, pinned, "filling");
#if LFQ_BENCH_HAS_CONCURRENTQUEUE
            enter<concurrent_queue<std::uint64_t, capacity>, by_try_push_n<Size>>(
                list, pinned, "in bulk", role::extra);
#endif
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask_one_at_a_time(here);
    ask_in_batches<8>(here);
    ask_in_batches<64>(here);
    return here.finish();
}
