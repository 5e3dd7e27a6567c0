// SPDX-License-Identifier: MIT
// lfq/ring/lossy_broadcast_ring.hpp — one writer that never waits, and readers that may miss some.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/join_at.hpp>
#include <lfq/ring/lossy_positions.hpp>
#include <lfq/ring/lossy_reader.hpp>
#include <lfq/ring/push_verbs.hpp>
#include <lfq/ring/racy_slot.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/slot_array.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Shows the newest values to any number of readers; the writer overwrites the oldest and never
/// waits. A reader that was overrun learns how many values it missed.
///
/// Threads   one writer; any number of readers, which come and go as they like; observers anywhere.
///           The writer's side may move to another thread if the hand-over happens-before (checked
///           builds look).
/// Progress  the writer: wait-free, and it writes nothing that depends on who reads, but under
///           wait::park, where it wakes who sleeps. Readers: lock-free; pop waits as Wait says.
/// Order     what the writer wrote before a push is visible to who reads the value. A value that is
///           read is whole. Bytes of padding are copied along, whatever they hold.
/// Memory    slots belong to Storage, each of whole words of 8; nothing is allocated later. The
///           newest capacity() values are kept, but for an eighth of them, at least one, that may
///           be overwritten next.
/// Failure   empty and closed are answers that leave the argument untouched. Nothing is full. What
///           building an element throws leaves the ring as it was. Construction may throw
///           length_error, bad_alloc or system_error.
/// Pick      news, prices, positions of things: the newest counts, and the writer must not wait.
/// Avoid     nothing may be missed: broadcast_ring. Values that are not trivially copyable, or so
///           large that copying them word by word counts.
/// Example   docs/snippets/lossy_broadcast_ring.cpp
///
/// try_push, try_emplace, try_push_n, push and push_for come from push_verbs.hpp; push is try_push
/// here.
/// There is no claim(): readers may be copying the slot, so a value is written in atomic words, and
/// not in place. There is no peek() and no consume(): no value stays while it is looked at.
/// There is no doorbell (fd, arm): a bell wakes one thread, and a value is for every reader. The
/// ring has no drained(): it does not know its readers.
///
/// Algorithm: a seqlock (Boehm, 2012) with one counter for a whole eighth of the ring, raised
/// before any of it is overwritten, instead of one in each slot.
template <class T, storage_policy Storage = storage::heap, wait_policy Wait = wait::backoff,
    class Env = std_env>
class lossy_broadcast_ring
    : public push_verbs<lossy_broadcast_ring<T, Storage, Wait, Env>, T, Wait> {
    static_assert(std::is_trivially_copyable_v<T>,
        "an element of lossy_broadcast_ring is copied while it is overwritten, so it must be "
        "trivially copyable: broadcast_ring takes any type");
    static_assert(crowd_wait<Wait>,
        "several readers wait for one lossy_broadcast_ring, and this wait wakes one thread only: "
        "take wait::park, backoff, slip or spin");

public:
    using reader = lossy_reader<lossy_broadcast_ring, T, Wait>;

    /// Room for `capacity` values, rounded up to a power of two.
    explicit lossy_broadcast_ring(std::size_t capacity, const Storage& storage = {},
        const Wait& wait = {}) requires(!fixed_storage<Storage>)
        : slots_(storage, capacity), waiter_(wait) {
        begin_slots();
    }

    /// The capacity is the storage's.
    explicit lossy_broadcast_ring(const Wait& wait = {}) requires fixed_storage<Storage>
        : slots_({}, Storage::fixed_capacity), waiter_(wait) {
        begin_slots();
    }

    lossy_broadcast_ring(const lossy_broadcast_ring&) = delete;
    lossy_broadcast_ring& operator=(const lossy_broadcast_ring&) = delete;
    /// No thread may be inside a call, and no reader may be used any more.
    ~lossy_broadcast_ring() { slots_.destroy(Env::first_position, capacity()); }

    // Producer side.

    /// No more values will come. Wakes all readers. Who sees it closed sees all that was before.
    void close() noexcept {
        const sole_caller::visit inside(positions_.producer(), producer_role);
        positions_.close();
        waiter_.ended();
    }

    // Consumer side, any thread.

    /// A reader that begins with the next value, or with the oldest that is kept.
    [[nodiscard]] reader join(join_at where) noexcept {
        // The floor first: it is behind the tail.
        const position oldest = positions_.oldest();
        return reader(*this, where == join_at::oldest ? oldest : positions_.published());
    }

    // Anyone.

    /// What is kept: what a reader that joins at the oldest could read. Of two positions read one
    /// after the other: exact while nobody pushes, and never above capacity().
    [[nodiscard]] std::size_t size_approx() const noexcept {
        const position oldest = positions_.oldest();
        return static_cast<std::size_t>(
            std::min<position>(positions_.tail_hint() - oldest, capacity()));
    }
    [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }
    [[nodiscard]] bool closed() const noexcept { return positions_.closed(); }

    /// consumed is what is not kept any more, and never above published. Readers count for
    /// themselves: refused_pops and high_water are 0.
    [[nodiscard]] ring_statistics statistics() const noexcept;
    [[nodiscard]] const auto& storage() const noexcept { return slots_.storage(); }

private:
    friend push_verbs<lossy_broadcast_ring, T, Wait>;
    friend waiting_verbs<lossy_broadcast_ring, Wait>;
    friend reader;

    using position = std::uint64_t;
    using slot = racy_slot<T, Env>;

    static constexpr std::size_t ahead_bytes = 512;  // as in lone_producer.hpp
    static constexpr const char* producer_role = "lossy_broadcast_ring, writer's side";

    // Read by everyone, written by nobody.
    slot_array<slot, Storage> slots_;
    [[no_unique_address]] typename Wait::template waiter<Env, wait::sleepers::many> waiter_;

    // The edges are in lossy_positions.hpp, published_positions.hpp and racy_slot.hpp.
    lossy_positions<Env> positions_;

    void begin_slots() noexcept {
        for (std::size_t i = 0; i != capacity(); ++i) std::construct_at(slots_.at(i));
    }
    [[nodiscard]] auto& its_waiter() noexcept { return waiter_; }
    [[nodiscard]] position give_position() const noexcept { return positions_.tail(); }
    void refused_push() noexcept { positions_.refused_push(); }

    template <class... Args>
    [[nodiscard]] wait::turn give(Args&&... args);
    [[nodiscard]] std::size_t give_n(std::span<const T> values) noexcept;
    void publish(position tail) noexcept {
        positions_.publish(tail);
        waiter_.published();
    }
};

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class... Args>
wait::turn lossy_broadcast_ring<T, Storage, Wait, Env>::give(Args&&... args) {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    if constexpr (std::is_nothrow_constructible_v<T, Args...>) {
        if (positions_.room(1, capacity()) == 0) [[unlikely]]
            return wait::turn::over;
        const position tail = positions_.tail();
        slots_.template fetch_ahead<ahead_bytes>(tail);
        slots_.at(tail)->write(T(std::forward<Args>(args)...));
        publish(tail + 1);
        return wait::turn::done;
    } else {
        // Built before anything is given up for it.
        if (closed()) return wait::turn::over;
        return give(T(std::forward<Args>(args)...));
    }
}

// Published step by step: at once, a batch as long as the ring would overrun every reader.
template <class T, storage_policy Storage, wait_policy Wait, class Env>
std::size_t lossy_broadcast_ring<T, Storage, Wait, Env>::give_n(
    std::span<const T> values) noexcept {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    std::size_t written = 0;
    while (written != values.size()) {
        const std::size_t wanted = std::min(values.size() - written, positions_.step(capacity()));
        if (positions_.room(wanted, capacity()) == 0) {
            refused_push();
            break;
        }
        const position tail = positions_.tail();
        for (std::size_t i = 0; i != wanted; ++i) {
            slots_.template fetch_ahead<ahead_bytes>(tail + i);
            slots_.at(tail + i)->write(values[written + i]);
        }
        publish(tail + wanted);
        written += wanted;
    }
    return written;
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
ring_statistics lossy_broadcast_ring<T, Storage, Wait, Env>::statistics() const noexcept {
    ring_statistics now;
    now.consumed = positions_.oldest() - Env::first_position;
    now.published = positions_.tail_hint() - Env::first_position;
    now.refused_pushes = positions_.refused_pushes();
    return now;
}

}  // namespace lfq::inline LFQ_ABI
