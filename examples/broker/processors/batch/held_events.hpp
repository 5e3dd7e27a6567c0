// SPDX-License-Identifier: MIT
// broker/processors/batch/held_events.hpp — where the events lie that windows hold.
// Room: processors/batch. Reads: core, lfq pool.
#pragma once

#include "broker/core/event.hpp"

#include <lfq/pool/event_pool.hpp>

#include <cstddef>

namespace broker::processors {

struct held {
    core::event what;
    held* next = nullptr;  // of its window
};

/// The pool of the batch processors of one thread. Windows are lists, so what is taken is detached
/// from its handle, and adopted again when it goes back.
class held_events {
public:
    /// Rounded up to a power of two. All memory is had here.
    explicit held_events(std::size_t capacity) : pool_({.capacity = capacity, .caches_max = 1}) {}

    /// nullptr: all are in use.
    [[nodiscard]] held* take() noexcept { return mine_.take().detach(); }
    void give_back(held* one) noexcept { mine_.give_back(pool::handle::adopt(one)); }

    [[nodiscard]] std::size_t capacity() const noexcept { return pool_.capacity(); }

private:
    using pool = lfq::event_pool<held>;

    pool pool_;
    pool::cache_type mine_ = *pool_.cache();
};

}  // namespace broker::processors
