// SPDX-License-Identifier: MIT
// expected: storage::mirrored: an element is aligned to one page
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/spsc_ring.hpp>

struct alignas(8192) element {
    int number;
};
lfq::spsc_ring<element, lfq::storage::mirrored> ring(8);
