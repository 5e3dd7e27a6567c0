// SPDX-License-Identifier: MIT
// lfq/pool/pool_home.hpp — where pooled objects are when nobody has them.
// Room: pool (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/pool/magazine_stack.hpp>
#include <lfq/pool/pool_slot.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// The objects of one region of memory: magazines that are full, magazines that are empty, and a
/// list of those that were given back one by one.
///
/// The list never grows beyond a magazine: who would make it longer puts what is there, or what it
/// brings, into an empty magazine, as a chain. So whoever takes the list takes no more than a
/// magazine, in one exchange, and nobody has to walk it.
///
/// Threads   any number.
/// Progress  lock-free.
/// Order     what was done with an object before it was given back is visible to who takes it.
template <class T, class Env>
class pool_home {
public:
    using slot = pool_slot<T, Env>;
    using magazine_type = magazine<slot, Env>;
    using entry = typename magazine_type::entry;

    struct sizes {
        std::size_t objects;
        std::size_t row;  // objects a magazine
        std::size_t caches;  // that there may be at once
    };

    /// Builds the objects in raw memory; `family` is the same for all homes of one pool.
    template <class Make>
    pool_home(slot* memory, const sizes& wanted, const void* family, Make& make);
    pool_home(const pool_home&) = delete;
    pool_home& operator=(const pool_home&) = delete;

    // Anyone, without a cache.

    /// A chain of n, at most a magazine, from `first` to `last`: one push.
    [[gnu::noinline]] void give_back(slot& first, slot& last, std::uint32_t n) noexcept;
    void give_back(slot& one) noexcept {
        one.header.comes_home();
        give_back(one, one, 1);
    }

    // Caches.

    /// Objects that were given back one by one, at most a magazine of them.
    [[nodiscard]] slot_chain take_returned() noexcept;
    [[nodiscard]] magazine_type* take_full() noexcept { return full_.pop(); }
    /// There always is one: see the constructor.
    [[nodiscard]] magazine_type& take_empty() noexcept {
        magazine_type* const one = empty_.pop();
        LFQ_ASSERT(one != nullptr, "event_pool: it lacks an empty magazine");
        return *one;
    }
    /// With a whole row, of objects that are not out.
    void keep_full(magazine_type& one) noexcept {
        full_.push(one);
        stays_here(row_);
    }
    void keep_empty(magazine_type& one) noexcept { empty_.push(one); }
    /// A chain of objects that are not out, though its cache had them.
    void keep(slot& first, slot& last, std::uint32_t n) noexcept {
        kept_.fetch_add(n, std::memory_order_relaxed);  // count
        give_back(first, last, n);
    }
    /// How many are elsewhere now, that n have left: out, in caches, or on the list.
    [[nodiscard]] std::uint64_t leave(std::size_t n) noexcept {
        return elsewhere_.fetch_add(n, std::memory_order_relaxed) + n;  // count
    }

    [[nodiscard]] slot& at(std::uint32_t index) noexcept { return slots_.first[index]; }
    [[nodiscard]] std::uint32_t index_of(const slot& one) const noexcept {
        return static_cast<std::uint32_t>(&one - slots_.first);
    }
    [[nodiscard]] std::size_t row() const noexcept { return row_; }
    [[nodiscard]] const void* family() const noexcept { return family_; }

    /// Room beside an object for the control block of a std::shared_ptr.
    struct alignas(cache_line_bytes) control_space {
        std::byte bytes[cache_line_bytes];
    };
    [[nodiscard]] control_space& control_space_of(const slot& one) noexcept {
        return *control_.at(index_of(one));
    }

    // Anyone.

    /// Given back without a cache, so far.
    [[nodiscard]] std::uint64_t returned() const noexcept;
    /// Kept in checked builds.
    [[nodiscard]] bool all_are_home() const noexcept;

private:
    // Edges (docs/design/memory_model.md):
    //   return   returned_ in give_back() → returned_ in give_back() and take_returned(): who takes
    //            a chain sees what was done with its objects, and how they are linked

    template <class U>
    using atomic = typename Env::template atomic<U>;
    using stack = magazine_stack<magazine_type, Env>;

    static constexpr std::uint64_t word_of(slot_chain chain) noexcept {
        return std::uint64_t{chain.count} << 32 | chain.first;
    }
    static constexpr slot_chain chain_of(std::uint64_t word) noexcept {
        return {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32)};
    }
    void stays_here(std::size_t n) noexcept {
        elsewhere_.fetch_sub(n, std::memory_order_relaxed);  // count
    }
    void count_returned(std::uint32_t n) noexcept {
        counted_.fetch_add(n, std::memory_order_relaxed);  // count
    }
    void keep_chain(slot_chain chain) noexcept;
    void fill() noexcept;

    // Those that are built, so that they end also when the next one throws.
    struct built {
        slot* first;
        std::size_t count = 0;
        ~built() { std::destroy_n(first, count); }
    };
    // Magazines and their rows, none on a line of its neighbour's.
    struct racks {
        // NOLINTNEXTLINE(bugprone-sizeof-expression): an entry is a pointer.
        static constexpr std::size_t entries_in_lines = cache_line_pair_bytes / sizeof(entry);

        racks(std::size_t magazines, std::size_t row);
        racks(const racks&) = delete;
        racks& operator=(const racks&) = delete;
        ~racks();
        std::size_t count;
        std::size_t stride;  // from row to row
        storage::heap::region<entry> rows;
        storage::heap::region<magazine_type> magazines;
    };

    // Read by everyone, written by nobody.
    const void* family_;
    std::size_t row_;
    built slots_;
    storage::heap::region<control_space> control_;  // not touched before it is used
    racks racks_;

    stack full_;
    stack empty_;

    // Everyone's: the objects that were given back one by one, as a chain.
    alignas(cache_line_pair_bytes) atomic<std::uint64_t> returned_{0};

    // Written by who exchanges a magazine.
    alignas(cache_line_pair_bytes) atomic<std::uint64_t> elsewhere_{0};
    atomic<std::uint64_t> counted_{0};  // left the list
    atomic<std::uint64_t> kept_{0};  // came to the list without having been out
};

template <class T, class Env>
pool_home<T, Env>::racks::racks(std::size_t all, std::size_t row)
    : count(all),
      stride((row + entries_in_lines - 1) / entries_in_lines * entries_in_lines),
      rows({}, count * stride),
      magazines({}, count) {
    std::uninitialized_value_construct_n(rows.at(0), count * stride);
    for (std::size_t i = 0; i < count; ++i) std::construct_at(magazines.at(i), rows.at(i * stride));
}

template <class T, class Env>
pool_home<T, Env>::racks::~racks() {
    std::destroy_n(magazines.at(0), count);
    std::destroy_n(rows.at(0), count * stride);
}

// Enough magazines that an empty one is there whenever it is asked for. Each cache has two. Of the
// others, those that are not empty hold half a row of objects or more; and whoever asks for one has
// as many in hand, which lie in none of these.
template <class T, class Env>
template <class Make>
pool_home<T, Env>::pool_home(slot* memory, const sizes& wanted, const void* family, Make& make)
    : family_(family),
      row_(wanted.row),
      slots_{memory},
      control_({}, wanted.objects),
      racks_(wanted.objects / ((wanted.row + 1) / 2) + 2 * wanted.caches, wanted.row),
      full_(racks_.magazines.at(0)),
      empty_(racks_.magazines.at(0)) {
    for (; slots_.count < wanted.objects; ++slots_.count)
        std::construct_at(memory + slots_.count, *this, make);
    fill();
}

// The first one taken is the one at the lowest address, and so on.
template <class T, class Env>
void pool_home<T, Env>::fill() noexcept {
    const std::size_t full = slots_.count / row_;
    for (std::size_t i = 0; i < racks_.count; ++i) {
        magazine_type& one = *racks_.magazines.at(racks_.count - 1 - i);
        if (i >= full) {
            empty_.push(one);
            continue;
        }
        slot* const lowest = slots_.first + (full - 1 - i) * row_;
        for (std::size_t k = 0; k < row_; ++k) one.row[k] = lowest + (row_ - 1 - k);
        full_.push(one);
    }
    const std::size_t left = slots_.count % row_;
    if (left == 0) return;
    slot* const first = slots_.first + full * row_;
    for (std::size_t k = 1; k < left; ++k) first[k - 1].header.set_next(index_of(first[k]));
    static_cast<void>(leave(left));
    keep(*first, first[left - 1], static_cast<std::uint32_t>(left));
}

// If both together are too long, the longer one goes away, so that every chain that leaves is
// longer than half a row.
template <class T, class Env>
void pool_home<T, Env>::give_back(slot& first, slot& last, std::uint32_t n) noexcept {
    const slot_chain mine{index_of(first), n};
    std::uint64_t word =
        returned_.load(std::memory_order_relaxed);  // hint: the compare-exchange decides
    for (;;) {
        const slot_chain there = chain_of(word);
        const bool fits = there.count + n <= row_;
        if (!fits && n >= there.count) return keep_chain(mine);
        if (fits) last.header.set_next(there.first);
        const slot_chain list{mine.first, fits ? there.count + n : n};
        // release return: pairs with the acquires. acquire return: what is taken away, here.
        if (returned_.compare_exchange_weak(
                word, word_of(list), std::memory_order_acq_rel, std::memory_order_relaxed)) {
            if (!fits) keep_chain(there);
            return;
        }
    }
}

template <class T, class Env>
void pool_home<T, Env>::keep_chain(slot_chain chain) noexcept {
    magazine_type& one = take_empty();
    one.chain_first = chain.first;
    one.chain_count = chain.count;
    full_.push(one);
    stays_here(chain.count);
    count_returned(chain.count);
}

template <class T, class Env>
slot_chain pool_home<T, Env>::take_returned() noexcept {
    // hint: a look costs the others less than an exchange.
    if (chain_of(returned_.load(std::memory_order_relaxed)).count == 0) return {};
    // acquire return: pairs with give_back().
    const slot_chain all = chain_of(returned_.exchange(0, std::memory_order_acquire));
    count_returned(all.count);
    return all;
}

template <class T, class Env>
std::uint64_t pool_home<T, Env>::returned() const noexcept {
    const std::uint64_t kept = kept_.load(std::memory_order_relaxed);  // count
    const std::uint64_t gone = counted_.load(std::memory_order_relaxed);  // count
    const std::uint64_t here = chain_of(returned_.load(std::memory_order_relaxed)).count;  // count
    return gone + here > kept ? gone + here - kept : 0;
}

template <class T, class Env>
bool pool_home<T, Env>::all_are_home() const noexcept {
    for (std::size_t i = 0; i < slots_.count; ++i) {
        if (slots_.first[i].header.is_out()) return false;
    }
    return true;
}

}  // namespace lfq::inline LFQ_ABI
