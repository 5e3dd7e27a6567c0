// SPDX-License-Identifier: MIT
// expected: storage::mirrored: two addresses are one element, so it must be trivially copyable
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/broadcast_ring.hpp>

#include <string>

lfq::broadcast_ring<std::string, lfq::storage::mirrored> ring(8);
