// SPDX-License-Identifier: MIT
// bench/contestants/lfq_mpsc.hpp — lfq's rings of many producers with the capacity in the type, as
// every contestant here has it.
#pragma once

#include "harness/question.hpp"

#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>

#include <cstddef>

namespace bench {

template <class T, std::size_t Capacity, class Storage = lfq::storage::heap,
    class Wait = lfq::wait::backoff>
class lfq_mpsc : public lfq::mpsc_ring<T, Storage, Wait> {
public:
    static constexpr const char* name = "lfq::mpsc_ring";
    static constexpr role stands_for = role::ours;
    static constexpr std::size_t capacity = Capacity;
    lfq_mpsc() : lfq::mpsc_ring<T, Storage, Wait>(Capacity) {}
};

/// The other one: not set against peers, whose producers do not wait for each other.
template <class T, std::size_t Capacity, class Storage = lfq::storage::heap,
    class Wait = lfq::wait::backoff>
class lfq_mpsc_ordered : public lfq::mpsc_ordered_ring<T, Storage, Wait> {
public:
    static constexpr const char* name = "lfq::mpsc_ordered_ring";
    static constexpr role stands_for = role::extra;
    static constexpr std::size_t capacity = Capacity;
    // Four laps of more slots take seconds beyond.
    static constexpr std::size_t producers_max_on_two_cpus = Capacity > 1'024 ? 2 : 8;
    lfq_mpsc_ordered() : lfq::mpsc_ordered_ring<T, Storage, Wait>(Capacity) {}
};

}  // namespace bench
