// SPDX-License-Identifier: MIT
// expected: storage_policy
#include <lfq/dedup/deduplicator.hpp>

lfq::deduplicator<int, lfq::compare::scalar> seen(lfq::dedup::by_count{100});
