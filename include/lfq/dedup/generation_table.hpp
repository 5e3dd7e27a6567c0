// SPDX-License-Identifier: MIT
// lfq/dedup/generation_table.hpp — a set of 64-bit keys that forgets whole generations.
// Room: dedup (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/bits.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/prefetch.hpp>
#include <lfq/base/words_in_line.hpp>
#include <lfq/dedup/answers.hpp>
#include <lfq/dedup/compare.hpp>
#include <lfq/dedup/generation.hpp>
#include <lfq/policy/storage.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

namespace dedup {

/// Buckets of two lines of words. A key belongs to one bucket; its word says the rest of it and in
/// which generation it came. Words expire by themselves when the generation moves on: nobody has to
/// touch them. As stamps come round again, a flip waits until a share of the table was swept of
/// what expired, for each step of the stamps: callers do it a strip at a time, and who flips does
/// what is left.
///
/// Threads   any number, for everything.
/// Progress  lock-free; a look is wait-free.
/// Order     a key that was inserted before is found, whoever inserted it. It hands over nothing
///           else.
///
/// Why one word decides. Within a generation a word that may be replaced (0, or expired) becomes
/// one that may not, never the other way. Everybody takes the first that may; of two threads with
/// one key the second finds its compare-exchange failed, or the word of the first.
template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
class generation_table {
public:
    using generation = dedup::generation<Layout>;

    generation_table(std::size_t buckets, const Storage& storage);
    ~generation_table() { std::destroy_n(region_.at(0), buckets_); }
    generation_table(const generation_table&) = delete;
    generation_table& operator=(const generation_table&) = delete;

    [[nodiscard]] generation now() const noexcept {
        // acquire turn: pairs with turn_to(); what was swept before is gone for us too.
        return generation(turn_.load(std::memory_order_acquire));
    }

    /// `bits` into the window, or not. `current` is brought up to date where it turns out to be
    /// old.
    [[nodiscard]] answer insert(std::uint64_t bits, generation& current) noexcept;

    [[nodiscard]] bool holds(std::uint64_t bits, generation current) const noexcept {
        return look(bucket_of(bits), format::name_of(bits), current.stamp()).seen;
    }

    /// Goes on to generation `number`. Answers with the one that it is: that or a later one.
    generation turn_to(std::uint64_t number) noexcept;

    /// Sweeps one strip, if this generation's share is not done.
    void sweep_some(generation current) noexcept {
        // hint: only the newest can be moved on.
        const sweep_progress at(swept_.load(std::memory_order_relaxed));
        if (at.tag() == current.tag()) static_cast<void>(sweep(at, current));
    }

    /// Brings the first line of its bucket here.
    void prefetch(std::uint64_t bits) const noexcept { prefetch_write(&bucket_of(bits)); }

    [[nodiscard]] std::uint64_t live_approx() const noexcept;
    /// Keys that fit at most.
    [[nodiscard]] std::uint64_t capacity() const noexcept { return buckets_ * (bucket_words - 1); }
    [[nodiscard]] auto& storage() noexcept { return region_; }

private:
    // Edges (docs/design/memory_model.md):
    //   tag      a word in insert(), settle() and spill() → the same in insert(), spill() and
    //            sweep_bucket(): who sees a word of a generation sees turn_ at that generation at
    //            least, and does not take it for expired
    //   sweep    swept_ in sweep() → swept_ in turn_to(): who ends a generation has seen all of its
    //            share swept
    //   turn     turn_ in turn_to() → turn_ in now(), insert() and turn_to(): in a generation
    //            nothing is seen of what was swept before it

    template <class U>
    using atomic = typename Env::template atomic<U>;
    using format = word_format<Layout>;
    using sweep_progress = dedup::sweep_progress<Layout>;

    static constexpr std::size_t bucket_words = 2 * Layout::line_words;
    static constexpr std::size_t none = bucket_words;
    static constexpr bool by_vector = Compare::vector_bits != 0 && Layout::line_words == 8 &&
        Layout::stamp_bits == 8 && std::is_base_of_v<std_env, Env>;

    // Word 0 is no key's: the stamp of the last generation in which a key went to the second line,
    // so that most looks need the first one only. A stamp has no name and lives as long as the
    // words that it stands for.
    struct alignas(bucket_words * sizeof(std::uint64_t)) bucket {
        std::array<atomic<std::uint64_t>, bucket_words> words{};
    };

    struct found {
        bool seen;
        std::size_t place;  // the first word that may be replaced, or none
    };

    [[nodiscard]] bucket& bucket_of(std::uint64_t bits) const noexcept {
        return buckets_begin_[upper_product(bits, buckets_)];
    }
    [[nodiscard]] static words_found look_at_line(
        const atomic<std::uint64_t>* line, std::uint64_t name, std::uint64_t stamp) noexcept;
    [[nodiscard]] static found look(
        const bucket& home, std::uint64_t name, std::uint64_t stamp) noexcept;
    [[nodiscard]] bool settle(
        bucket& home, std::size_t place, std::uint64_t name, generation& current) noexcept;
    [[nodiscard]] bool spill(bucket& home, generation current) noexcept;
    [[nodiscard]] bool sweep(sweep_progress at, generation current) noexcept;
    [[nodiscard]] bool sweep_bucket(bucket& one, generation current) noexcept;

    typename Storage::template region<bucket> region_;

    // Read by everyone, written by nobody.
    bucket* buckets_begin_;
    std::size_t buckets_;
    std::uint64_t share_strips_;

    // The generation. Written by who flips, read by every call.
    alignas(cache_line_pair_bytes) atomic<std::uint64_t> turn_{0};

    // Written by who sweeps.
    alignas(cache_line_pair_bytes) atomic<std::uint64_t> swept_{0};
};

template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
generation_table<Layout, Compare, Storage, Env>::generation_table(
    std::size_t buckets, const Storage& storage)
    : region_(storage, buckets), buckets_begin_(region_.at(0)), buckets_(buckets) {
    const std::uint64_t strips = (buckets + Layout::strip_buckets - 1) / Layout::strip_buckets;
    share_strips_ = (strips + Layout::shares - 1) / Layout::shares;
    for (std::size_t i = 0; i < buckets; ++i) std::construct_at(region_.at(i));
}

template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
answer generation_table<Layout, Compare, Storage, Env>::insert(
    std::uint64_t bits, generation& current) noexcept {
    bucket& home = bucket_of(bits);
    const std::uint64_t name = format::name_of(bits);
    bool stood = false;  // our word was there, and somebody may have seen it
    for (;;) {
        const auto [seen, place] = look(home, name, current.stamp());
        if (seen) return answer::seen;
        std::uint64_t old = 0;
        if (place != none) {
            // acquire tag: pairs with insert() and settle().
            old = home.words[place].load(std::memory_order_acquire);
            if (format::live(old, current.stamp())) continue;  // changed since
        }
        // What looked expired may be of a generation that we have not heard of. Who wrote it had.
        // acquire turn: pairs with turn_to().
        const generation newest(turn_.load(std::memory_order_acquire));
        if (newest != current) {
            current = newest;
            continue;
        }
        if (place == none) return stood ? answer::fresh : answer::full;
        if (place >= Layout::line_words && !spill(home, current)) continue;
        // total: stands before the load in settle(), which tells why; it is the release of the edge
        // tag, too. hint: where it fails somebody wrote here, and we look again.
        if (home.words[place].compare_exchange_strong(old, name | current.stamp(),
                std::memory_order_seq_cst, std::memory_order_relaxed)) {
            if (settle(home, place, name, current)) return answer::fresh;
            stood = true;
        }
    }
}

// A word counts from when its generation was still the present one behind it. If flips went by in
// between it gets another stamp; if it was taken for expired meanwhile, it is gone: false.
template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
bool generation_table<Layout, Compare, Storage, Env>::settle(
    bucket& home, std::size_t place, std::uint64_t name, generation& current) noexcept {
    std::uint64_t mine = name | current.stamp();
    for (;;) {
        // total: either this sees the flips before a sweep, or that sweep sees the word. Without,
        // both could miss: the word is written late with an old stamp (in our store buffer), we
        // read the old generation; others flip, sweep the place and find nothing; rounds later the
        // word comes to life again.
        const generation newest(turn_.load(std::memory_order_seq_cst));
        if (newest == current) return true;
        current = newest;
        if (place >= Layout::line_words && !spill(home, current)) continue;
        const std::uint64_t again = name | current.stamp();
        // total: as in insert(). hint: where it fails the word is lost.
        if (!home.words[place].compare_exchange_strong(
                mine, again, std::memory_order_seq_cst, std::memory_order_relaxed)) {
            return false;
        }
        mine = again;
    }
}

// Says that the second line has a key of this generation, before it has. False: the generation is
// over.
template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
bool generation_table<Layout, Compare, Storage, Env>::spill(
    bucket& home, generation current) noexcept {
    // acquire tag: pairs with the release below.
    std::uint64_t last = home.words[0].load(std::memory_order_acquire);
    while (last != current.stamp()) {
        // It must not replace that of a later generation.
        // own: no older than what the writer of `last` had seen.
        if (turn_.load(std::memory_order_relaxed) != current.bits()) return false;
        // release tag: pairs with the load above. acquire tag: also where it fails.
        if (home.words[0].compare_exchange_strong(
                last, current.stamp(), std::memory_order_release, std::memory_order_acquire)) {
            return true;
        }
    }
    return true;
}

template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
auto generation_table<Layout, Compare, Storage, Env>::look(
    const bucket& home, std::uint64_t name, std::uint64_t stamp) noexcept -> found {
    constexpr unsigned all = (1U << Layout::line_words) - 1;
    const words_found first = look_at_line(home.words.data(), name, stamp);
    if ((first.same & ~1U) != 0) return {true, none};
    const unsigned room = all & ~first.live & ~1U;
    const std::size_t place = static_cast<std::size_t>(std::countr_zero(room));
    if (room != 0 && (first.live & 1U) == 0) [[likely]]
        return {false, place};
    const words_found second = look_at_line(&home.words[Layout::line_words], name, stamp);
    if (second.same != 0) return {true, none};
    if (room != 0) return {false, place};
    const unsigned last_room = all & ~second.live;
    if (last_room == 0) return {false, none};
    return {false, Layout::line_words + static_cast<std::size_t>(std::countr_zero(last_room))};
}

template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
words_found generation_table<Layout, Compare, Storage, Env>::look_at_line(
    const atomic<std::uint64_t>* line, std::uint64_t name, std::uint64_t stamp) noexcept {
    if constexpr (by_vector) {
        return words_in_line(line, name, stamp, static_cast<unsigned>(format::ages_live));
    } else {
        // Written out word by word: as a loop it is half again as many instructions.
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            // hint: what is found is so for who comes after it was written; what is replaced is
            // read again.
            const std::array words{line[I].load(std::memory_order_relaxed)...};
            const unsigned live =
                ((static_cast<unsigned>(format::live(words[I], stamp)) << I) | ...);
            const unsigned same =
                ((static_cast<unsigned>(format::named(words[I], name)) << I) | ...);
            return words_found{live & same, live};
        }
        (std::make_index_sequence<Layout::line_words>{});
    }
}

// Flips and sweeps.

template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
auto generation_table<Layout, Compare, Storage, Env>::turn_to(std::uint64_t number) noexcept
    -> generation {
    generation current = now();
    while (current.number() < number) {
        const generation next = current.at(number);
        // acquire sweep: pairs with sweep(); it is no older than the flip to `current`.
        const sweep_progress at(swept_.load(std::memory_order_acquire));
        if (current.steps_to(at.tag()) < current.steps_to(next.tag())) {
            if (!sweep(at, current)) current = now();
            continue;
        }
        std::uint64_t bits = current.bits();
        // release turn: pairs with now(). acquire turn: where it fails, somebody else flipped.
        if (turn_.compare_exchange_strong(
                bits, next.bits(), std::memory_order_release, std::memory_order_acquire)) {
            current = next;
        } else {
            current = generation(bits);
        }
    }
    return current;
}

// Any number of threads may sweep one strip; the first to be done moves on. False: the generation
// is over.
template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
bool generation_table<Layout, Compare, Storage, Env>::sweep(
    sweep_progress at, generation current) noexcept {
    // total: stands before the loads in sweep_bucket(), see settle().
    if (turn_.load(std::memory_order_seq_cst) != current.bits()) return false;
    const std::uint64_t first = at.strip(share_strips_) * Layout::strip_buckets;
    const std::uint64_t end = std::min<std::uint64_t>(first + Layout::strip_buckets, buckets_);
    for (std::uint64_t i = first; i < end; ++i) {
        if (!sweep_bucket(buckets_begin_[i], current)) return false;
    }
    std::uint64_t bits = at.bits();
    // release sweep: pairs with turn_to(). own on failure: others were faster.
    static_cast<void>(swept_.compare_exchange_strong(
        bits, at.next(share_strips_).bits(), std::memory_order_release, std::memory_order_relaxed));
    return true;
}

template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
bool generation_table<Layout, Compare, Storage, Env>::sweep_bucket(
    bucket& one, generation current) noexcept {
    for (std::size_t i = 0; i < bucket_words; ++i) {
        // total: see settle(); it is the acquire of the edge tag, too.
        std::uint64_t word = one.words[i].load(std::memory_order_seq_cst);
        if (word == 0 || format::live(word, current.stamp())) continue;
        // Expired, or of a generation that we have not heard of, as in insert().
        // own: no older than what the writer of the word had seen.
        if (turn_.load(std::memory_order_relaxed) != current.bits()) return false;
        // own: it may be used again, before as after. On failure somebody did.
        static_cast<void>(one.words[i].compare_exchange_strong(
            word, 0, std::memory_order_relaxed, std::memory_order_relaxed));
    }
    return true;
}

template <class Layout, compare_policy Compare, storage_policy Storage, class Env>
std::uint64_t generation_table<Layout, Compare, Storage, Env>::live_approx() const noexcept {
    constexpr std::size_t looks_max = 1024;
    const std::size_t looks = std::min(buckets_, looks_max);
    const std::uint64_t stamp = now().stamp();
    std::uint64_t live = 0;
    for (std::size_t b = 0; b < looks; ++b) {
        for (std::size_t i = 1; i < bucket_words; ++i) {
            // count
            const std::uint64_t word = buckets_begin_[b].words[i].load(std::memory_order_relaxed);
            live += static_cast<std::uint64_t>(format::live(word, stamp));
        }
    }
    return live * buckets_ / looks;
}

}  // namespace dedup

}  // namespace lfq::inline LFQ_ABI
