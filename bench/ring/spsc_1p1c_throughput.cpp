// SPDX-License-Identifier: MIT
// How many values a second go from one thread to one other, through spsc_ring and through its
// peers?
//
// Like with like: under "spin" and under "slip" every contestant's try_ verbs stand in the same
// outer loop. Rows named after a wait policy are lfq's own waiting verbs and are set against
// nobody. Batches are asked for by spsc_1p1c_batches.

#include "contestants/lfq_spsc.hpp"
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

constexpr unit_of_question rate{.name = "M/s", .rules_compete = true};

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
    using ring = lfq_spsc<T, Capacity, lfq::storage::heap, Wait>;
    enter<ring, by_waiting_verbs>(list, pinned, "lfq::spsc_ring push, pop", policy, role::extra);
}

template <std::size_t Bytes, std::size_t Capacity>
void ask_one_at_a_time(session& here) {
    using value = value_of<Bytes>;
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/spsc_1p1c_throughput/", bytes, "B/", slots}),
        joined({"values of ", bytes, " bytes, one at a time, ", slots, " slots"}), rate,
        [&](entry_list& list) {
            team& pinned = here.pinned();
            enter_under_both_rules<lfq_spsc<value, Capacity>>(
                list, pinned, lfq_spsc<value, Capacity>::name, role::ours);
            for_each_spsc_peer<value, Capacity>([&]<class Peer>() {
                enter_under_both_rules<Peer>(list, pinned, Peer::name, Peer::stands_for);
            });
            enter_under_both_rules<lfq_slots<value, Capacity>>(
                list, pinned, lfq_slots<value, Capacity>::name, role::extra);
            enter_under_both_rules<lfq_spsc<value, Capacity, lfq::storage::huge>>(
                list, pinned, "lfq::spsc_ring on huge pages", role::extra);
            enter_waiting_verbs<value, Capacity, lfq::wait::spin>(list, pinned, "wait::spin");
            enter_waiting_verbs<value, Capacity, lfq::wait::backoff>(list, pinned, "wait::backoff");
            enter_waiting_verbs<value, Capacity, lfq::wait::slip>(list, pinned, "wait::slip");
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask_one_at_a_time<8, 65'536>(here);
    ask_one_at_a_time<8, 1'024>(here);
    ask_one_at_a_time<8, 64>(here);
    if (here.full()) {
        ask_one_at_a_time<64, 65'536>(here);
        ask_one_at_a_time<64, 1'024>(here);
        ask_one_at_a_time<64, 64>(here);
        ask_one_at_a_time<256, 65'536>(here);
        ask_one_at_a_time<256, 1'024>(here);
        ask_one_at_a_time<256, 64>(here);
    }
    return here.finish();
}
