// SPDX-License-Identifier: MIT
// lfq/pool/pool_slot.hpp — one pooled object, and what its pool needs beside it.
// Room: pool (floor 3). Reads: base.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace lfq::inline LFQ_ABI {

template <class T, class Env>
class pool_home;

/// 16 bytes in front of each object.
template <class T, class Env>
class slot_header {
public:
    explicit slot_header(pool_home<T, Env>& home) noexcept : home_(&home) {}

    /// Where it is given back to, for ever.
    [[nodiscard]] pool_home<T, Env>& home() const noexcept { return *home_; }

    // Whoever has the object alone: a unique handle, or a chain on its way home.

    [[nodiscard]] std::uint32_t next() const noexcept {
        return word_.load(std::memory_order_relaxed);  // own: chains come with an edge of their own
    }
    void set_next(std::uint32_t index) noexcept {
        word_.store(index, std::memory_order_relaxed);  // own: chains leave with one
    }
    void begin_sharing() noexcept {
        word_.store(1, std::memory_order_relaxed);  // own: the first of its shared handles
    }

    // Whoever has a share of it.

    void add_share() noexcept {
        // own: who copies a handle has one, so the object stays.
        word_.fetch_add(1, std::memory_order_relaxed);
    }
    /// True: it was the last share, and the caller has the object alone.
    [[nodiscard]] bool drop_share() noexcept {
        // acquire last: pairs with the release below. The only share needs no read-modify-write.
        if (word_.load(std::memory_order_acquire) == 1) return true;
        // release last: pairs with the acquires here. acquire last: what the others did.
        return word_.fetch_sub(1, std::memory_order_acq_rel) == 1;
    }

    // Checked builds.

    void goes_out() noexcept {
        LFQ_ASSERT(moves_to(out), "event_pool: an object was taken that is out already");
    }
    void comes_home() noexcept {
        LFQ_ASSERT(moves_to(at_home), "event_pool: an object was given back twice");
    }
    [[nodiscard]] bool is_out() const noexcept {
        // own: who asks has the object.
        return state_.load(std::memory_order_relaxed) == out;
    }

private:
    // Edges (docs/design/memory_model.md):
    //   last   word_ in drop_share() → word_ in drop_share(): who has the last share sees what the
    //          others did

    static constexpr std::uint32_t at_home = 0;
    static constexpr std::uint32_t out = 1;

    [[nodiscard]] bool moves_to(std::uint32_t state) noexcept {
        // hint: it watches for misuse and must order nothing, or it would hide a race.
        return state_.exchange(state, std::memory_order_relaxed) != state;
    }

    pool_home<T, Env>* home_;
    // Out and shared: how many handles. On its way home: the index of the next one of its chain.
    typename Env::template atomic<std::uint32_t> word_{0};
    // Kept in checked builds; in others it fills what alignment would leave empty.
    typename Env::template atomic<std::uint32_t> state_{at_home};
};

template <class T, class Env>
struct pool_slot {
    /// The value is built where it stays, so it needs no move.
    template <class Make>
    pool_slot(pool_home<T, Env>& home, Make& make) : header(home), value(make()) {}

    slot_header<T, Env> header;
    T value;

    /// The slot that a value stands in.
    [[nodiscard]] static pool_slot& of(T& value) noexcept {
        constexpr std::size_t before =
            (sizeof(slot_header<T, Env>) + alignof(T) - 1) / alignof(T) * alignof(T);
        return *reinterpret_cast<pool_slot*>(
            reinterpret_cast<std::byte*>(std::addressof(value)) - before);
    }
};

/// Objects in a row, linked by their headers. Whoever has one has all of its objects alone.
struct slot_chain {
    std::uint32_t first = 0;  // an index; means nothing while the count is 0
    std::uint32_t count = 0;
};

}  // namespace lfq::inline LFQ_ABI
