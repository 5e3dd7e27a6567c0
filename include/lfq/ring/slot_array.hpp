// SPDX-License-Identifier: MIT
// lfq/ring/slot_array.hpp — the slots of a ring, found by position.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/bits.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/prefetch.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/policy/storage.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// A storage region addressed by positions, which count up and wrap into it.
template <class Slot, storage_policy Storage>
class slot_array {
public:
    using position = std::uint64_t;
    using region = typename Storage::template region<Slot>;

    /// Slots may be copied as bytes, and written where they are before they are published.
    static constexpr bool bytewise = std::is_trivially_copyable_v<Slot> && region::contiguous;

    /// At least `wanted` slots, a power of two of them. Throws std::length_error when there is no
    /// such number.
    slot_array(const Storage& storage, std::size_t wanted)
        : region_(storage, checked_capacity(wanted)) {}

    [[nodiscard]] std::size_t capacity() const noexcept { return region_.capacity(); }
    [[nodiscard]] const region& storage() const noexcept { return region_; }

    [[nodiscard]] std::size_t index(position at) const noexcept {
        return static_cast<std::size_t>(at) & (capacity() - 1);
    }
    [[nodiscard]] Slot* at(position at) noexcept { return region_.at(index(at)); }

    /// n slots from a position on: two spans, the second empty unless they wrap; in mirrored
    /// storage it always is.
    [[nodiscard]] std::array<std::span<Slot>, 2> spans(position from, std::size_t n) noexcept
        requires(Storage::template region<Slot>::contiguous) {
        if constexpr (mirrored_storage<Storage>) {
            return {std::span<Slot>(at(from), n)};
        } else {
            const std::size_t first = std::min(n, capacity() - index(from));
            return {std::span<Slot>(at(from), first), std::span<Slot>(region_.at(0), n - first)};
        }
    }

    /// Copies values to the slots from a position on, as bytes.
    template <class Env>
    void copy_in(position from, std::span<const Slot> values) noexcept requires bytewise {
        const auto [near, wrapped] = spans(from, values.size());
        if (!near.empty()) Env::copy_in(near.data(), values.data(), near.size_bytes());
        // Not asked of `wrapped`: g++ then warns of a second part of one value.
        if (near.size() < values.size())
            Env::copy_in(wrapped.data(), values.data() + near.size(), wrapped.size_bytes());
    }
    /// The same the other way.
    template <class Env>
    void copy_out(position from, std::span<Slot> values) noexcept requires bytewise {
        const auto [near, wrapped] = spans(from, values.size());
        if (!near.empty()) Env::copy_out(values.data(), near.data(), near.size_bytes());
        if (near.size() < values.size())
            Env::copy_out(values.data() + near.size(), wrapped.data(), wrapped.size_bytes());
    }

    /// Builds values in the slots from a position on: copies of const ones, else moved ones. None
    /// may throw.
    template <class Source>
    void build(position from, std::span<Source> values) noexcept {
        for (Source& value : values) {
            if constexpr (std::is_const_v<Source>) {
                std::construct_at(at(from++), value);
            } else {
                std::construct_at(at(from++), std::move(value));
            }
        }
    }

    void destroy(position from, std::size_t n) noexcept {
        if constexpr (!std::is_trivially_destructible_v<Slot>) {
            for (std::size_t i = 0; i < n; ++i) std::destroy_at(at(from + i));
        }
    }

    /// n slots from a position on were written: a storage with two views makes them agree.
    void settle(position from, std::size_t n) noexcept requires overrun_storage<Storage> {
        region_.settle(index(from), n);
    }

    /// For a producer that writes slot after slot: fetches the lines of a slot `AheadBytes`
    /// further, once a line.
    template <std::size_t AheadBytes>
    void fetch_ahead(position from) noexcept {
        constexpr std::size_t ahead = std::max<std::size_t>(1, AheadBytes / sizeof(Slot));
        if ((from & (per_line - 1)) != 0) return;
        const auto* const first = reinterpret_cast<const std::byte*>(at(from + ahead));
        for (std::size_t line = 0; line < lines; ++line)
            prefetch_write(first + line * cache_line_bytes);
    }

    /// The same for one that writes n slots at once, which share lines; in small rings, an eighth
    /// of the ring further.
    template <std::size_t AheadBytes>
    void fetch_ahead(position from, std::size_t n) noexcept {
        static_assert(cache_line_bytes % sizeof(Slot) == 0);
        const std::size_t ahead = std::min(AheadBytes / sizeof(Slot), capacity() / 8);
        const position first = from + ahead;
        position line = (first + per_line - 1) & ~position{per_line - 1};
        for (; line - first < std::min(n, ahead); line += per_line) prefetch_write(at(line));
    }

private:
    static constexpr std::size_t per_line =
        std::bit_floor(std::max<std::size_t>(1, cache_line_bytes / sizeof(Slot)));
    static constexpr std::size_t lines =
        std::min<std::size_t>(8, (sizeof(Slot) + cache_line_bytes - 1) / cache_line_bytes);

    static std::size_t checked_capacity(std::size_t wanted) {
        const std::size_t capacity = power_of_two_capacity(wanted, sizeof(Slot));
        if (capacity == 0)
            refuse_length(
                "lfq: a ring's capacity must be at least 1, and its slots must fit into memory");
        return capacity;
    }

    region region_;
};

}  // namespace lfq::inline LFQ_ABI
