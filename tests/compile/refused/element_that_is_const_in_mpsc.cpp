// SPDX-License-Identifier: MIT
// expected: an element is a plain object type
#include <lfq/ring/mpsc_ring.hpp>

lfq::mpsc_ring<const int> ring(8);
