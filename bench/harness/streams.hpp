// SPDX-License-Identifier: MIT
// bench/harness/streams.hpp — rows of a stream through one ring: one value at a time, and in
// batches.
#pragma once

#include "harness/hand_over.hpp"
#include "harness/looking.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

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

}  // namespace bench
