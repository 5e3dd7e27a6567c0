// SPDX-License-Identifier: MIT
// bench/contestants/lfq_spsc.hpp — lfq's rings for one producer with the capacity in the type, as
// every contestant here has it.
#pragma once

#include "harness/question.hpp"

#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>

#include <cstddef>

namespace bench {

template <class T, std::size_t Capacity, class Storage = lfq::storage::heap,
    class Wait = lfq::wait::backoff>
class lfq_spsc : public lfq::spsc_ring<T, Storage, Wait> {
public:
    static constexpr const char* name = "lfq::spsc_ring";
    static constexpr role stands_for = role::ours;
    static constexpr std::size_t capacity = Capacity;
    lfq_spsc() : lfq::spsc_ring<T, Storage, Wait>(Capacity) {}
};

template <class T, std::size_t Capacity, class Storage = lfq::storage::heap,
    class Wait = lfq::wait::backoff>
class lfq_slots : public lfq::spsc_slot_ring<T, Storage, Wait> {
public:
    static constexpr const char* name = "lfq::spsc_slot_ring";
    static constexpr role stands_for = role::ours;
    static constexpr std::size_t capacity = Capacity;
    lfq_slots() : lfq::spsc_slot_ring<T, Storage, Wait>(Capacity) {}
};

}  // namespace bench
