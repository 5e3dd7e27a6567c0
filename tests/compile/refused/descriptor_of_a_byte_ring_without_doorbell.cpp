// SPDX-License-Identifier: MIT
// expected: (does not satisfy 'doorbell_wait'|no matching function for call to .*fd\(\))
#include <lfq/ring/byte_ring.hpp>

int descriptor(lfq::byte_ring<>& ring) { return ring.fd(); }
