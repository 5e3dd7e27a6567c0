// SPDX-License-Identifier: MIT
// bench/contestants/ck.hpp — Concurrency Kit's ring, in its forms for one producer and for many.
#pragma once

#include "harness/question.hpp"

// A C header: one of its functions answers false where a pointer is due.
#include <cstdbool>
#define false 0
#include <ck_ring.h>
#undef false

#include <bit>
#include <cstddef>
#include <memory>

namespace bench {

/// Slots of the value's own type, which is what ck_ring.h has CK_RING_PROTOTYPE for, instead of
/// pointers to values that somebody else keeps. The size is a power of two, says ck_ring_init(3),
/// and one slot stays empty: 1,023 of 1,024 hold something in the example of
/// ck_ring_enqueue_spsc(3).
template <class T, std::size_t Capacity>
class ck_ring_of {
public:
    using value_type = T;
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity - 1;
    static_assert(std::has_single_bit(Capacity));

    ck_ring_of() { ck_ring_init(&ring_, static_cast<unsigned>(Capacity)); }

protected:
    struct slot {
        T value;
    };
    CK_RING_PROTOTYPE(slot, slot)

    ck_ring_t ring_{};
    std::unique_ptr<slot[]> slots_ = std::make_unique<slot[]>(Capacity);
};

/// The pair for one producer and one consumer: ck_ring_enqueue_spsc(3), ck_ring_dequeue_spsc(3).
template <class T, std::size_t Capacity>
class ck_ring_spsc : public ck_ring_of<T, Capacity> {
public:
    static constexpr const char* name = "ck_ring (SPSC)";

    bool try_push(const T& value) {
        slot filled{value};
        return this->ck_ring_enqueue_spsc_slot(&this->ring_, this->slots_.get(), &filled);
    }
    bool try_pop(T& value) {
        slot filled;
        if (!this->ck_ring_dequeue_spsc_slot(&this->ring_, this->slots_.get(), &filled))
            return false;
        value = filled.value;
        return true;
    }

private:
    using slot = typename ck_ring_of<T, Capacity>::slot;
};

/// The pair for any number of producers and one consumer, by the comment above ck_ring_enqueue_mpsc
/// in ck_ring.h. Producers claim by compare-exchange and publish in the order of their claims, so
/// each waits for those before it.
template <class T, std::size_t Capacity>
class ck_ring_mpsc : public ck_ring_of<T, Capacity> {
public:
    static constexpr const char* name = "ck_ring (MPSC)";
    static constexpr std::size_t producers_max_on_two_cpus = 1;  // seconds a pass beyond

    bool try_push(const T& value) {
        slot filled{value};
        return this->ck_ring_enqueue_mpsc_slot(&this->ring_, this->slots_.get(), &filled);
    }
    bool try_pop(T& value) {
        slot filled;
        if (!this->ck_ring_dequeue_mpsc_slot(&this->ring_, this->slots_.get(), &filled))
            return false;
        value = filled.value;
        return true;
    }

private:
    using slot = typename ck_ring_of<T, Capacity>::slot;
};

}  // namespace bench
