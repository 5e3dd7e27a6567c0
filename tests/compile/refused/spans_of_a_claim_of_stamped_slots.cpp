// SPDX-License-Identifier: MIT
// expected: constraints not satisfied|no matching (member )?function for call to .*spans
#include <lfq/ring/spsc_slot_ring.hpp>

auto spans(lfq::spsc_slot_ring<int>& ring) { return ring.claim(2).spans(); }
