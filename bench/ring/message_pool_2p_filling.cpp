// SPDX-License-Identifier: MIT
// How many messages of 32 bytes a second can two producers put into their rings of a pool, beside a
// queue that also keeps nothing but each producer's order?
//
// Producers alone, leases and tokens taken and all memory touched before, into room for everything:
// 16,384 messages each, more than a core's own cache holds, or 1,024, less. It is emptied outside
// the timing by one thread, which runs where the first producer does, and checked.

#include "contestants/lfq_pool.hpp"
#include "contestants/moodycamel.hpp"
#include "harness/filling.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace {

using namespace bench;

using value = value_of<32>;

template <class Ring, class Taking>
void enter(entry_list& list, team& pinned) {
    list.enter(Ring::name, "try_push", Ring::stands_for, Ring::capacity, [&] {
        const pass fill = fill_by_two<by_try_push, Taking>(pinned, std::make_shared<Ring>());
        static_cast<void>(fill(4 * Ring::capacity));  // touches everything, twice round
        return fill;
    });
}

template <std::size_t Room>
void ask(session& here) {
    const std::string room = std::to_string(Room);
    here.ask(joined({"ring/message_pool_2p_filling/32B/", room}),
        joined({"two producers, ", room, " messages of 32 bytes each"}), {.name = "M/s"},
        [&](entry_list& list) {
            enter<lfq_pool<value, Room>, by_rounds>(list, here.pinned());
#if LFQ_BENCH_HAS_CONCURRENTQUEUE
            enter<concurrent_queue<value, 2 * Room>, by_try_pop>(list, here.pinned());
#endif
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<16'384>(here);
    ask<1'024>(here);
    return here.finish();
}
