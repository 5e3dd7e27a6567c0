// SPDX-License-Identifier: MIT
// expected: (named .*region.* in .*basic_park|basic_park<.*does not satisfy 'storage_policy')
#include <lfq/ring/spsc_ring.hpp>

lfq::spsc_ring<int, lfq::wait::park, lfq::storage::heap> ring(8);
