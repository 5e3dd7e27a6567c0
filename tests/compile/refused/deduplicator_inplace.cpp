// SPDX-License-Identifier: MIT
// expected: deduplicator: the window says how large the table is, so storage::inplace cannot
#include <lfq/dedup/deduplicator.hpp>

lfq::deduplicator<int, lfq::storage::inplace<256>> seen(lfq::dedup::by_count{100});
