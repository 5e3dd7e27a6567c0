// SPDX-License-Identifier: MIT
// expected: ignoring return value|unused-result
#include <lfq/dedup/deduplicator.hpp>

void offer(lfq::deduplicator<int>& seen) { seen.insert_if_new(7); }
