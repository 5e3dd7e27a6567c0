// SPDX-License-Identifier: MIT
// expected: storage::on_node: an element is aligned to one page, 4 KiB, at most
#include <lfq/policy/storage_on_node.hpp>
#include <lfq/ring/spsc_ring.hpp>

struct alignas(8192) wide {};
lfq::spsc_ring<wide, lfq::storage::on_node> ring(8, lfq::storage::on_node(0));
