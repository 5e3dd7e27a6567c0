// SPDX-License-Identifier: MIT
// tests/model/checker/memory.hpp — shared memory as C++20 describes it: what a load may return, and
// what then happened before.
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
// Plain memory is watched by address, whatever object stands there: who wrote last, who has read
// since, whether something lives there.
//
// Not modelled: load buffering (a load never returns a store that is executed later), so an
// execution that needs a cycle of reads-from and program order is not found.
#pragma once

#include "clock.hpp"
#include "failure.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace model {

[[nodiscard]] constexpr bool acquires(std::memory_order order) noexcept {
    return order == std::memory_order_acquire || order == std::memory_order_consume ||
        order == std::memory_order_acq_rel || order == std::memory_order_seq_cst;
}
[[nodiscard]] constexpr bool releases(std::memory_order order) noexcept {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
        order == std::memory_order_seq_cst;
}
[[nodiscard]] constexpr bool is_total(std::memory_order order) noexcept {
    return order == std::memory_order_seq_cst;
}

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
    void destroy(int thread, int at);
    [[nodiscard]] int locations() const noexcept { return used_; }
    [[nodiscard]] const store& get(int at, store_id id) const noexcept {
        return location_of(at).stores[id];
    }
    [[nodiscard]] store_id newest(int at) const noexcept { return location_of(at).order.back(); }
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

    // Plain memory. Each answers what is wrong, or nullptr.

    enum class access : std::uint8_t { read, write, build, destroy };
    [[nodiscard]] const char* touch(int thread, const void* address, access how) noexcept;
    [[nodiscard]] bool alive(const void* address) noexcept { return cell_of(address).alive; }

private:
    struct location {
        std::vector<store> stores;  // as they were executed
        std::vector<store_id> order;  // as they are in modification order
        bool alive = false;
        int built_by = 0;
        epoch built_at = 0;
    };
    struct cell {
        const void* address = nullptr;
        std::uint64_t execution = 0;
        bool alive = false;
        int written_by = -1;
        epoch written_at = 0;
        vector_clock read_at;
    };
    static constexpr std::size_t cells_max = 4096;  // granules of plain memory in one execution

    [[nodiscard]] location& location_of(int at) noexcept {
        return locations_[static_cast<std::size_t>(at)];
    }
    [[nodiscard]] const location& location_of(int at) const noexcept {
        return locations_[static_cast<std::size_t>(at)];
    }
    [[nodiscard]] epoch& own(int thread) noexcept {
        return of(thread).now.clock.at[static_cast<std::size_t>(thread)];
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
    [[nodiscard]] cell& cell_of(const void* address) noexcept;

    std::array<knowledge, threads_max> threads_;
    std::array<location, locations_max> locations_;
    int used_ = 0;
    view total_{};
    bool inserted_ = false;  // some store stands before an older one: ids are not ranks
    std::vector<cell> cells_ = std::vector<cell>(cells_max);
    std::uint64_t execution_ = 0;
};

inline void memory::begin() noexcept {
    ++execution_;
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
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = std::max(to[i], from[i]);
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
    here.stores.assign(1, store{value, {}, 0, false});
    here.order.assign(1, 0);
    here.alive = true;
    here.built_by = thread;
    here.built_at = own(thread);
    return at;
}

inline void memory::destroy(int, int at) { location_of(at).alive = false; }

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
    return insert(thread, at, replaced, value, released, order);
}

inline bool memory::insert(int thread, int at, store_id after, std::uint64_t value,
    const message& released, std::memory_order order) {
    location& here = location_of(at);
    if (here.stores.size() == stores_max) return false;
    const auto id = static_cast<store_id>(here.stores.size());
    const std::size_t rank = std::size_t{here.stores[after].rank} + 1;
    here.stores.push_back({value, released, 0, false});
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

// Plain memory.

inline auto memory::cell_of(const void* address) noexcept -> cell& {
    auto at = reinterpret_cast<std::uintptr_t>(address) / 8 * 0x9E3779B97F4A7C15u >> 20;
    for (;; ++at) {
        cell& here = cells_[at % cells_max];
        if (here.execution == execution_ && here.address == address) return here;
        if (here.execution == execution_) continue;
        here = cell{};
        here.address = address;
        here.execution = execution_;
        return here;
    }
}

inline const char* memory::touch(int thread, const void* address, access how) noexcept {
    cell& here = cell_of(address);
    const vector_clock& known = of(thread).now.clock;
    if (here.written_by >= 0 && !known.knows(here.written_by, here.written_at))
        return how == access::read ? "read without the write before it happening before"
                                   : "two writes, neither happening before the other";
    if (how == access::read) {
        if (!here.alive) return "read of memory where nothing lives";
        const auto self = static_cast<std::size_t>(thread);
        here.read_at.at[self] = known.at[self];
        return nullptr;
    }
    for (int other = 0; other < threads_max; ++other) {
        if (!known.knows(other, here.read_at.at[static_cast<std::size_t>(other)]))
            return "written while another thread may still read";
    }
    if (how == access::build && here.alive) return "built where something lives";
    if (how == access::destroy && !here.alive) return "destroyed where nothing lives";
    here.alive = how != access::destroy;
    here.written_by = thread;
    here.written_at = known.at[static_cast<std::size_t>(thread)];
    here.read_at = {};
    return nullptr;
}

}  // namespace model
