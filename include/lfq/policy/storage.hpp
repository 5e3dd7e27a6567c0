// SPDX-License-Identifier: MIT
// lfq/policy/storage.hpp — where a ring's slots live: the concept and its models.
// Room: policy (floor 2). Reads: base, sys.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/sys/page_mapping.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <new>

namespace lfq::inline LFQ_ABI {

namespace storage {

/// Stands for any slot where the concept below asks about regions.
struct any_slot {
    std::byte bytes[16];
};

}  // namespace storage

/// A recipe for memory. A ring keeps `Storage::region<Slot>`, built from the recipe; its slots are
/// raw memory, and the ring alone begins and ends lifetimes in it.
///
///   expression                          meaning
///   region(recipe, capacity)            raw memory for `capacity` slots, of a ring a power of two;
///                                       throws std::bad_alloc or std::system_error
///   region.at(index) -> Slot*           the slot of an index below capacity()
///   region.capacity() -> std::size_t    at least as asked for, and a power of two if that was
///   region::contiguous -> bool          at(i + 1) == at(i) + 1, so slots may be seen as spans
///
/// Some hold more than that (storage_mirrored.hpp):
///
///   region::overrun -> bool             at(index) is valid below 2 * capacity(), contiguous too
///   region::mirrored -> bool            of these: slot i + capacity() is slot i
///   region::settle(index, n)            the producer wrote n slots from at(index) on: makes both
///                                       views agree
template <class Storage>
concept storage_policy = std::copy_constructible<Storage> &&
    requires(const Storage& recipe, typename Storage::template region<storage::any_slot>& region) {
    typename Storage::template region<storage::any_slot>;
    requires std::constructible_from < typename Storage::template region<storage::any_slot>,
    const Storage&, std::size_t > ;
    { region.at(std::size_t{}) } -> std::same_as<storage::any_slot*>;
    { region.capacity() } -> std::same_as<std::size_t>;
    { region.contiguous } -> std::convertible_to<bool>;
};

/// A storage in which n slots from any index below the capacity lie in one piece.
template <class Storage>
concept overrun_storage = storage_policy<Storage> &&
    requires(typename Storage::template region<storage::any_slot>& region) {
    requires Storage::template region<storage::any_slot>::overrun;
    region.settle(std::size_t{}, std::size_t{});
};

/// One in which what lies behind the capacity is the beginning again.
template <class Storage>
concept mirrored_storage = overrun_storage<Storage> && requires {
    requires Storage::template region<storage::any_slot>::mirrored;
};

/// A storage that knows its capacity: its rings are built without one.
template <class Storage>
concept fixed_storage = storage_policy<Storage> && requires {
    { Storage::fixed_capacity } -> std::convertible_to<std::size_t>;
};

namespace storage {

/// Does        keeps the slots inside the ring object itself.
/// Costs       nothing; the capacity is a constant to the compiler.
/// Needs       N, a power of two.
/// Pick when   the capacity is known and small, or nothing may be allocated.
/// Avoid when  the ring would be a large local variable.
template <std::size_t N>
struct inplace {
    static_assert(std::has_single_bit(N), "storage::inplace<N>: N must be a power of two");

    static constexpr std::size_t fixed_capacity = N;

    template <class Slot>
    class region {
    public:
        static constexpr bool contiguous = true;

        region(const inplace&, std::size_t) noexcept {}
        region(const region&) = delete;
        region& operator=(const region&) = delete;

        [[nodiscard]] Slot* at(std::size_t index) noexcept {
            // Bytes begin the lifetime of an array in them; its elements may come and go.
            return *std::launder(reinterpret_cast<Slot(*)[N]>(bytes_)) + index;
        }
        [[nodiscard]] static constexpr std::size_t capacity() noexcept { return N; }

    private:
        // Alone on its pairs of lines, whatever the ring puts beside it.
        alignas(Slot) alignas(cache_line_pair_bytes) std::byte bytes_[N * sizeof(Slot)];
    };
};

/// Does        takes the slots from operator new, aligned to whole pairs of cache lines. The
///             default.
/// Costs       one allocation at construction; pages are touched when they are first used, by rings
///             that stamp every slot (mpsc_ring, spsc_slot_ring) at construction.
/// Needs       –
/// Pick when   in doubt.
/// Avoid when  the ring is many megabytes and hot: huge saves address translation.
struct heap {
    template <class Slot>
    class region {
    public:
        static constexpr bool contiguous = true;

        region(const heap&, std::size_t capacity)
            : slots_(allocate(capacity)), capacity_(capacity) {}
        region(const region&) = delete;
        region& operator=(const region&) = delete;
        ~region() { ::operator delete(slots_, alignment); }

        [[nodiscard]] Slot* at(std::size_t index) noexcept { return slots_ + index; }
        [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

    private:
        static constexpr std::align_val_t alignment{
            alignof(Slot) > cache_line_pair_bytes ? alignof(Slot) : cache_line_pair_bytes};

        static Slot* allocate(std::size_t capacity) {
            // NOLINTNEXTLINE(bugprone-sizeof-expression): a slot may well be a pointer.
            void* memory = ::operator new(capacity * sizeof(Slot), alignment, std::nothrow);
            if (memory == nullptr) refuse_memory();
            return static_cast<Slot*>(memory);
        }

        Slot* slots_;
        std::size_t capacity_;
    };
};

/// Does        maps the slots on huge pages of 2 MiB; falls back to ordinary pages, which the
///             kernel may still merge.
/// Costs       one or two system calls at construction; at least 2 MiB of address space.
/// Needs       reserved huge pages (vm.nr_hugepages) for the best result; storage().page_bytes()
///             tells what came.
/// Pick when   the ring is large and its slots are walked all the time.
/// Avoid when  there are many small rings.
struct huge {
    template <class Slot>
    class region {
    public:
        static constexpr bool contiguous = true;
        static_assert(alignof(Slot) <= sys::page_mapping::huge_page_bytes,
            "storage::huge: an element is aligned to one huge page, 2 MiB, at most");

        region(const huge&, std::size_t capacity)
            : mapping_(sys::page_mapping::huge(capacity * sizeof(Slot))), capacity_(capacity) {}
        region(const region&) = delete;
        region& operator=(const region&) = delete;

        [[nodiscard]] Slot* at(std::size_t index) noexcept {
            return static_cast<Slot*>(mapping_.data()) + index;
        }
        [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

        /// The size of the pages that were had: 2 MiB, or an ordinary page after the fall-back.
        [[nodiscard]] std::size_t page_bytes() const noexcept { return mapping_.page_bytes(); }

    private:
        sys::page_mapping mapping_;
        std::size_t capacity_;
    };
};

}  // namespace storage

}  // namespace lfq::inline LFQ_ABI
