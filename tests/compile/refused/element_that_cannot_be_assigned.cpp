// SPDX-License-Identifier: MIT
// expected: is_assignable_v.*evaluated to .*false
#include <lfq/ring/mpsc_ring.hpp>

struct element {
    const int number;
};
bool pop_out(lfq::mpsc_ring<element>& ring, element& out) { return ring.pop(out); }
