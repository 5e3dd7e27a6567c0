// SPDX-License-Identifier: MIT
// lfq/ring/message_stamps.hpp — which messages of a shared ring are finished, beside their bytes.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/prefetch.hpp>
#include <lfq/base/set_up.hpp>

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace lfq::inline LFQ_ABI {

/// One stamp for each word of a ring. That of a record's first word says in which lap the record
/// was finished, what it is and how long; the others are not looked at. Stamps lie beside the
/// bytes, so no payload can look like one and nobody has to clear anything.
///
/// Threads   finish: whoever claimed the words; look: the consumer.
/// Progress  wait-free.
/// Order     finish → look: the record's bytes come with it.
///
/// An old stamp is taken for a new one only if its word begins no record for 2^n laps, where n is
/// what the length leaves of 62 bits, at least 30: not within 2^59 words.
template <class Env>
class message_stamps {
public:
    using position = std::uint64_t;

    enum class state : std::uint8_t {
        skipped,  // the claim was abandoned, or this is what it left over
        message,
        short_message,  // what its claim left over is a skipped record right behind
        unfinished,
    };
    struct record {
        state what;
        std::size_t bytes;  // of the message, or to skip
    };

    /// For a power of two of words, none of which is finished before `first`; lengths up to
    /// `bytes_max`, below 2^32.
    message_stamps(std::size_t words, position first, std::size_t bytes_max)
        : lap_shift_(std::countr_zero(words)),
          length_bits_(static_cast<int>(std::bit_width(bytes_max))),
          stamps_(new (std::nothrow) stamp[words]) {
        if (stamps_ == nullptr) refuse_memory();
        // own: nobody else is there yet.
        for (std::size_t i = 0; i < words; ++i)
            stamps_[i].store(stamp_of(first - words, 0, state::skipped), std::memory_order_relaxed);
    }

    void finish(position at, std::size_t bytes, state what) noexcept {
        // release publish: pairs with look().
        stamp_at(at).store(stamp_of(at, bytes, what), std::memory_order_release);
    }

    /// For the words that a short message leaves over, before it is finished: they come with it.
    void leave_over(position at, std::size_t bytes) noexcept {
        // own: the publish edge of the message before it makes it visible.
        stamp_at(at).store(stamp_of(at, bytes, state::skipped), std::memory_order_relaxed);
    }

    /// For who is likely to finish what is there.
    void fetch(position at) const noexcept { prefetch_write(&stamp_at(at)); }

    [[nodiscard]] record look(position at) const noexcept {
        // acquire publish: pairs with finish().
        const std::uint64_t found = stamp_at(at).load(std::memory_order_acquire);
        if ((found ^ stamp_of(at, 0, state::skipped)) >> (length_bits_ + kind_bits) != 0)
            return {state::unfinished, 0};
        return {static_cast<state>(found >> length_bits_ & kinds),
            static_cast<std::size_t>(found & ((std::uint64_t{1} << length_bits_) - 1))};
    }

private:
    // Edges (docs/design/memory_model.md):
    //   publish  a stamp in finish() → the same in look(): the record is written

    using stamp = typename Env::template atomic<std::uint64_t>;

    [[nodiscard]] std::size_t index(position at) const noexcept {
        return static_cast<std::size_t>(at & ((position{1} << lap_shift_) - 1));
    }
    [[nodiscard]] stamp& stamp_at(position at) noexcept { return stamps_[index(at)]; }
    [[nodiscard]] const stamp& stamp_at(position at) const noexcept { return stamps_[index(at)]; }
    // Lap, kind, length; of a lap that needs more bits than there are, the lower ones.
    [[nodiscard]] std::uint64_t stamp_of(
        position at, std::size_t bytes, state what) const noexcept {
        const auto kind = static_cast<std::uint64_t>(what);
        return at >> lap_shift_ << (length_bits_ + kind_bits) | kind << length_bits_ | bytes;
    }

    static constexpr int kind_bits = 2;
    static constexpr std::uint64_t kinds = 3;

    int lap_shift_;
    int length_bits_;
    std::unique_ptr<stamp[]> stamps_;
};

}  // namespace lfq::inline LFQ_ABI
