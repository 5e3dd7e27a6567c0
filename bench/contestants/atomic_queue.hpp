// SPDX-License-Identifier: MIT
// bench/contestants/atomic_queue.hpp — max0x7ba's atomic_queue, with its capacity in its type.
#pragma once

#include "harness/question.hpp"

#include <atomic_queue/atomic_queue.h>

#include <cstddef>
#include <memory>
#include <type_traits>

namespace bench {

// As its README says under "The available containers" and of the template arguments behind it.
// Integers live in atomic slots, zero meaning empty; everything else beside a state byte.
// TOTAL_ORDER throughout: without it a producer that is interrupted between its claim and its store
// can be overtaken by its own next value. It costs the single-producer form nothing. Spread moves
// neighbours to different cache lines (its default).
template <class T, std::size_t Capacity, bool Spread, bool OneProducer>
using atomic_queue_type = std::conditional_t<std::is_integral_v<T>,
    atomic_queue::AtomicQueue<std::conditional_t<std::is_integral_v<T>, T, int>, Capacity, 0,
        Spread, true, true, OneProducer>,
    atomic_queue::AtomicQueue2<T, Capacity, Spread, true, true, OneProducer>>;

template <class T, std::size_t Capacity, bool Spread, bool OneProducer>
class atomic_queue_with {
public:
    using value_type = T;
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_->try_push(value); }
    bool try_pop(T& value) { return queue_->try_pop(value); }

private:
    using queue = atomic_queue_type<T, Capacity, Spread, OneProducer>;
    std::unique_ptr<queue> queue_ = std::make_unique<queue>();
};

template <class T, std::size_t Capacity>
class atomic_queue_spsc : public atomic_queue_with<T, Capacity, true, true> {
public:
    static constexpr const char* name = "atomic_queue (SPSC)";
};

template <class T, std::size_t Capacity>
class atomic_queue_spsc_packed : public atomic_queue_with<T, Capacity, false, true> {
public:
    static constexpr const char* name = "atomic_queue (SPSC, neighbours kept together)";
};

template <class T, std::size_t Capacity>
class atomic_queue_ordered : public atomic_queue_with<T, Capacity, true, false> {
public:
    static constexpr const char* name = "atomic_queue (TOTAL_ORDER)";
};

}  // namespace bench
