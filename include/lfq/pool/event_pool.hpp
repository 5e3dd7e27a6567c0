// SPDX-License-Identifier: MIT
// lfq/pool/event_pool.hpp — objects that are built once and handed out again and again.
// Room: pool (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/bits.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/pool/pool_cache.hpp>
#include <lfq/pool/pool_home.hpp>
#include <lfq/pool/pool_seat.hpp>
#include <lfq/pool/pool_slot.hpp>
#include <lfq/pool/pool_statistics.hpp>
#include <lfq/pool/pooled.hpp>
#include <lfq/pool/pooled_shared_ptr.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// How large the caches of a pool are.
struct pool_cache_limits {
    /// Objects that one cache may hold, from 2 to the capacity; an odd one is rounded down. 0 means
    /// 1,000, or an eighth of the capacity if that is less.
    std::size_t cache_capacity = 0;
    /// Caches at once, up to 65,536.
    std::size_t caches_max = 64;
};

struct pool_limits {
    /// Objects, rounded up to a power of two.
    std::size_t capacity = 65'536;
    std::size_t cache_capacity = 0;  // as above
    std::size_t caches_max = 64;  // as above
};

/// Several storages, one for each home of a pool.
template <class Homes, class Storage>
concept list_of = std::convertible_to<const Homes&, std::span<const Storage>>;

/// Objects that keep their buffers: built with the pool, handed out as their last user left them,
/// destroyed with the pool.
///
/// Threads   cache and the observers: anyone; a cache belongs to one thread at a time; handles go
///           from thread to thread, and end on any.
/// Progress  take and give_back: wait-free but for one exchange of a magazine in half a cache's
///           capacity; that, and the end of a handle, is lock-free. All of them are O(1).
/// Order     what a thread did with an object before it gave it back is visible to who takes it.
/// Memory    all of it at construction: the objects, 16 bytes beside each, a line for each that is
///           first touched by a std::shared_ptr, and the magazines.
/// Failure   no object left, and no cache left, are answers. Objects that a cache holds are not
///           taken by others: a pool of `capacity` objects and c caches refuses nobody before
///           capacity - c * cache_capacity are out. Construction may throw length_error, bad_alloc
///           or what an object's constructor throws. All handles and caches end before the pool; so
///           looks a checked build.
/// Pick      events with buffers of their own, which outlive the thread that fills them.
/// Avoid     values that fit a ring's slot: push those themselves.
/// Example   docs/snippets/event_pool.cpp
///
/// A pool may have several homes, each with memory of its own; an object always goes back to the
/// home that it came from.
template <class T, storage_policy Storage = storage::heap, class Env = std_env>
class event_pool {
    static_assert(std::is_object_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>,
        "event_pool: objects must be a type that is no reference and not const; users of an object "
        "fill it");
    static_assert(!std::is_array_v<T>, "event_pool: objects must not be arrays; use std::array");
    static_assert(std::is_nothrow_destructible_v<T>, "event_pool: an object's end must not throw");

public:
    using value_type = T;
    using handle = pooled<T, Env>;
    using shared_handle = shared_pooled<T, Env>;
    using cache_type = pool_cache<T, Env>;
    using limits = std::conditional_t<fixed_storage<Storage>, pool_cache_limits, pool_limits>;
    using region = typename Storage::template region<pool_slot<T, Env>>;

    /// One home. Objects are built by their default constructor, or by what `make()` returns.
    explicit event_pool(const limits& wanted = {}, const Storage& storage = {})
        : event_pool(wanted, std::span(&storage, 1), make_default) {}
    template <std::invocable Make>
    event_pool(const limits& wanted, Make make) : event_pool(wanted, Storage{}, std::move(make)) {}
    template <std::invocable Make>
    event_pool(const limits& wanted, const Storage& storage, Make make)
        : event_pool(wanted, std::span(&storage, 1), std::move(make)) {}

    /// A home for each storage, with as many objects and caches as `wanted` says.
    template <list_of<Storage> Homes>
    event_pool(const limits& wanted, const Homes& homes)
        : event_pool(wanted, homes, make_default) {}
    template <list_of<Storage> Homes, std::invocable Make>
    event_pool(const limits& wanted, const Homes& homes, Make make);

    event_pool(const event_pool&) = delete;
    event_pool& operator=(const event_pool&) = delete;
    ~event_pool();

    // Anyone.

    /// A thread's own way in, and the fast way back; nothing when `caches_max` of this home are in
    /// use. It takes objects of this home only.
    [[nodiscard]] std::optional<cache_type> cache(std::size_t home = 0) noexcept;

    /// Objects of all homes.
    [[nodiscard]] std::size_t capacity() const noexcept;
    /// What one cache may hold; of other homes' objects, up to 31 more.
    [[nodiscard]] std::size_t cache_capacity() const noexcept { return 2 * row_; }
    [[nodiscard]] std::size_t homes() const noexcept { return places_.size(); }
    [[nodiscard]] const region& storage(std::size_t home = 0) const noexcept {
        return at(home).memory;
    }
    [[nodiscard]] pool_statistics statistics() const noexcept;
    [[nodiscard]] pool_statistics statistics(std::size_t home) const noexcept {
        return at(home).statistics();
    }

private:
    static_assert(region::contiguous, "event_pool: its storage must keep slots side by side");

    using home_type = pool_home<T, Env>;
    using seat = pool_seat<T, Env>;

    struct place {
        template <class Make>
        place(const Storage& storage, const typename home_type::sizes& wanted,
            const event_pool* family, Make& make)
            : memory(storage, wanted.objects), home(memory.at(0), wanted, family, make) {
            for (std::size_t i = 0; i < wanted.caches; ++i) seats.emplace_back(home);
        }
        [[nodiscard]] pool_statistics statistics() const noexcept;

        region memory;
        home_type home;
        std::deque<seat> seats;
    };

    [[nodiscard]] static T make_default() {
        static_assert(std::default_initializable<T>,
            "event_pool: its objects have no default constructor; give the pool a callable that "
            "makes one");
        return T();
    }
    [[nodiscard]] static typename home_type::sizes checked(const limits& wanted);
    [[nodiscard]] const place& at(std::size_t home) const noexcept {
        LFQ_ASSERT(home < places_.size(), "event_pool: there is no home of this number");
        return places_[home];
    }

    std::size_t row_ = 0;
    std::deque<place> places_;
};

template <class T, storage_policy Storage, class Env>
auto event_pool<T, Storage, Env>::checked(const limits& wanted) -> typename home_type::sizes {
    constexpr std::size_t indices = std::size_t{1} << 30;
    std::size_t objects = 0;
    if constexpr (fixed_storage<Storage>) {
        objects = Storage::fixed_capacity;
    } else {
        objects = power_of_two_capacity(wanted.capacity, sizeof(pool_slot<T, Env>));
    }
    if (objects == 0 || objects > indices)
        refuse_length(
            "lfq: event_pool: capacity must be from 1 to 1,073,741,824, which its indices can "
            "name, and its objects must fit into memory");
    std::size_t held = wanted.cache_capacity;
    if (held == 0) held = std::max<std::size_t>(2, std::min<std::size_t>(1'000, objects / 8));
    if (held < 2 || (wanted.cache_capacity != 0 && held > objects))
        refuse_length("lfq: event_pool: cache_capacity must be from 2 to the capacity, or 0");
    if (wanted.caches_max == 0 || wanted.caches_max > 65'536)
        refuse_length("lfq: event_pool: caches_max must be from 1 to 65,536");
    return {objects, held / 2, wanted.caches_max};
}

template <class T, storage_policy Storage, class Env>
template <list_of<Storage> Homes, std::invocable Make>
event_pool<T, Storage, Env>::event_pool(const limits& wanted, const Homes& homes, Make make) {
    static_assert(std::same_as<std::invoke_result_t<Make&>, T>,
        "event_pool: what makes its objects must return one by value");
    const auto sizes = checked(wanted);
    row_ = sizes.row;
    const std::span<const Storage> all(homes);
    if (all.empty()) refuse_length("lfq: event_pool: there must be one home at least");
    for (const Storage& each : all) places_.emplace_back(each, sizes, this, make);
}

template <class T, storage_policy Storage, class Env>
event_pool<T, Storage, Env>::~event_pool() {
    for (place& each : places_) {
        for (const seat& one : each.seats)
            LFQ_ASSERT(!one.is_taken(), "event_pool: a cache outlives its pool");
        LFQ_ASSERT(each.home.all_are_home(), "event_pool: a handle outlives its pool");
    }
}

template <class T, storage_policy Storage, class Env>
auto event_pool<T, Storage, Env>::cache(std::size_t home) noexcept -> std::optional<cache_type> {
    static_cast<void>(at(home));
    for (seat& one : places_[home].seats) {
        if (one.begin()) return cache_type(one);
    }
    return std::nullopt;
}

template <class T, storage_policy Storage, class Env>
std::size_t event_pool<T, Storage, Env>::capacity() const noexcept {
    std::size_t all = 0;
    for (const place& each : places_) all += each.memory.capacity();
    return all;
}

template <class T, storage_policy Storage, class Env>
pool_statistics event_pool<T, Storage, Env>::place::statistics() const noexcept {
    pool_statistics all{.capacity = memory.capacity(), .given_back = home.returned()};
    for (const seat& one : seats) {
        all.given_back += one.given_back();
        all.taken += one.taken();
        all.refused += one.refused();
        all.high_water = std::max(all.high_water, one.high_water());
    }
    all.high_water = std::min(all.high_water, all.capacity);
    return all;
}

template <class T, storage_policy Storage, class Env>
pool_statistics event_pool<T, Storage, Env>::statistics() const noexcept {
    pool_statistics all;
    for (const place& each : places_) {
        const pool_statistics one = each.statistics();
        all.capacity += one.capacity;
        all.taken += one.taken;
        all.given_back += one.given_back;
        all.refused += one.refused;
        all.high_water += one.high_water;
    }
    return all;
}

}  // namespace lfq::inline LFQ_ABI
