// SPDX-License-Identifier: MIT
// expected: several readers wait for one lossy_broadcast_ring, and this wait wakes one thread only
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>

lfq::lossy_broadcast_ring<int, lfq::storage::heap, lfq::wait::doorbell> ring(8);
