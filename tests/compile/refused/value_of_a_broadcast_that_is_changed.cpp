// SPDX-License-Identifier: MIT
// expected: (assignment of read-only|const-qualified|read-only)
#include <lfq/ring/broadcast_ring.hpp>

void change(lfq::broadcast_ring<int>& ring) {
    auto reader = ring.join(lfq::join_at::newest);
    for (auto part : reader.peek()) part[0] = 7;
}
