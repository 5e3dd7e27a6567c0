// SPDX-License-Identifier: MIT
// expected: an element is a plain object type, .*: push a copy or a pointer
#include <lfq/ring/mpsc_ordered_ring.hpp>

lfq::mpsc_ordered_ring<int&> ring(8);
