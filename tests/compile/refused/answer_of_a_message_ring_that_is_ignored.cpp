// SPDX-License-Identifier: MIT
// expected: (nodiscard|ignoring return value)
#include <lfq/ring/message_ring.hpp>

void drop(lfq::message_ring<>& ring) { ring.try_push({}); }
