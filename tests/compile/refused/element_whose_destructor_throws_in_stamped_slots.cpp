// SPDX-License-Identifier: MIT
// expected: an element must be nothrow destructible
#include <lfq/ring/spsc_slot_ring.hpp>

struct element {
    ~element() noexcept(false) {}
};
lfq::spsc_slot_ring<element> ring(8);
