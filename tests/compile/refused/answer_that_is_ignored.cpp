// SPDX-License-Identifier: MIT
// expected: (ignoring return value|declared with attribute .*nodiscard)
#include <lfq/ring/spsc_ring.hpp>

void forget(lfq::spsc_ring<int>& ring) { ring.try_push(1); }
