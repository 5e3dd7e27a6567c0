// SPDX-License-Identifier: MIT
// expected: no member named .claim
#include <lfq/ring/lossy_broadcast_ring.hpp>

void build_in_place(lfq::lossy_broadcast_ring<int>& ring) { auto claimed = ring.claim(1); }
