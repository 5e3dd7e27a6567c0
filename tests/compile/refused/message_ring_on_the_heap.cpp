// SPDX-License-Identifier: MIT
// expected: message_ring: a message that wraps must lie in one piece: storage::mirrored, or
#include <lfq/ring/message_ring.hpp>

lfq::message_ring<lfq::storage::heap> ring(64);
