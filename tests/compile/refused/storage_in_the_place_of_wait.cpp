// SPDX-License-Identifier: MIT
// expected: (named .*waiter.* in .*storage::huge|storage::huge. does not satisfy 'wait_policy')
#include <lfq/ring/fan_out.hpp>

lfq::fan_out<int, lfq::storage::heap, lfq::storage::huge> workers(2, 8);
