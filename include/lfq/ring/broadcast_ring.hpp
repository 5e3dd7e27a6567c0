// SPDX-License-Identifier: MIT
// lfq/ring/broadcast_ring.hpp — a bounded ring from one writer to every one of its readers.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/broadcast_positions.hpp>
#include <lfq/ring/broadcast_reader.hpp>
#include <lfq/ring/join_at.hpp>
#include <lfq/ring/lone_producer.hpp>
#include <lfq/ring/push_verbs.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/slot_array.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace lfq::inline LFQ_ABI {

/// Shows every value to every reader, in order and in place; the writer waits for the slowest.
///
/// Threads   one writer; a reader for each thread that calls join(); observers anywhere. The
///           writer's side may move to another thread if the hand-over happens-before (checked
///           builds look).
/// Progress  try_ verbs, claim, join: wait-free; two looks at each seat at most, if it seems full.
///           push waits as Wait says. A reader that neither reads nor leaves stops the writer.
/// Order     what the writer wrote before a push is visible to who reads the value. "full" is not
///           answered while no reader holds a slot whose freeing happens-before the push, but for
///           the moment in which one joins.
/// Memory    slots belong to Storage, two lines a seat to the heap; nothing is allocated later. A
///           value lives until the writer needs its slot, or the ring ends.
/// Failure   full, closed, and that all seats are taken, are answers; arguments stay untouched.
///           What building an element throws leaves the values that readers hold as they were.
///           Construction may throw length_error, bad_alloc or system_error.
/// Pick      every thread must see everything: stages of a pipeline, replicas, a log beside work.
/// Avoid     a reader may be slow and the writer must not be: lossy_broadcast_ring. Each value is
///           for one of several threads: fan_out.
/// Example   docs/snippets/broadcast_ring.cpp
///
/// try_push, try_emplace, try_push_n, push and push_for come from push_verbs.hpp, claim and close
/// from lone_producer.hpp: they are the same on every ring with one producer. Without a reader the
/// writer is never held back. Readers look at a value at the same time, so what its const members
/// do must be safe for that.
/// There is no doorbell (fd, arm): a bell wakes one thread, and a value is for every reader.
/// high_water is not kept: the writer looks at the readers only when the ring seems full or one
/// joins, and how much was there at once each reader knows for itself only.
///
/// Algorithm: a sequencer with gating readers, as in LMAX's Disruptor (2011); readers come and go
/// by a floor that the writer raises before it overwrites.
template <class T, storage_policy Storage = storage::heap, wait_policy Wait = wait::backoff,
    class Env = std_env>
class broadcast_ring : public push_verbs<broadcast_ring<T, Storage, Wait, Env>, T, Wait>,
                       public lone_producer<broadcast_ring<T, Storage, Wait, Env>> {
    static_assert(crowd_wait<Wait>,
        "several readers wait for one broadcast_ring, and this wait wakes one thread only: take "
        "wait::park, backoff, slip or spin");

public:
    using reader = broadcast_reader<broadcast_ring, T, Wait>;
    using typename lone_producer<broadcast_ring>::claimed;

    static constexpr std::size_t default_readers = 8;

    /// Room for `capacity` values, rounded up to a power of two, and for so many readers at once.
    explicit broadcast_ring(std::size_t capacity, const Storage& storage = {},
        const Wait& wait = {},
        std::size_t readers_max = default_readers) requires(!fixed_storage<Storage>)
        : slots_(storage, capacity), waiter_(wait), positions_(readers_max) {}

    /// The capacity is the storage's.
    explicit broadcast_ring(const Wait& wait = {},
        std::size_t readers_max = default_readers) requires fixed_storage<Storage>
        : slots_({}, Storage::fixed_capacity), waiter_(wait), positions_(readers_max) {}

    broadcast_ring(const broadcast_ring&) = delete;
    broadcast_ring& operator=(const broadcast_ring&) = delete;
    /// Destroys what is kept. Every reader must have left.
    ~broadcast_ring();

    // Consumer side, any thread.

    /// A reader that begins with the next value, or with the oldest that is kept: of the last
    /// capacity() values all but the oldest eighth, or one if that is less than one, are, and more
    /// while nobody writes; less what a claim has been granted. It is false when each seat was
    /// taken as it was looked at, one after the other: one that is left behind the look is missed,
    /// so who knows that a reader leaves just now asks again.
    [[nodiscard]] reader join(join_at where) noexcept;

    // Anyone.

    /// What the slowest reader has not read yet, 0 without one; never above capacity().
    [[nodiscard]] std::size_t size_approx() const noexcept {
        return positions_.size_approx(capacity());
    }
    [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }

    [[nodiscard]] std::size_t readers_approx() const noexcept;
    [[nodiscard]] std::size_t readers_max() const noexcept {
        return positions_.seats().all().size();
    }
    [[nodiscard]] bool closed() const noexcept { return positions_.closed(); }

    /// Closed, and every reader that is there has read every value. Who sees it sees what they did.
    [[nodiscard]] bool drained() const noexcept { return positions_.drained(); }

    /// consumed is at most what the slowest reader has read, or published without one; refused_pops
    /// counts those of all readers; high_water is not kept, and 0.
    [[nodiscard]] ring_statistics statistics() const noexcept;
    [[nodiscard]] const auto& storage() const noexcept { return slots_.storage(); }

private:
    friend push_verbs<broadcast_ring, T, Wait>;
    friend waiting_verbs<broadcast_ring, Wait>;
    friend lone_producer<broadcast_ring>;
    friend claimed;
    friend reader;

    using env = Env;
    using position = std::uint64_t;
    using positions = broadcast_positions<Env>;

    static constexpr bool contiguous = Storage::template region<T>::contiguous;
    static constexpr bool bytewise = slot_array<T, Storage>::bytewise;
    static constexpr bool has_destructor = !std::is_trivially_destructible_v<T>;
    static constexpr const char* producer_role = "broadcast_ring, writer's side";

    // Read by everyone, written by nobody.
    slot_array<T, Storage> slots_;
    [[no_unique_address]] typename Wait::template waiter<Env, wait::sleepers::many> waiter_;

    // The edges are in broadcast_positions.hpp, published_positions.hpp and reader_seats.hpp.
    positions positions_;

    // The writer's own: the oldest value that is not destroyed yet.
    typename Env::template plain<position> oldest_{Env::first_position};

    [[nodiscard]] auto& its_waiter() noexcept { return waiter_; }
    [[nodiscard]] position give_position() const noexcept { return positions_.tail(); }
    void refused_push() noexcept { positions_.refused_push(); }
    void publish(position tail) noexcept {
        positions_.publish(tail);
        waiter_.published();
    }
    [[nodiscard]] T* place(position at) noexcept { return slots_.at(at); }
    void destroy(position from, std::size_t n) noexcept { slots_.destroy(from, n); }
    void make_way(std::size_t n) noexcept;
};

template <class T, storage_policy Storage, wait_policy Wait, class Env>
broadcast_ring<T, Storage, Wait, Env>::~broadcast_ring() {
    LFQ_ASSERT(readers_approx() == 0, "broadcast_ring: it ends while a reader has not left");
    if constexpr (has_destructor)
        slots_.destroy(oldest_, static_cast<std::size_t>(positions_.tail() - oldest_));
}

// Destroys the values whose slots are needed: nobody holds them, nor can come to.
template <class T, storage_policy Storage, wait_policy Wait, class Env>
void broadcast_ring<T, Storage, Wait, Env>::make_way(std::size_t n) noexcept {
    if constexpr (has_destructor) {
        const auto kept = static_cast<std::size_t>(positions_.tail() - oldest_);
        if (kept + n <= capacity()) return;
        const std::size_t ended = kept + n - capacity();
        slots_.destroy(oldest_, ended);
        oldest_ = oldest_ + ended;
    }
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
auto broadcast_ring<T, Storage, Wait, Env>::join(join_at where) noexcept -> reader {
    position head = 0;
    reader_seat<Env>* const seat = positions_.join(where, head);
    if (seat == nullptr) return {};
    // The seat may have held more than it does now, for a moment in which the writer fell asleep.
    waiter_.freed();
    return reader(*this, {positions_, seat, head});
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
std::size_t broadcast_ring<T, Storage, Wait, Env>::readers_approx() const noexcept {
    std::size_t taken = 0;
    for (const reader_seat<Env>& each : positions_.seats().all()) taken += each.taken() ? 1U : 0U;
    return taken;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
ring_statistics broadcast_ring<T, Storage, Wait, Env>::statistics() const noexcept {
    ring_statistics now;
    // In this order: what is published meanwhile is not taken for read.
    now.published = positions_.tail_hint() - Env::first_position;
    now.consumed = now.published - std::min<std::uint64_t>(size_approx(), now.published);
    now.refused_pushes = positions_.refused_pushes();
    for (const reader_seat<Env>& each : positions_.seats().all())
        now.refused_pops += each.refused_pops();
    return now;
}

}  // namespace lfq::inline LFQ_ABI
