// SPDX-License-Identifier: MIT
// expected: an element must be nothrow move constructible: .*noexcept
#include <lfq/ring/broadcast_ring.hpp>

struct element {
    element() = default;
    element(element&&) noexcept(false) {}
    element& operator=(element&&) noexcept { return *this; }
};
lfq::broadcast_ring<element> ring(8);
