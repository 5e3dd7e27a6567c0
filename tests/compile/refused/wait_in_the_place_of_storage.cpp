// SPDX-License-Identifier: MIT
// expected: (named .*region.* in .*basic_slip|basic_slip<.*does not satisfy 'storage_policy')
#include <lfq/ring/mpsc_ring.hpp>

lfq::mpsc_ring<int, lfq::wait::slip> ring(8);
