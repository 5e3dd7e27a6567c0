// SPDX-License-Identifier: MIT
// lfq/ring/stamped_slot.hpp — a slot that says itself whose value it holds.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <new>

namespace lfq::inline LFQ_ABI {

/// Raw memory for one value, and the stamp of the claim that filled or abandoned it.
///
/// Positions count modulo 2^63: the top bit means "closed" in a ring's tail and "abandoned" in a stamp. A stamp is the
/// position of its claim plus one, so one written in an earlier lap is never taken for one of this lap.
template <class T, class Env>
class stamped_slot {
public:
    using position = std::uint64_t;

    static constexpr position top_bit = position{1} << 63;
    [[nodiscard]] static constexpr position wrapped(position at) noexcept { return at & ~top_bit; }

    enum class state : std::uint8_t {
        unfinished,  // not claimed in this lap, or the claim is not finished
        built,
        skipped,  // the claim was abandoned
    };

    /// As if it had been filled by the claim of `left_by`, and popped.
    explicit stamped_slot(position left_by) noexcept : stamp_(wrapped(left_by + 1)) {}

    [[nodiscard]] T* value() noexcept { return std::launder(reinterpret_cast<T*>(bytes_)); }

    // The producer that claimed the slot.

    void publish(position at) noexcept {
        // release publish: pairs with look().
        stamp_.store(wrapped(at + 1), std::memory_order_release);
    }

    void abandon(position at) noexcept {
        // release publish: pairs with look(). Whatever was built here was destroyed before.
        stamp_.store(wrapped(at + 1) | top_bit, std::memory_order_release);
    }

    // The consumer.

    [[nodiscard]] state look(position at) const noexcept {
        // acquire publish: pairs with publish() and abandon().
        const position stamp = stamp_.load(std::memory_order_acquire);
        if (stamp == wrapped(at + 1)) [[likely]] return state::built;
        return stamp == (wrapped(at + 1) | top_bit) ? state::skipped : state::unfinished;
    }

private:
    typename Env::template atomic<position> stamp_;
    alignas(T) std::byte bytes_[sizeof(T)];
};

}  // namespace lfq::inline LFQ_ABI
