// SPDX-License-Identifier: MIT
// bench/harness/keep.hpp — make the compiler believe that somebody looks.
#pragma once

#include <type_traits>

namespace bench {

/// All bytes of `value` are read here, so no contestant may skip a part of its copy.
/// What fits a register stays in one: a store more in every turn is a store less that may wait for
/// the ring's lines.
template <class T>
inline void read_whole(const T& value) {
    if constexpr (std::is_integral_v<T>) {
        asm volatile("" : : "r"(value));
    } else {
        asm volatile("" : : "m"(value));
    }
}

/// All bytes of `value` may have changed here, so none of them is known beforehand.
template <class T>
inline void changed(T& value) {
    if constexpr (std::is_integral_v<T>) {
        asm volatile("" : "+r"(value));
    } else {
        asm volatile("" : "+m"(value));
    }
}

/// All memory may have changed here: nothing that was loaded before is still known.
inline void memory_changed() { asm volatile("" : : : "memory"); }

}  // namespace bench
