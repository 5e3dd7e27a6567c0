// SPDX-License-Identifier: MIT
// How many messages a second go from one thread to one other, through message_ring, through a ring
// that pads its end, and through quill's queue of bytes, which has room for a message behind its
// end? And through mpsc_message_ring, beside its forms that claim otherwise?
//
// No ring for messages of any length is among the peers' packages, so the reference is our own:
// what such rings commonly do without memory that is mapped twice.

#include "contestants/messages.hpp"
#include "contestants/mpsc_messages.hpp"
#if LFQ_BENCH_HAS_QUILL
#include "contestants/quill.hpp"
#endif
#include "harness/session.hpp"
#include "harness/streams.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace bench;

constexpr unit_of_question rate{.name = "M/s", .rules_compete = true};

/// Pushed one at a time, visited in place.
template <class Looking>
struct drained : one_at_a_time<Looking> {
    template <class Ring>
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        Ring& ring, std::uint64_t first, std::uint64_t count) {
        return in_batches<Looking, 1, by_drain>::consume(ring, first, count);
    }
};

/// The ring's own push and pop.
template <class T, std::size_t Capacity, class Wait>
void enter_waiting(entry_list& list, team& pinned, const std::string& rule) {
    using ring = lfq_messages<T, Capacity, lfq::storage::mirrored, Wait>;
    enter_stream<ring, by_waiting_verbs>(
        list, pinned, "lfq::message_ring, push and pop", rule, role::extra);
}

constexpr const char* copies_by_words = "the reference, copying as lfq does";

template <std::size_t Bytes, std::size_t Capacity>
void ask(session& here) {
    using value = value_of<Bytes>;
    using ours = lfq_messages<value, Capacity>;
    using spilling = lfq_messages<value, Capacity, lfq::storage::spill>;
    using reference = padding_messages<value, Capacity>;
    using same_copy = padding_messages<value, Capacity, by_words>;
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    const auto both = [&]<class Ring>(entry_list& list, const std::string& name, role as) {
        enter_single_values<Ring>(list, here.pinned(), name, as);
    };
    const auto both_drained = [&]<class Ring>(entry_list& list, const std::string& name, role as) {
        team& pinned = here.pinned();
        enter_stream<Ring, drained<spin>>(list, pinned, name, spin::name, as);
        enter_stream<Ring, drained<slip>>(list, pinned, name, slip::name, as);
    };
    here.ask(joined({"ring/message_1p1c_throughput/", bytes, "B/", slots}),
        joined({"messages of ", bytes, " bytes, copied in and out, room for ", slots}), rate,
        [&](entry_list& list) {
            both.template operator()<ours>(list, ours::name, role::ours);
            both.template operator()<spilling>(list, "lfq::message_ring, spilling", role::extra);
            both.template operator()<reference>(list, reference::name, role::fixed_peer);
#if LFQ_BENCH_HAS_QUILL
            using quills = quill_messages<value, Capacity>;
            both.template operator()<quills>(list, quills::name, quills::stands_for);
#endif
            both.template operator()<same_copy>(list, copies_by_words, role::extra);
            enter_waiting<value, Capacity, lfq::wait::backoff>(list, here.pinned(), "its backoff");
            enter_waiting<value, Capacity, lfq::wait::slip>(list, here.pinned(), "its slip");
        });
    here.ask(joined({"ring/message_1p1c_throughput/", bytes, "B/", slots, "/drain"}),
        joined({"messages of ", bytes, " bytes, visited in place, room for ", slots}), rate,
        [&](entry_list& list) {
            both_drained.template operator()<ours>(list, ours::name, role::ours);
            both_drained.template operator()<spilling>(
                list, "lfq::message_ring, spilling", role::extra);
            both_drained.template operator()<reference>(list, reference::name, role::fixed_peer);
#if LFQ_BENCH_HAS_QUILL
            using quills = quill_messages<value, Capacity>;
            both_drained.template operator()<quills>(list, quills::name, quills::stands_for);
#endif
            both_drained.template operator()<same_copy>(list, copies_by_words, role::extra);
        });
}

template <class Carrier>
void enter_shared(entry_list& list, team& pinned) {
    using ring = with_a_producer<Carrier>;
    enter_single_values<ring>(list, pinned, ring::name, ring::stands_for);
}

template <std::size_t Bytes, std::size_t Capacity>
void ask_shared(session& here) {
    using value = value_of<Bytes>;
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/message_1p1c_throughput/", bytes, "B/", slots, "/mpsc"}),
        joined({"messages of ", bytes, " bytes from one of many producers, room for ", slots}),
        rate, [&](entry_list& list) {
            enter_shared<lfq_mpsc_messages<value, Capacity>>(list, here.pinned());
            enter_shared<exchanging_mpsc_messages<value, Capacity>>(list, here.pinned());
            enter_shared<padding_mpsc_messages<value, Capacity>>(list, here.pinned());
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<32, 16'384>(here);
    ask_shared<32, 16'384>(here);
    if (here.full()) {
        ask<32, 256>(here);
        ask<256, 4'096>(here);
        ask_shared<192, 4'096>(here);
    }
    return here.finish();
}
