// SPDX-License-Identifier: MIT
// expected: is_assignable_v.*evaluated to .*false
#include <lfq/ring/mpsc_ring.hpp>

#include <span>

struct element {
    const int number;
};
std::size_t take(lfq::mpsc_ring<element>& ring, std::span<element> out) {
    return ring.try_pop_n(out);
}
