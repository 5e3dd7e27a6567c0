// SPDX-License-Identifier: MIT
// expected: is_assignable_v.*evaluated to .*false
#include <lfq/ring/spsc_slot_ring.hpp>

#include <span>

struct element {
    const int number;
};
std::size_t take(lfq::spsc_slot_ring<element>& ring, std::span<element> out) {
    return ring.try_pop_n(out);
}
