// SPDX-License-Identifier: MIT
// expected: mpsc_message_ring: a message that wraps must lie in one piece
#include <lfq/policy/storage.hpp>
#include <lfq/ring/mpsc_message_ring.hpp>

lfq::mpsc_message_ring<lfq::storage::heap> ring({4096, 2, 100});
