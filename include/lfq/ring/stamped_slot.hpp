// SPDX-License-Identifier: MIT
// lfq/ring/stamped_slot.hpp — a slot that says itself whose value it holds.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/ring/shared_positions.hpp>

#include <cstddef>
#include <cstdint>
#include <new>

namespace lfq::inline LFQ_ABI {

/// Raw memory for one value, and the stamp of the claim that filled or abandoned it.
///
/// A stamp is the position of its claim plus one, so one written in an earlier lap is never taken
/// for one of this lap. Its top bit means abandoned.
template <class T, class Env>
class stamped_slot {
public:
    using position = std::uint64_t;

    enum class state : std::uint8_t {
        unfinished,  // not claimed in this lap, or the claim is not finished
        built,
        skipped,  // the claim was abandoned
    };

    /// As if it had been filled by the claim of `left_by`, and popped.
    explicit stamped_slot(position left_by) noexcept : stamp_(wrapped_position(left_by + 1)) {}

    /// Where the value is to be built.
    [[nodiscard]] T* place() noexcept { return reinterpret_cast<T*>(bytes_); }

    /// The value that was built.
    [[nodiscard]] T* value() noexcept { return std::launder(reinterpret_cast<T*>(bytes_)); }

    // The producer that claimed the slot.

    void publish(position at) noexcept {
        // release publish: pairs with look().
        stamp_.store(wrapped_position(at + 1), std::memory_order_release);
    }

    void abandon(position at) noexcept {
        // release publish: pairs with look(). Whatever was built here was destroyed before.
        stamp_.store(wrapped_position(at + 1) | position_top_bit, std::memory_order_release);
    }

    // The consumer.

    [[nodiscard]] state look(position at) const noexcept {
        // acquire publish: pairs with publish() and abandon().
        const position stamp = stamp_.load(std::memory_order_acquire);
        if (stamp == wrapped_position(at + 1)) [[likely]]
            return state::built;
        return stamp == (wrapped_position(at + 1) | position_top_bit) ? state::skipped
                                                                      : state::unfinished;
    }

private:
    // Edges (docs/design/memory_model.md):
    //   publish  stamp_ in publish() and abandon() → stamp_ in look(): a built value reaches the
    //            consumer

    typename Env::template atomic<position> stamp_;
    alignas(T) std::byte bytes_[sizeof(T)];
};

}  // namespace lfq::inline LFQ_ABI
