// SPDX-License-Identifier: MIT
// expected: (use of deleted function .*on_node\(\)|call to deleted constructor of .*on_node)
#include <lfq/policy/storage_on_node.hpp>
#include <lfq/ring/spsc_ring.hpp>

lfq::spsc_ring<int, lfq::storage::on_node> ring(64);
