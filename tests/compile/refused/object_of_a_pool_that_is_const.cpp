// SPDX-License-Identifier: MIT
// expected: event_pool: objects must be a type that is no reference and not const
#include <lfq/pool/event_pool.hpp>

lfq::event_pool<const int> pool;
