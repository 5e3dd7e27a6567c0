// SPDX-License-Identifier: MIT
// bench/contestants/tbb.hpp — oneTBB's bounded queue.
#pragma once

#include "harness/question.hpp"

#include <tbb/concurrent_queue.h>

#include <cstddef>

namespace bench {

/// Bounded by set_capacity and used by try_push and try_pop, as the oneTBB specification has it
/// under "concurrent_bounded_queue".
template <class T, std::size_t Capacity>
class tbb_bounded_queue {
public:
    using value_type = T;
    static constexpr const char* name = "tbb::concurrent_bounded_queue";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;
    static constexpr std::size_t producers_max_on_two_cpus = 4;  // a second a pass beyond

    tbb_bounded_queue() { queue_.set_capacity(static_cast<std::ptrdiff_t>(Capacity)); }
    bool try_push(const T& value) { return queue_.try_push(value); }
    bool try_pop(T& value) { return queue_.try_pop(value); }

private:
    tbb::concurrent_bounded_queue<T> queue_;
};

}  // namespace bench
