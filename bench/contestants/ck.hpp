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

/// Slots of the value's own type, as ck_ring(3) advises with CK_RING_PROTOTYPE, instead of pointers
/// to values that somebody else keeps. The size is a power of two, and one slot stays empty.
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

/// Producers claim by compare-exchange and publish in the order of their claims, so each waits for
/// those before it.
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
