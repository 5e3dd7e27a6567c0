// SPDX-License-Identifier: MIT
// expected: (named .*region.* in .*my_storage|.my_storage. does not satisfy 'storage_policy')
#include <lfq/ring/mpsc_ring.hpp>

struct my_storage {};
lfq::mpsc_ring<int, my_storage> ring(8);
