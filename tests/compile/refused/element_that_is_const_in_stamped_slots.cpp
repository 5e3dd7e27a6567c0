// SPDX-License-Identifier: MIT
// expected: an element is a plain object type, not const and no reference
#include <lfq/ring/spsc_slot_ring.hpp>

lfq::spsc_slot_ring<const int> ring(8);
