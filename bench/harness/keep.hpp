// SPDX-License-Identifier: MIT
// bench/harness/keep.hpp — make the compiler believe that somebody looks.
#pragma once

namespace bench {

/// All bytes of `value` are read here, so no contestant may skip a part of its copy.
template <class T>
inline void read_whole(const T& value) {
    asm volatile("" : : "m"(value));
}

/// All bytes of `value` may have changed here, so none of them is known beforehand.
template <class T>
inline void changed(T& value) {
    asm volatile("" : "+m"(value));
}

/// All memory may have changed here: nothing that was loaded before is still known.
inline void memory_changed() { asm volatile("" : : : "memory"); }

}  // namespace bench
