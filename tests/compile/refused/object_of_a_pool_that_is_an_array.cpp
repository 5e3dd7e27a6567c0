// SPDX-License-Identifier: MIT
// expected: event_pool: objects must not be arrays; use std::array
#include <lfq/pool/event_pool.hpp>

lfq::event_pool<int[4]> pool;
