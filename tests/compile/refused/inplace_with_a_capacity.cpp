// SPDX-License-Identifier: MIT
// expected: no matching (function|constructor).*spsc_ring
#include <lfq/ring/spsc_ring.hpp>

lfq::spsc_ring<int, lfq::storage::inplace<8>> ring(8);
