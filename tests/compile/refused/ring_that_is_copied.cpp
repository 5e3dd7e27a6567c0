// SPDX-License-Identifier: MIT
// expected: (use of deleted function .*spsc_ring|call to deleted constructor of .*spsc_ring)
#include <lfq/ring/spsc_ring.hpp>

lfq::spsc_ring<int> copy(const lfq::spsc_ring<int>& ring) { return ring; }
