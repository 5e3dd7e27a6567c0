// SPDX-License-Identifier: MIT
// bench/contestants/xenium.hpp — xenium's form of Vyukov's bounded queue.
#pragma once

#include "harness/question.hpp"

#include <xenium/vyukov_bounded_queue.hpp>

#include <cstddef>

namespace bench {

/// Lock-free verbs: they may answer full or empty while another thread is inside its call. What
/// differs from the strong ones stands at try_push_weak in its header.
template <class T, std::size_t Capacity>
class xenium_weak {
public:
    using value_type = T;
    static constexpr const char* name = "xenium::vyukov_bounded_queue (weak)";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_.try_push_weak(value); }
    bool try_pop(T& value) { return queue_.try_pop_weak(value); }

private:
    xenium::vyukov_bounded_queue<T> queue_{Capacity};
};

/// What try_push and try_pop stand for unless policy::default_to_weak is chosen: they wait for a
/// thread that is inside its call, as the comment above the class in its header says.
template <class T, std::size_t Capacity>
class xenium_strong {
public:
    using value_type = T;
    static constexpr const char* name = "xenium::vyukov_bounded_queue (strong)";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_.try_push_strong(value); }
    bool try_pop(T& value) { return queue_.try_pop_strong(value); }

private:
    xenium::vyukov_bounded_queue<T> queue_{Capacity};
};

}  // namespace bench
