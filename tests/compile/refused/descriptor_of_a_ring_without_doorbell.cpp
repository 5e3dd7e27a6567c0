// SPDX-License-Identifier: MIT
// expected: (does not satisfy 'doorbell_wait'|no matching function for call to .*fd\(\))
#include <lfq/ring/spsc_ring.hpp>

int descriptor(lfq::spsc_ring<int>& ring) { return ring.fd(); }
