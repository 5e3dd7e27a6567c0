// SPDX-License-Identifier: MIT
// expected: an element is a plain object type
#include <lfq/ring/spsc_ring.hpp>

lfq::spsc_ring<const int> ring(8);
