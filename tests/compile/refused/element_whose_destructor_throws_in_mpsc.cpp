// SPDX-License-Identifier: MIT
// expected: an element must be nothrow destructible
#include <lfq/ring/mpsc_ring.hpp>

struct element {
    ~element() noexcept(false) {}
};
lfq::mpsc_ring<element> ring(8);
