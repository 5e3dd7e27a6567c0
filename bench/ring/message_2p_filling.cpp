// SPDX-License-Identifier: MIT
// How many messages a second can two producers put into one mpsc_message_ring, and how many if they
// claimed as is common: by compare-exchange, or by compare-exchange and padding at the ring's end?
//
// Producers alone, into an empty, pre-faulted ring of 1 MiB that holds everything; it is emptied
// and checked outside the timing. The references are the library's own source with the claim
// exchanged. Messages of 32 bytes never need padding; those of 192 do, once round the ring.

#include "contestants/mpsc_messages.hpp"
#include "harness/filling.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace bench;

template <class Ring, class Way>
void enter(entry_list& list, team& pinned, const std::string& verb, role stands_for) {
    list.enter(Ring::name, verb, stands_for, 2 * Ring::capacity, [&] {
        const pass fill = fill_by_two<Way>(pinned, std::make_shared<Ring>());
        static_cast<void>(fill(3 * Ring::capacity));  // touches all bytes, twice round
        return fill;
    });
}

template <std::size_t Bytes, std::size_t Capacity>
void ask(session& here) {
    using value = value_of<Bytes>;
    const std::string bytes = std::to_string(Bytes);
    here.ask(joined({"ring/message_2p_filling/", bytes, "B"}),
        joined({"two producers, messages of ", bytes, " bytes"}), {.name = "M/s"},
        [&](entry_list& list) {
            team& pinned = here.pinned();
            using ours = lfq_mpsc_messages<value, Capacity>;
            using exchanging = exchanging_mpsc_messages<value, Capacity>;
            using padding = padding_mpsc_messages<value, Capacity>;
            enter<ours, by_try_push>(list, pinned, "try_push", ours::stands_for);
            enter<ours, by_push>(list, pinned, "push", role::extra);
            enter<exchanging, by_try_push>(list, pinned, "try_push", exchanging::stands_for);
            enter<padding, by_try_push>(list, pinned, "try_push", padding::stands_for);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<32, 32'000>(here);
    ask<192, 5'000>(here);
    return here.finish();
}
