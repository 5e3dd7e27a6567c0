// SPDX-License-Identifier: MIT
// bench/contestants/sets.hpp — sets that say whether a key is new: lfq's, and what one takes
// without it. offer() answers how many of some keys were.
#pragma once

#include "harness/question.hpp"

#include <lfq/dedup/deduplicator.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <unordered_set>
#include <utility>

#if LFQ_BENCH_HAS_TBB
#include <tbb/concurrent_unordered_set.h>
#endif
#if LFQ_BENCH_HAS_BOOST_FLAT_SET
#include <boost/unordered/concurrent_flat_set.hpp>
#endif

namespace bench {

using some_keys = std::span<const std::uint64_t>;

/// A window of time; what was inserted before the last begin() is beyond it. So from the second
/// pass on the words are those of keys that expired, as they are in use.
template <class Compare>
class lfq_set {
public:
    static constexpr role stands_for = role::ours;
    static constexpr const char* name = "lfq::deduplicator";

    explicit lfq_set(std::size_t keys)
        : set_(lfq::dedup::by_time{.window = window, .keys = keys}) {}

    void begin() {
        now_ += 10 * window;
        static_cast<void>(set_.contains(0, now_));  // flips here, outside of the timing
    }
    std::size_t offer(some_keys keys) {
        if (keys.size() == 1) return set_.insert_if_new(keys[0], now_) == lfq::dedup::fresh ? 1 : 0;
        std::array<lfq::dedup::answer, 16> answers;
        return set_.insert_if_new_n(keys, now_, answers).fresh;
    }
    [[nodiscard]] auto statistics() const { return set_.statistics(); }

private:
    static constexpr std::uint64_t window = 800;
    lfq::deduplicator<std::uint64_t, lfq::storage::huge, Compare> set_;
    std::uint64_t now_ = 0;
};

/// The same with a window of keys, which counts.
class lfq_counting_set {
public:
    static constexpr role stands_for = role::extra;
    static constexpr const char* name = "lfq::deduplicator, by_count";

    explicit lfq_counting_set(std::size_t keys) : set_(lfq::dedup::by_count{.keys = keys}) {}

    // New keys every time, so that nothing is left of the old ones.
    void begin() { next_ += 1; }
    std::size_t offer(some_keys keys) {
        if (keys.size() == 1)
            return set_.insert_if_new(keys[0] + next_) == lfq::dedup::fresh ? 1 : 0;
        std::array<lfq::dedup::answer, 16> answers;
        std::array<std::uint64_t, 16> shifted;
        for (std::size_t i = 0; i < keys.size(); ++i) shifted[i] = keys[i] + next_;
        return set_.insert_if_new_n(some_keys(shifted).first(keys.size()), answers).fresh;
    }

private:
    lfq::deduplicator<std::uint64_t, lfq::storage::huge> set_;
    std::uint64_t next_ = 0;
};

/// Sets that grow, begun empty with room for as many keys.
template <class Set>
class growing_set {
public:
    static constexpr role stands_for = role::growing_peer;

    explicit growing_set(std::size_t keys) : keys_(keys) {}

    void begin() {
        set_ = {};
        set_.reserve(keys_);
    }
    std::size_t offer(some_keys keys) {
        std::size_t fresh = 0;
        for (const std::uint64_t key : keys) fresh += was_new(set_.insert(key)) ? 1U : 0U;
        return fresh;
    }

protected:
    static bool was_new(bool inserted) { return inserted; }
    template <class Where>
    static bool was_new(const std::pair<Where, bool>& answer) {
        return answer.second;
    }

    std::size_t keys_;
    Set set_;
};

/// One lock for every call, so for a whole batch.
class locked_set : public growing_set<std::unordered_set<std::uint64_t>> {
public:
    static constexpr const char* name = "std::unordered_set, std::mutex";
    using growing_set::growing_set;

    std::size_t offer(some_keys keys) {
        const std::lock_guard hold(mutex_);
        return growing_set::offer(keys);
    }

private:
    std::mutex mutex_;
};

#if LFQ_BENCH_HAS_TBB
/// insert by any number of threads, into the number of buckets that its constructor takes: the
/// oneTBB specification under "concurrent_unordered_set".
class tbb_set : public growing_set<tbb::concurrent_unordered_set<std::uint64_t>> {
public:
    static constexpr const char* name = "tbb::concurrent_unordered_set";
    using growing_set::growing_set;

    void begin() { set_ = tbb::concurrent_unordered_set<std::uint64_t>(2 * keys_); }
};
#endif

#if LFQ_BENCH_HAS_BOOST_FLAT_SET
/// insert, which needs no visitor and answers whether the key was new: the manual of
/// Boost.Unordered, "Concurrent Containers".
class boost_set : public growing_set<boost::concurrent_flat_set<std::uint64_t>> {
public:
    static constexpr const char* name = "boost::concurrent_flat_set";
    using growing_set::growing_set;
};
#endif

}  // namespace bench
