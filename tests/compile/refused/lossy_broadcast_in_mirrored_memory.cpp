// SPDX-License-Identifier: MIT
// expected: storage::mirrored: two addresses are one element, so it must be trivially copyable
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>

lfq::lossy_broadcast_ring<int, lfq::storage::mirrored> ring(8);
