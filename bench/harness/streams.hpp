// SPDX-License-Identifier: MIT
// bench/harness/streams.hpp — rows of a stream through one ring: one value at a time, and in
// batches.
#pragma once

#include "harness/hand_over.hpp"
#include "harness/looking.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"
#include "harness/values.hpp"

#include <lfq/policy/wait.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

/// At least four times round the ring in every pass.
template <class Ring>
constexpr std::uint64_t four_laps = Ring::capacity * 4 < 20'000 ? 20'000 : Ring::capacity * 4;

template <class Ring, class Way>
void enter_stream(entry_list& list, team& pinned, const std::string& name, const std::string& rule,
    role stands_for) {
    list.enter(name, rule, stands_for, four_laps<Ring>,
        [&] { return stream_through<Way>(pinned, pre_faulted<Ring>()); });
}

/// One value at a time, under both rules.
template <class Ring>
void enter_single_values(entry_list& list, team& pinned, const std::string& name, role stands_for) {
    enter_stream<Ring, one_at_a_time<spin>>(list, pinned, name, spin::name, stands_for);
    enter_stream<Ring, one_at_a_time<slip>>(list, pinned, name, slip::name, stands_for);
}

/// Batches of `Size`, taken into an array, and visited in place if the ring can do that.
template <class Ring, class Looking, std::size_t Size>
void enter_batches_under(entry_list& list, team& pinned, const std::string& name, role stands_for) {
    const std::string shape = joined({name, " in batches of ", std::to_string(Size)});
    enter_stream<Ring, in_batches<Looking, Size, by_pop_n<Size>>>(
        list, pinned, shape, Looking::name, stands_for);
    if constexpr (requires(Ring & ring) { ring.drain([](auto&) {}); }) {
        enter_stream<Ring, in_batches<Looking, Size, by_drain>>(
            list, pinned, joined({shape, ", drain"}), Looking::name, role::extra);
    }
}

template <class Ring, std::size_t Size>
void enter_batches(entry_list& list, team& pinned, const std::string& name, role stands_for) {
    enter_batches_under<Ring, spin, Size>(list, pinned, name, stands_for);
    enter_batches_under<Ring, slip, Size>(list, pinned, name, stands_for);
}

/// Our ring's own waiting verbs, set against nobody.
template <class Field, class T, std::size_t Capacity>
void enter_waiting_verbs(entry_list& list, team& pinned) {
    const auto enter = [&]<class Wait>(const char* policy) {
        using ring = typename Field::template ours<T, Capacity, Wait>;
        enter_stream<ring, by_waiting_verbs>(
            list, pinned, joined({ring::name, " push, pop"}), policy, role::extra);
    };
    enter.template operator()<lfq::wait::spin>("wait::spin");
    enter.template operator()<lfq::wait::backoff>("wait::backoff");
    enter.template operator()<lfq::wait::slip>("wait::slip");
}

/// Our ring and its peers one value at a time, and what else `more` enters.
template <class Field, std::size_t Bytes, std::size_t Capacity, class More>
void ask_one_at_a_time(session& here, More&& more) {
    using value = value_of<Bytes>;
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/", Field::name, "_1p1c_throughput/", bytes, "B/", slots}),
        joined({"values of ", bytes, " bytes, one at a time, ", slots, " slots"}),
        {.name = "M/s", .rules_compete = true}, [&](entry_list& list) {
            team& pinned = here.pinned();
            using ring = typename Field::template ours<value, Capacity>;
            enter_single_values<ring>(list, pinned, ring::name, role::ours);
            Field::template for_each_peer<value, Capacity>([&]<class Peer>() {
                enter_single_values<Peer>(list, pinned, Peer::name, Peer::stands_for);
            });
            enter_waiting_verbs<Field, value, Capacity>(list, pinned);
            more(list);
        });
}

struct nothing_more {
    void operator()(entry_list&) const {}
};

/// The same in batches of `Size`, beside batches of those peers that have them and single values of
/// everybody.
template <class Field, std::size_t Bytes, std::size_t Capacity, std::size_t Size,
    class More = nothing_more>
void ask_in_batches(session& here, More&& more = {}) {
    using value = value_of<Bytes>;
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    const std::string size = std::to_string(Size);
    here.ask(joined({"ring/", Field::name, "_1p1c_batches/", bytes, "B/", slots, "/batch", size}),
        joined({"values of ", bytes, " bytes in batches of ", size,
            "; peers without batches one at a time"}),
        {.name = "M/s", .rules_compete = true}, [&](entry_list& list) {
            team& pinned = here.pinned();
            using ring = typename Field::template ours<value, Capacity>;
            enter_batches<ring, Size>(list, pinned, ring::name, role::ours);
            enter_single_values<ring>(list, pinned, ring::name, role::extra);
            more(list);
            Field::template for_each_peer<value, Capacity>([&]<class Peer>() {
                if constexpr (requires { &Peer::try_push_n; })
                    enter_batches<Peer, Size>(list, pinned, Peer::name, Peer::stands_for);
                enter_single_values<Peer>(list, pinned, Peer::name, Peer::stands_for);
            });
        });
}

/// Batches of 8, 64 and 256.
template <class Field, std::size_t Bytes, std::size_t Capacity>
void ask_in_batches_of_each_size(session& here) {
    ask_in_batches<Field, Bytes, Capacity, 8>(here);
    ask_in_batches<Field, Bytes, Capacity, 64>(here);
    ask_in_batches<Field, Bytes, Capacity, 256>(here);
}

}  // namespace bench
