// SPDX-License-Identifier: MIT
// expected: event_pool: its objects have no default constructor; give the pool a callable
#include <lfq/pool/event_pool.hpp>

struct event {
    explicit event(int number);
};
lfq::event_pool<event> pool;
