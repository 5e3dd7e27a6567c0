// SPDX-License-Identifier: MIT
// expected: an element must be nothrow destructible
#include <lfq/ring/broadcast_ring.hpp>

struct element {
    ~element() noexcept(false) {}
};
lfq::broadcast_ring<element> ring(8);
