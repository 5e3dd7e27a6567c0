// SPDX-License-Identifier: MIT
// expected: an element is a plain object type, .*: push a copy or a pointer
#include <lfq/ring/broadcast_ring.hpp>

lfq::broadcast_ring<const int> ring(8);
