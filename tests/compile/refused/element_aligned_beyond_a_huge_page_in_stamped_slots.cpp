// SPDX-License-Identifier: MIT
// expected: storage::huge: an element is aligned to one huge page
#include <lfq/ring/spsc_slot_ring.hpp>

struct alignas(4 << 20) element {
    int number;
};
lfq::spsc_slot_ring<element, lfq::storage::huge> ring(8);
