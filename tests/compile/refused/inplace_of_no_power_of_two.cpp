// SPDX-License-Identifier: MIT
// expected: N must be a power of two
#include <lfq/ring/spsc_ring.hpp>

lfq::spsc_ring<int, lfq::storage::inplace<12>> ring;
