// SPDX-License-Identifier: MIT
// expected: deduplicator: a key is an integer, a string, a row of such, or a struct without padding
#include <lfq/dedup/deduplicator.hpp>

struct padded {
    char kind;
    int number;
};

lfq::deduplicator<padded> seen(lfq::dedup::by_count{100});
