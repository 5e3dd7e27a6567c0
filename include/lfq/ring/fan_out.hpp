// SPDX-License-Identifier: MIT
// lfq/ring/fan_out.hpp — one producer, many workers: a ring for each.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/lone_counter.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Spreads the values of one producer over workers, each with an spsc_ring of its own: to one
/// worker, by key, or in turn.
///
/// Threads   one producer; one consumer a worker, which pops from worker(i).
/// Progress  try_ verbs: wait-free, at most workers() looks. push_to and push_by wait as Wait says.
/// Order     first in, first out for each worker; so all values of one key stay in order.
/// Memory    the workers' rings, at construction.
/// Failure   full and closed are answers, and the argument stays untouched. A worker that is behind
///           fills its own ring only. Construction throws std::length_error, std::bad_alloc or
///           std::system_error.
/// Pick      one thread deals out work, and the order within a key matters.
/// Avoid     every worker must see every value: broadcast_ring.
/// Example   docs/snippets/fan_out.cpp
template <class T, storage_policy Storage = storage::heap, wait_policy Wait = wait::backoff,
    class Env = std_env>
class fan_out {
public:
    using value_type = T;
    using ring = spsc_ring<T, Storage, Wait, Env>;

    /// A ring of `capacity_each` values, rounded up to a power of two, for each of `workers`
    /// workers.
    fan_out(std::size_t workers, std::size_t capacity_each, const Storage& storage = {},
        const Wait& wait = {}) requires(!fixed_storage<Storage>);

    /// The capacity is the storage's.
    explicit fan_out(std::size_t workers, const Wait& wait = {}) requires fixed_storage<Storage>;

    fan_out(const fan_out&) = delete;
    fan_out& operator=(const fan_out&) = delete;

    // Producer side.

    /// False: that worker's ring is full or closed, and the value is untouched.
    [[nodiscard]] bool try_push_to(
        std::size_t worker, const T& value) requires std::copy_constructible<T> {
        return ring_of(worker).try_push(value);
    }
    [[nodiscard]] bool try_push_to(std::size_t worker, T&& value) {
        return ring_of(worker).try_push(std::move(value));
    }

    /// To the worker of the key: equal keys, equal worker. False: its ring is full or closed.
    [[nodiscard]] bool try_push_by(
        std::uint64_t key, const T& value) requires std::copy_constructible<T> {
        return try_push_to(worker_of(key), value);
    }
    [[nodiscard]] bool try_push_by(std::uint64_t key, T&& value) {
        return try_push_to(worker_of(key), std::move(value));
    }

    /// To the next worker in turn, skipping those that are full once round. False: all are full or
    /// closed.
    [[nodiscard]] bool try_push(const T& value) requires std::copy_constructible<T> {
        return deal(value);
    }
    [[nodiscard]] bool try_push(T&& value) { return deal(std::move(value)); }

    /// Waits for room in that worker's ring. False: closed, and the value is untouched.
    bool push_to(std::size_t worker, const T& value) requires std::copy_constructible<T> {
        return ring_of(worker).push(value);
    }
    bool push_to(std::size_t worker, T&& value) { return ring_of(worker).push(std::move(value)); }

    /// The same for the worker of the key.
    bool push_by(std::uint64_t key, const T& value) requires std::copy_constructible<T> {
        return push_to(worker_of(key), value);
    }
    bool push_by(std::uint64_t key, T&& value) { return push_to(worker_of(key), std::move(value)); }

    /// No more values will come to any worker.
    void close() noexcept {
        for (ring& each : rings_.built) each.close();
    }

    // Consumer side.

    /// The worker's own ring, with all its verbs. The producer may use its side too: to claim, to
    /// push many, or to wait with a deadline.
    [[nodiscard]] ring& worker(std::size_t worker) noexcept { return ring_of(worker); }

    // Anyone.

    [[nodiscard]] std::size_t workers() const noexcept { return rings_.built.size(); }

    /// The worker of a key.
    [[nodiscard]] std::size_t worker_of(std::uint64_t key) const noexcept;

    /// The values in all rings; never above capacity().
    [[nodiscard]] std::size_t size_approx() const noexcept;
    [[nodiscard]] bool empty_approx() const noexcept { return size_approx() == 0; }

    /// Of all rings together; worker(i).capacity() is that of one.
    [[nodiscard]] std::size_t capacity() const noexcept {
        return workers() * rings_.built.front().capacity();
    }

    [[nodiscard]] bool closed() const noexcept {
        return std::ranges::all_of(rings_.built, [](const ring& each) { return each.closed(); });
    }

    /// All closed and all popped.
    [[nodiscard]] bool drained() const noexcept {
        return std::ranges::all_of(rings_.built, [](const ring& each) { return each.drained(); });
    }

    /// The sums over all workers; high_water is the highest of one worker. A try_push that found a
    /// worker in turn counts no refusal, one that found none counts one.
    [[nodiscard]] ring_statistics statistics() const noexcept;

private:
    template <class Value>
    [[nodiscard]] bool deal(Value&& value);
    [[nodiscard]] ring& ring_of(std::size_t worker) noexcept {
        LFQ_ASSERT(worker < workers(), "fan_out: there is no such worker");
        return rings_.built[worker];
    }
    static std::size_t checked_workers(std::size_t workers) {
        // A negative number turned unsigned must not fill the memory first.
        if (workers == 0 || workers > static_cast<std::size_t>(PTRDIFF_MAX) / sizeof(ring)) {
            refuse_length("lfq::fan_out: there must be at least one worker, and all must fit");
        }
        return workers;
    }

    // Rings do not move, so each is built where it stays. Those that were built are destroyed, also
    // when the next one throws.
    struct row {
        typename storage::heap::region<ring> memory;
        std::span<ring> built;

        explicit row(std::size_t workers) : memory({}, checked_workers(workers)) {}
        ~row() { std::ranges::destroy(built); }

        template <class... Recipe>
        void add(const Recipe&... recipe) {
            std::construct_at(memory.at(built.size()), recipe...);
            built = {memory.at(0), built.size() + 1};
        }
    };

    row rings_;  // written by the constructor only

    // The producer's own; observers read the count.
    alignas(cache_line_pair_bytes) typename Env::template plain<std::size_t> next_{0};
    lone_counter<Env> refused_;
};

template <class T, storage_policy Storage, wait_policy Wait, class Env>
fan_out<T, Storage, Wait, Env>::fan_out(std::size_t workers, std::size_t capacity_each,
    const Storage& storage, const Wait& wait) requires(!fixed_storage<Storage>)
    : rings_(workers) {
    while (rings_.built.size() != workers) rings_.add(capacity_each, storage, wait);
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
fan_out<T, Storage, Wait, Env>::fan_out(
    std::size_t workers, const Wait& wait) requires fixed_storage<Storage> : rings_(workers) {
    while (rings_.built.size() != workers) rings_.add(wait);
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Value>
bool fan_out<T, Storage, Wait, Env>::deal(Value&& value) {
    for (std::size_t looked = 0; looked != workers(); ++looked) {
        ring& turn = rings_.built[next_];
        next_ = next_ + 1 == workers() ? 0 : next_ + 1;
        // A refused value is untouched, so it may be offered to the next.
        if (turn.give(std::forward<Value>(value)) == wait::turn::done) return true;
    }
    refused_.add_one();
    return false;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
std::size_t fan_out<T, Storage, Wait, Env>::worker_of(std::uint64_t key) const noexcept {
    // Fibonacci hashing spreads keys that differ in any bits; the high half then picks a worker
    // without a division.
    const std::uint64_t spread = (key * 0x9E3779B97F4A7C15u) >> 32;
    return static_cast<std::size_t>((spread * workers()) >> 32);
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
std::size_t fan_out<T, Storage, Wait, Env>::size_approx() const noexcept {
    std::size_t sum = 0;
    for (const ring& each : rings_.built) sum += each.size_approx();
    return sum;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
ring_statistics fan_out<T, Storage, Wait, Env>::statistics() const noexcept {
    ring_statistics sum;
    sum.refused_pushes = refused_.read();
    for (const ring& each : rings_.built) {
        const ring_statistics one = each.statistics();
        sum.published += one.published;
        sum.consumed += one.consumed;
        sum.refused_pushes += one.refused_pushes;
        sum.refused_pops += one.refused_pops;
        sum.skipped += one.skipped;
        sum.high_water = std::max(sum.high_water, one.high_water);
    }
    return sum;
}

}  // namespace lfq::inline LFQ_ABI
