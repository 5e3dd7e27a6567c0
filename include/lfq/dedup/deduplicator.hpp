// SPDX-License-Identifier: MIT
// lfq/dedup/deduplicator.hpp — has this key been here lately? In fixed memory, for many threads.
// Room: dedup (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/base/sip_hash.hpp>
#include <lfq/dedup/answers.hpp>
#include <lfq/dedup/compare.hpp>
#include <lfq/dedup/generation.hpp>
#include <lfq/dedup/generation_table.hpp>
#include <lfq/dedup/key_bits.hpp>
#include <lfq/dedup/striped_tally.hpp>
#include <lfq/policy/storage.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lfq::inline LFQ_ABI {

/// Remembers keys for a window, and tells which come for the first time.
///
/// Threads   any number, for everything.
/// Progress  lock-free; contains() is wait-free but for a flip. A call that finds its generation
///           over sweeps up to 1/96 of the table for each that ends, 9 at most; any other up to 4
///           buckets.
/// Order     calls with one key of which one happens before the other: the second one sees it.
///           Calls at once: one of them is fresh; beside a flip it may be two. Nothing else is
///           handed over by an answer.
/// Memory    all of it at construction: 32 bytes for a key of the window.
/// Failure   construction throws std::length_error or what the storage throws. full is an answer:
///           the key was not seen, and is not kept. A thread that stands still inside a call for
///           two windows may have a key, or a line of them, forgotten early when it goes on.
/// Pick      events carry an identity and may come twice, from several threads.
/// Avoid     every repetition must be found however late, or keys must be taken out again.
/// Example   examples/10_deduplicate.cpp
template <class Key, storage_policy Storage = storage::heap,
    compare_policy Compare = compare::scalar, class Env = std_env>
class deduplicator {
    static_assert(dedup::row_key<Key> || dedup::value_key<Key>,
        "deduplicator: a key is an integer, a string, a row of such, or a struct without padding; "
        "hash what is none of these and pass the std::uint64_t");
    static_assert(!fixed_storage<Storage>,
        "deduplicator: the window says how large the table is, so storage::inplace cannot");

public:
    using key_type = Key;
    using answer = dedup::answer;

    /// At least the last `keys` keys that were fresh, less up to 64 for each thread that stands
    /// inside a call: see dedup::by_count.
    explicit deduplicator(dedup::by_count window, const Storage& storage = {}, hash_seed seed = {});

    /// At least what came within `window` before now, in the caller's unit of time.
    explicit deduplicator(dedup::by_time window, const Storage& storage = {}, hash_seed seed = {});

    deduplicator(const deduplicator&) = delete;
    deduplicator& operator=(const deduplicator&) = delete;

    // Anyone. With a window of time `now` goes into every call; a time before that of another call
    // counts as that.

    [[nodiscard]] answer insert_if_new(const Key& key, std::uint64_t now) noexcept {
        expect_time();
        return insert(key, generation_at(now));
    }
    [[nodiscard]] answer insert_if_new(const Key& key) noexcept {
        expect_no_time();
        return insert(key, table_.now());
    }

    /// Many at once, in their order: answers[i] is that of keys[i]. Their cache lines are fetched
    /// meanwhile.
    dedup::tally insert_if_new_n(
        std::span<const Key> keys, std::uint64_t now, std::span<answer> answers) noexcept {
        expect_time();
        return insert_n(keys, answers, generation_at(now));
    }
    dedup::tally insert_if_new_n(std::span<const Key> keys, std::span<answer> answers) noexcept {
        expect_no_time();
        return insert_n(keys, answers, table_.now());
    }

    /// Only looks; but with a window of time `now` moves that on, as with an insertion.
    [[nodiscard]] bool contains(const Key& key, std::uint64_t now) noexcept {
        expect_time();
        return table_.holds(dedup::bits_of(key, seed_), generation_at(now));
    }
    [[nodiscard]] bool contains(const Key& key) const noexcept {
        expect_no_time();
        return table_.holds(dedup::bits_of(key, seed_), table_.now());
    }

    /// Keys that the table has words for. About a third of them may be live at once without `full`
    /// being heard of.
    [[nodiscard]] std::uint64_t capacity() const noexcept { return table_.capacity(); }
    [[nodiscard]] dedup::statistics statistics() const noexcept;

    /// What the storage policy made of the table.
    [[nodiscard]] auto& storage() noexcept { return table_.storage(); }

private:
    using layout = dedup::table_layout;
    using table = dedup::generation_table<layout, Compare, Storage, Env>;
    using generation = typename table::generation;
    using tallies = dedup::striped_tally<Env>;

    // Of a batch, so many lines are fetched ahead.
    static constexpr std::size_t ahead = 16;

    [[nodiscard]] static std::size_t buckets_for(std::size_t keys);
    [[nodiscard]] static std::uint64_t length_of(dedup::by_count window) noexcept;
    [[nodiscard]] static std::uint64_t length_of(dedup::by_time window);

    // So many fresh keys are counted apart before everyone hears of them: a 512th of a generation
    // at most, so that all that is kept back is little beside a generation.
    static constexpr std::size_t chunk_max = 64;
    [[nodiscard]] static constexpr std::uint64_t chunk_of(std::size_t keys) noexcept {
        const std::uint64_t most = keys / layout::generations / 512;
        return std::bit_floor(std::clamp<std::uint64_t>(most, 1, chunk_max));
    }

    void expect_time() const noexcept {
        LFQ_ASSERT(!counts_, "deduplicator: a window of keys takes no time with a call");
    }
    void expect_no_time() const noexcept {
        LFQ_ASSERT(counts_, "deduplicator: a window of time takes the time with every call");
    }

    [[nodiscard]] generation generation_at(std::uint64_t now) noexcept {
        const generation current = table_.now();
        // One comparison: a time before this generation is a huge difference.
        if (now - current.number() * length_ < length_) [[likely]]
            return current;
        return table_.turn_to(std::min(now / length_, generation::number_max));
    }

    [[nodiscard]] answer insert(const Key& key, generation current) noexcept;
    dedup::tally insert_n(
        std::span<const Key> keys, std::span<answer> answers, generation current) noexcept;
    generation count(const dedup::tally& more, generation current) noexcept;

    // Read by everyone, written by nobody.
    hash_seed seed_;
    bool counts_;  // a window of keys
    std::uint64_t length_;  // of a generation, in time or in keys
    std::size_t at_once_;  // keys of a batch that are counted together

    table table_;
    tallies tallies_;
};

template <class Key, storage_policy Storage, compare_policy Compare, class Env>
deduplicator<Key, Storage, Compare, Env>::deduplicator(
    dedup::by_count window, const Storage& storage, hash_seed seed)
    : seed_(seed),
      counts_(true),
      length_(length_of(window)),
      at_once_(chunk_of(window.keys)),
      table_(buckets_for(window.keys), storage),
      tallies_(chunk_of(window.keys)) {}

template <class Key, storage_policy Storage, compare_policy Compare, class Env>
deduplicator<Key, Storage, Compare, Env>::deduplicator(
    dedup::by_time window, const Storage& storage, hash_seed seed)
    : seed_(seed),
      counts_(false),
      length_(length_of(window)),
      at_once_(chunk_max),
      table_(buckets_for(window.keys), storage),
      tallies_(tallies::never) {}

template <class Key, storage_policy Storage, compare_policy Compare, class Env>
std::size_t deduplicator<Key, Storage, Compare, Env>::buckets_for(std::size_t keys) {
    constexpr std::size_t keys_a_bucket = 4;  // of 15: full is hardly ever heard of
    constexpr auto keys_max = static_cast<std::size_t>(PTRDIFF_MAX) / 128 * keys_a_bucket;
    if (keys == 0) refuse_length("lfq: deduplicator: keys of the window must be at least 1");
    if (keys > keys_max)
        refuse_length("lfq: deduplicator: keys of the window: no memory can be addressed for them");
    return std::max(layout::buckets_min, (keys - 1) / keys_a_bucket + 1);
}

// What stripes and batches keep back comes on top. What threads that stand before a flip have
// inserted besides is not in it: a chunk each, as dedup::by_count says.
template <class Key, storage_policy Storage, compare_policy Compare, class Env>
std::uint64_t deduplicator<Key, Storage, Compare, Env>::length_of(dedup::by_count window) noexcept {
    const std::uint64_t kept_back = 2 * tallies::stripes * (chunk_of(window.keys) - 1);
    const std::uint64_t whole = window.keys + kept_back;
    return whole / layout::generations +
        static_cast<std::uint64_t>(whole % layout::generations != 0);
}

template <class Key, storage_policy Storage, compare_policy Compare, class Env>
std::uint64_t deduplicator<Key, Storage, Compare, Env>::length_of(dedup::by_time window) {
    if (window.window == 0) refuse_length("lfq: deduplicator: a window of time must be at least 1");
    return (window.window - 1) / layout::generations + 1;
}

template <class Key, storage_policy Storage, compare_policy Compare, class Env>
auto deduplicator<Key, Storage, Compare, Env>::insert(const Key& key, generation current) noexcept
    -> answer {
    const answer one = table_.insert(dedup::bits_of(key, seed_), current);
    dedup::tally more;
    more.add(one);
    static_cast<void>(count(more, current));
    return one;
}

template <class Key, storage_policy Storage, compare_policy Compare, class Env>
dedup::tally deduplicator<Key, Storage, Compare, Env>::insert_n(
    std::span<const Key> keys, std::span<answer> answers, generation current) noexcept {
    LFQ_ASSERT(answers.size() >= keys.size(),
        "deduplicator: insert_if_new_n wants room for an answer to every key");
    std::array<std::uint64_t, ahead> bits;
    const auto fetch = [&](std::size_t i) {
        bits[i % ahead] = dedup::bits_of(keys[i], seed_);
        table_.prefetch(bits[i % ahead]);
    };
    for (std::size_t i = 0; i < std::min(keys.size(), ahead); ++i) fetch(i);
    dedup::tally all;
    for (std::size_t i = 0; i < keys.size();) {
        dedup::tally some;
        for (const std::size_t end = std::min(i + at_once_, keys.size()); i < end; ++i) {
            answers[i] = table_.insert(bits[i % ahead], current);
            some.add(answers[i]);
            if (i + ahead < keys.size()) fetch(i + ahead);
        }
        current = count(some, current);
        all.add(some);
    }
    return all;
}

// Fresh keys make the time of a window of keys; and who brings them sweeps.
template <class Key, storage_policy Storage, compare_policy Compare, class Env>
auto deduplicator<Key, Storage, Compare, Env>::count(
    const dedup::tally& more, generation current) noexcept -> generation {
    const auto [announced, sixteenth] = tallies_.add(more);
    if (sixteenth) table_.sweep_some(current);
    return announced == 0 ? current : generation_at(announced);
}

template <class Key, storage_policy Storage, compare_policy Compare, class Env>
dedup::statistics deduplicator<Key, Storage, Compare, Env>::statistics() const noexcept {
    const dedup::tally all = tallies_.sum();
    return {all.fresh, all.seen, all.full, table_.now().number(), table_.live_approx(), capacity()};
}

}  // namespace lfq::inline LFQ_ABI
