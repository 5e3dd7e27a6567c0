// SPDX-License-Identifier: MIT
// lfq/policy/storage_mirrored.hpp — storages in which what wraps lies in one piece.
// Room: policy (floor 2). Reads: base, sys.
#pragma once

#include <lfq/base/bits.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/sys/mirrored_mapping.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace lfq::inline LFQ_ABI::storage {

/// Does        maps the slots twice in a row: slot i and slot i + capacity() are the same bytes, so
///             slots that wrap are one span, for one write or one send.
/// Costs       about ten system calls, two mappings and twice the addresses; a page at least, so
///             capacity() may be more than was asked for. No descriptor is kept.
/// Needs       memfd_create (Linux); trivially copyable elements. Memory that is short ends the
///             process: when a page is first used, or here if touch is at_once. ThreadSanitizer and
///             the model checker see addresses: they miss races between the two views.
/// Pick when   bytes or values are written or sent in batches that must not be cut at the wrap.
/// Avoid when  elements are handed over one by one, or there are many small rings.
struct mirrored {
    /// huge: reserved pages of 2 MiB, all of them had at once; ordinary ones where there are none
    /// (storage().page_bytes() tells).
    enum class page_choice : std::uint8_t { ordinary, huge };
    using page_touch = sys::page_touch;

    page_choice pages = page_choice::ordinary;
    page_touch touch = page_touch::on_use;

    template <class Slot>
    class region {
    public:
        static constexpr bool contiguous = true;
        static constexpr bool overrun = true;
        static constexpr bool mirrored = true;
        // Atomics count as trivially copyable, but cannot be copied at all.
        static_assert(std::is_trivially_copyable_v<Slot> && std::is_move_constructible_v<Slot>,
            "storage::mirrored: two addresses are one element, so it must be trivially copyable");
        static_assert(alignof(Slot) <= 4096,
            "storage::mirrored: an element is aligned to one page, 4 KiB, at most");

        region(const storage::mirrored& recipe, std::size_t capacity)
            : capacity_(whole_pages(recipe, capacity)),
              mapping_(map(recipe, capacity_ * sizeof(Slot))) {}
        region(const region&) = delete;
        region& operator=(const region&) = delete;

        /// Of an index below 2 * capacity().
        [[nodiscard]] Slot* at(std::size_t index) noexcept {
            return static_cast<Slot*>(mapping_.data()) + index;
        }
        /// At least as asked for: whole pages.
        [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

        /// The producer wrote n slots from at(index) on: makes both views agree. The hardware has
        /// done it.
        static void settle(std::size_t, std::size_t) noexcept {}

        /// The size of the pages that were had: 2 MiB, or an ordinary page.
        [[nodiscard]] std::size_t page_bytes() const noexcept { return mapping_.page_bytes(); }

    private:
        using mapping = sys::mirrored_mapping;

        static std::size_t whole_pages(const storage::mirrored& recipe, std::size_t wanted);
        static mapping map(const storage::mirrored& recipe, std::size_t bytes) {
            return recipe.pages == page_choice::huge ? mapping::huge(bytes, recipe.touch)
                                                     : mapping::ordinary(bytes, recipe.touch);
        }

        std::size_t capacity_;
        mapping mapping_;
    };
};

/// Does        takes twice the slots from operator new: slots that begin below capacity() may run
///             on behind it in one piece. Slot i + capacity() is another memory than slot i.
/// Costs       twice the memory; of the second half, only what is written is ever touched.
/// Needs       a reader that looks for a slot where it was written: message_ring does so.
/// Pick when   mirrored memory is refused: no memfd_create, or no more mappings.
/// Avoid when  storage::mirrored can be had.
struct spill {
    template <class Slot>
    class region {
    public:
        static constexpr bool contiguous = true;
        static constexpr bool overrun = true;
        static constexpr bool mirrored = false;

        region(const spill&, std::size_t capacity)
            : slots_(heap{}, doubled(capacity)), capacity_(capacity) {}

        /// Of an index below 2 * capacity().
        [[nodiscard]] Slot* at(std::size_t index) noexcept { return slots_.at(index); }
        [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

        /// The producer wrote n slots from at(index) on: there is one view only, and it agrees.
        static void settle(std::size_t, std::size_t) noexcept {}

    private:
        static std::size_t doubled(std::size_t capacity) {
            if (capacity > static_cast<std::size_t>(PTRDIFF_MAX) / 2 / sizeof(Slot))
                refuse_length("lfq: storage::spill takes twice the slots, which must fit");
            return 2 * capacity;
        }

        heap::region<Slot> slots_;
        std::size_t capacity_;
    };
};

// A power of two of slots fills whole pages once it brings the factors of two that the size of a
// slot lacks.
template <class Slot>
std::size_t mirrored::region<Slot>::whole_pages(
    const storage::mirrored& recipe, std::size_t wanted) {
    const std::size_t page_bytes =
        recipe.pages == page_choice::huge ? mapping::huge_page_bytes : mapping::granule();
    const std::size_t brought = std::min(page_bytes, sizeof(Slot) & (~sizeof(Slot) + 1));
    const std::size_t capacity =
        power_of_two_capacity(std::max(wanted, page_bytes / brought), sizeof(Slot));
    if (wanted == 0 || capacity == 0)
        refuse_length("lfq: storage::mirrored has at least 1 slot, and its slots must fit");
    return capacity;
}

}  // namespace lfq::inline LFQ_ABI::storage
