// SPDX-License-Identifier: MIT
// expected: no member named .claim
#include <lfq/ring/mpsc_ordered_ring.hpp>

void build_in_place(lfq::mpsc_ordered_ring<int>& ring) { auto claimed = ring.claim(1); }
