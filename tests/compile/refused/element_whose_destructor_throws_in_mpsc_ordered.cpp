// SPDX-License-Identifier: MIT
// expected: an element must be nothrow destructible
#include <lfq/ring/mpsc_ordered_ring.hpp>

struct element {
    ~element() noexcept(false) {}
};
lfq::mpsc_ordered_ring<element> ring(8);
