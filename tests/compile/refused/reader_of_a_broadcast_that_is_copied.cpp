// SPDX-License-Identifier: MIT
// expected: use of deleted function|call to (implicitly-deleted|deleted)
#include <lfq/ring/broadcast_ring.hpp>

void twice(lfq::broadcast_ring<int>& ring) {
    auto reader = ring.join(lfq::join_at::newest);
    auto other = reader;
}
