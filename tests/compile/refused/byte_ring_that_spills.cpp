// SPDX-License-Identifier: MIT
// expected: byte_ring: what is readable must be one span wherever it was written: storage::mirrored
#include <lfq/ring/byte_ring.hpp>

lfq::byte_ring<lfq::storage::spill> ring(64);
