// SPDX-License-Identifier: MIT
// expected: an element of lossy_broadcast_ring is copied while it is overwritten, so it must be
#include <lfq/ring/lossy_broadcast_ring.hpp>

#include <string>

lfq::lossy_broadcast_ring<std::string> ring(8);
