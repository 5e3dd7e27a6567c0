// SPDX-License-Identifier: MIT
// expected: (ignoring return value|declared with attribute .*nodiscard)
#include <lfq/pool/event_pool.hpp>

void take(lfq::pool_cache<int>& mine) { mine.take(); }
