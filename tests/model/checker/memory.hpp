// SPDX-License-Identifier: MIT
// tests/model/checker/memory.hpp — shared memory as C++20 describes it: what a load may return,
// and what then happened before.
//
// Every atomic location keeps all its stores in modification order. A thread's view holds, for each
// location, the oldest store that it may still read, so a load has several answers and the search
// tries each. A release store carries its thread's clock and view as a message; an acquire load
// joins what it reads, a relaxed one keeps it for a later acquire fence. A read-modify-write passes
// on the message of the store it replaces (release sequences; a plain store of the same thread does
// not, as of C++20). Sequentially consistent operations take their total order from the execution:
// `total_` holds, for each location, the oldest store that they may still read; a fence exchanges
// its whole view with it.
//
// Not modelled: load buffering (a load never returns a store that is executed later), so an
// execution that needs a cycle of reads-from and program order is not found.
#pragma once

#include "clock.hpp"
#include "operation.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace model {

class memory {
public:
    /// What one thread knows.
    struct knowledge {
        message now;
        message released_by_fence;  // what its relaxed stores carry
        message to_acquire;  // what its relaxed loads have read
    };

    struct store {
        std::uint64_t value = 0;
        message released;
        store_id rank = 0;  // its place in modification order
        bool replaced = false;  // a read-modify-write stands right behind it: nothing fits between
        bool repeats = false;  // a read-modify-write that left the value as it was
    };

    struct candidates {
        std::array<store_id, stores_max> id;
        int count = 0;
        void add(store_id one) noexcept { id[static_cast<std::size_t>(count++)] = one; }
    };

    /// Forgets everything: the next execution begins.
    void begin() noexcept;

    // Threads.

    [[nodiscard]] knowledge& of(int thread) noexcept {
        return threads_[static_cast<std::size_t>(thread)];
    }
    /// What `parent` did happens before everything `child` will do.
    void fork(int parent, int child) noexcept;
    /// Everything `child` did happens before what `parent` does next.
    void join(int parent, int child) noexcept;
    /// An event of its own: what the thread does next is told apart from what it did.
    void tick(int thread) noexcept { ++own(thread); }

    // Atomic locations. `failed()` says what went wrong.

    /// -1: no room for another.
    [[nodiscard]] int create(int thread, std::uint64_t value);
    /// False: another thread may still use it.
    [[nodiscard]] bool destroy(int thread, int at) noexcept;
    [[nodiscard]] int locations() const noexcept { return used_; }
    [[nodiscard]] const store& get(int at, store_id id) const noexcept {
        return location_of(at).stores[id];
    }
    [[nodiscard]] store_id newest(int at) const noexcept { return location_of(at).order.back(); }
    /// Whether another value was stored behind this one.
    [[nodiscard]] bool has_news(int at, store_id than) const noexcept {
        const location& here = location_of(at);
        const auto* one = &here.order.back();
        while (*one != than && here.stores[*one].repeats) --one;
        return *one != than;
    }
    [[nodiscard]] std::size_t stores_at(int at) const noexcept {
        return location_of(at).stores.size();
    }
    /// May this thread touch the location? False: it is destroyed, or was not handed over.
    [[nodiscard]] bool reachable(int thread, int at) const noexcept;

    /// The stores that a load may return, newest first.
    void readable(int thread, int at, std::memory_order order, candidates& found) const noexcept;
    /// The load returned this one.
    void read(int thread, int at, store_id id, std::memory_order order) noexcept;
    /// The stores behind which a store may stand in modification order, newest first.
    void followable(int thread, int at, std::memory_order order, candidates& found) const noexcept;
    /// Stores behind `after`. False: too many stores.
    [[nodiscard]] bool write(
        int thread, int at, store_id after, std::uint64_t value, std::memory_order order);
    /// The second half of a read-modify-write whose first half read `replaced`.
    [[nodiscard]] bool replace(
        int thread, int at, store_id replaced, std::uint64_t value, std::memory_order order);
    void fence(int thread, std::memory_order order) noexcept;

    /// The thread may no longer miss what another one knew about this location.
    void raise(int thread, int at, store_id least) noexcept;

    /// Without any order: for the time before and after the threads.
    [[nodiscard]] std::uint64_t& latest(int at) noexcept {
        location& here = location_of(at);
        return here.stores[here.order.back()].value;
    }

private:
    struct location {
        std::vector<store> stores;  // as they were executed
        std::vector<store_id> order;  // as they are in modification order
        bool alive = false;
        int built_by = 0;
        epoch built_at = 0;
        vector_clock used_at;
    };
    [[nodiscard]] location& location_of(int at) noexcept {
        return locations_[static_cast<std::size_t>(at)];
    }
    [[nodiscard]] const location& location_of(int at) const noexcept {
        return locations_[static_cast<std::size_t>(at)];
    }
    [[nodiscard]] epoch& own(int thread) noexcept {
        return of(thread).now.clock.at[static_cast<std::size_t>(thread)];
    }
    void use(int thread, int at) noexcept {
        location_of(at).used_at.at[static_cast<std::size_t>(thread)] = own(thread);
    }
    [[nodiscard]] store_id later(int at, store_id one, store_id other) const noexcept;
    [[nodiscard]] store_id floor(int thread, int at, std::memory_order order) const noexcept;
    void join_views(view& to, const view& from) noexcept;
    void join(message& to, const message& from) noexcept {
        to.clock.join(from.clock);
        join_views(to.seen, from.seen);
    }
    [[nodiscard]] bool insert(int thread, int at, store_id after, std::uint64_t value,
        const message& released, std::memory_order order);

    std::array<knowledge, threads_max> threads_;
    std::array<location, locations_max> locations_;
    int used_ = 0;
    view total_{};
    bool inserted_ = false;  // some store stands before an older one: ids are not ranks
};

inline void memory::begin() noexcept {
    used_ = 0;
    total_ = {};
    inserted_ = false;
    threads_[0] = {};
    own(0) = 1;
}

inline void memory::fork(int parent, int child) noexcept {
    of(child) = {};
    of(child).now = of(parent).now;
    ++own(child);
    tick(parent);
}

inline void memory::join(int parent, int child) noexcept { join(of(parent).now, of(child).now); }

// Views.

inline store_id memory::later(int at, store_id one, store_id other) const noexcept {
    const location& here = location_of(at);
    return here.stores[one].rank < here.stores[other].rank ? other : one;
}

inline void memory::join_views(view& to, const view& from) noexcept {
    if (!inserted_) {
        to = both(to, from);
        return;
    }
    for (int at = 0; at < used_; ++at) {
        const auto i = static_cast<std::size_t>(at);
        to[i] = later(at, to[i], from[i]);
    }
}

inline void memory::raise(int thread, int at, store_id least) noexcept {
    store_id& mine = of(thread).now.seen[static_cast<std::size_t>(at)];
    mine = later(at, mine, least);
}

inline store_id memory::floor(int thread, int at, std::memory_order order) const noexcept {
    const auto i = static_cast<std::size_t>(at);
    const store_id mine = threads_[static_cast<std::size_t>(thread)].now.seen[i];
    return is_total(order) ? later(at, mine, total_[i]) : mine;
}

// Locations.

inline int memory::create(int thread, std::uint64_t value) {
    if (used_ == locations_max) return -1;
    const int at = used_++;
    location& here = location_of(at);
    here.stores.assign(1, store{value, {}, 0, false, false});
    here.order.assign(1, 0);
    here.alive = true;
    here.built_by = thread;
    here.built_at = own(thread);
    here.used_at = {};
    return at;
}

inline bool memory::destroy(int thread, int at) noexcept {
    location_of(at).alive = false;
    return of(thread).now.clock.covers(location_of(at).used_at);
}

inline bool memory::reachable(int thread, int at) const noexcept {
    const location& here = location_of(at);
    return here.alive &&
        threads_[static_cast<std::size_t>(thread)].now.clock.knows(here.built_by, here.built_at);
}

inline void memory::readable(
    int thread, int at, std::memory_order order, candidates& found) const noexcept {
    const location& here = location_of(at);
    const store_id least = here.stores[floor(thread, at, order)].rank;
    for (std::size_t rank = here.order.size(); rank-- > least;) found.add(here.order[rank]);
}

inline void memory::read(int thread, int at, store_id id, std::memory_order order) noexcept {
    use(thread, at);
    raise(thread, at, id);
    store_id& total = total_[static_cast<std::size_t>(at)];
    if (is_total(order)) total = later(at, total, id);
    knowledge& mine = of(thread);
    join(acquires(order) ? mine.now : mine.to_acquire, get(at, id).released);
}

inline void memory::followable(
    int thread, int at, std::memory_order order, candidates& found) const noexcept {
    const location& here = location_of(at);
    const store_id least = here.stores[floor(thread, at, order)].rank;
    for (std::size_t rank = here.order.size(); rank-- > least;) {
        if (!here.stores[here.order[rank]].replaced) found.add(here.order[rank]);
    }
}

inline bool memory::write(
    int thread, int at, store_id after, std::uint64_t value, std::memory_order order) {
    const knowledge& mine = of(thread);
    return insert(
        thread, at, after, value, releases(order) ? mine.now : mine.released_by_fence, order);
}

inline bool memory::replace(
    int thread, int at, store_id replaced, std::uint64_t value, std::memory_order order) {
    const knowledge& mine = of(thread);
    message released = get(at, replaced).released;  // the release sequence goes on
    join(released, releases(order) ? mine.now : mine.released_by_fence);
    location_of(at).stores[replaced].replaced = true;
    const bool repeats = value == get(at, replaced).value;
    if (!insert(thread, at, replaced, value, released, order)) return false;
    location_of(at).stores.back().repeats = repeats;
    return true;
}

inline bool memory::insert(int thread, int at, store_id after, std::uint64_t value,
    const message& released, std::memory_order order) {
    location& here = location_of(at);
    if (here.stores.size() == stores_max) return false;
    use(thread, at);
    const auto id = static_cast<store_id>(here.stores.size());
    const std::size_t rank = std::size_t{here.stores[after].rank} + 1;
    here.stores.push_back({value, released, 0, false, false});
    if (rank != here.order.size()) inserted_ = true;
    here.order.insert(here.order.begin() + static_cast<std::ptrdiff_t>(rank), id);
    for (std::size_t i = rank; i < here.order.size(); ++i)
        here.stores[here.order[i]].rank = static_cast<store_id>(i);
    const auto i = static_cast<std::size_t>(at);
    here.stores[id].released.seen[i] = id;
    of(thread).now.seen[i] = id;
    if (is_total(order)) total_[i] = later(at, total_[i], id);
    tick(thread);
    return true;
}

inline void memory::fence(int thread, std::memory_order order) noexcept {
    knowledge& mine = of(thread);
    if (acquires(order)) join(mine.now, mine.to_acquire);
    if (is_total(order)) {
        join_views(mine.now.seen, total_);
        total_ = mine.now.seen;
    }
    if (releases(order)) mine.released_by_fence = mine.now;
    tick(thread);
}

}  // namespace model
