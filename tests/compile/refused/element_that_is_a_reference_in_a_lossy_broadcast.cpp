// SPDX-License-Identifier: MIT
// expected: an element is a plain object type, .*: push a copy or a pointer
#include <lfq/ring/lossy_broadcast_ring.hpp>

lfq::lossy_broadcast_ring<int&> ring(8);
