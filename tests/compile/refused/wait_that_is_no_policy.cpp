// SPDX-License-Identifier: MIT
// expected: (named .*waiter.* in .*my_wait|.my_wait. does not satisfy 'wait_policy')
#include <lfq/ring/spsc_ring.hpp>

struct my_wait {};
lfq::spsc_ring<int, lfq::storage::heap, my_wait> ring(8);
