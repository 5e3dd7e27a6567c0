// SPDX-License-Identifier: MIT
// expected: constraints not satisfied|no matching (member )?function for call to .*commit
#include <lfq/ring/spsc_slot_ring.hpp>

void unbuilt(lfq::spsc_slot_ring<int>& ring) { ring.claim(2).commit(2); }
