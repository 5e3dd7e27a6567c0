// SPDX-License-Identifier: MIT
// expected: an element is a plain object type, .*: push a copy or a pointer
#include <lfq/ring/spsc_slot_ring.hpp>

lfq::spsc_slot_ring<int&> ring(8);
