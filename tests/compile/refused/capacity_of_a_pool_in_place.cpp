// SPDX-License-Identifier: MIT
// expected: no matching (function|constructor)
#include <lfq/pool/event_pool.hpp>

lfq::event_pool<int, lfq::storage::inplace<16>> pool({.capacity = 32});
