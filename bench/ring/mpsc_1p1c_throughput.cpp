// SPDX-License-Identifier: MIT
// How many values a second go through mpsc_ring while it has one producer and one consumer, and
// through its peers?
//
// Like with like: under "spin" and under "slip" every contestant's try_ verbs stand in the same
// outer loop. Rows named after a wait policy are lfq's own waiting verbs and are set against
// nobody.

#include "contestants/lfq_mpsc.hpp"
#include "contestants/peers.hpp"
#include "harness/hand_over.hpp"
#include "harness/looking.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace bench;

/// At least four times round the ring in every pass.
template <class Ring>
constexpr std::uint64_t wrapping = Ring::capacity * 4 < 20'000 ? 20'000 : Ring::capacity * 4;

template <class Ring, class Way>
void enter(entry_list& list, team& pinned, const std::string& name, const std::string& rule,
    role stands_for) {
    list.enter(name, rule, stands_for, wrapping<Ring>,
        [&] { return stream_through<Way>(pinned, pre_faulted<Ring>()); });
}

template <class Ring>
void enter_under_both_rules(
    entry_list& list, team& pinned, const std::string& name, role stands_for) {
    enter<Ring, one_at_a_time<spin>>(list, pinned, name, spin::name, stands_for);
    enter<Ring, one_at_a_time<slip>>(list, pinned, name, slip::name, stands_for);
}

template <class T, std::size_t Capacity, class Wait>
void enter_waiting_verbs(entry_list& list, team& pinned, const std::string& policy) {
    using ring = lfq_mpsc<T, Capacity, lfq::storage::heap, Wait>;
    enter<ring, by_waiting_verbs>(list, pinned, "lfq::mpsc_ring push, pop", policy, role::extra);
}

template <class Ring, std::size_t Size>
void enter_batches(entry_list& list, team& pinned, const std::string& name) {
    const std::string shape = joined({name, " in batches of ", std::to_string(Size)});
    enter<Ring, in_batches<spin, Size, by_drain>>(
        list, pinned, joined({shape, ", drain"}), spin::name, role::extra);
    enter<Ring, in_batches<slip, Size, by_drain>>(
        list, pinned, joined({shape, ", drain"}), slip::name, role::extra);
}

template <std::size_t Bytes, std::size_t Capacity>
void ask(session& here) {
    using value = value_of<Bytes>;
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/mpsc_1p1c_throughput/", bytes, "B/", slots}),
        joined({"values of ", bytes, " bytes, one at a time, ", slots, " slots"}),
        {.name = "M/s", .rules_compete = true}, [&](entry_list& list) {
            team& pinned = here.pinned();
            using ring = lfq_mpsc<value, Capacity>;
            enter_under_both_rules<ring>(list, pinned, ring::name, role::ours);
            for_each_mpsc_peer<value, Capacity>([&]<class Peer>() {
                enter_under_both_rules<Peer>(list, pinned, Peer::name, Peer::stands_for);
            });
            using in_turn = lfq_mpsc_ordered<value, Capacity>;
            enter_under_both_rules<in_turn>(list, pinned, in_turn::name, in_turn::stands_for);
            enter_waiting_verbs<value, Capacity, lfq::wait::spin>(list, pinned, "wait::spin");
            enter_waiting_verbs<value, Capacity, lfq::wait::backoff>(list, pinned, "wait::backoff");
            enter_waiting_verbs<value, Capacity, lfq::wait::slip>(list, pinned, "wait::slip");
            enter_batches<ring, 8>(list, pinned, ring::name);
            enter_batches<ring, 64>(list, pinned, ring::name);
            enter_batches<in_turn, 8>(list, pinned, in_turn::name);
            enter_batches<in_turn, 64>(list, pinned, in_turn::name);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<8, 65'536>(here);
    ask<8, 1'024>(here);
    if (here.full()) {
        ask<8, 64>(here);
        ask<64, 65'536>(here);
        ask<64, 1'024>(here);
    }
    return here.finish();
}
