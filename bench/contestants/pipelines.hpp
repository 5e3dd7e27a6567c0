// SPDX-License-Identifier: MIT
// bench/contestants/pipelines.hpp — the stages of a pipeline in one process, built from rings and
// windows of whatever kind: take events, drop those that came before, hand on the others, look at
// them.
#pragma once

#include "harness/keep.hpp"
#include "harness/ports.hpp"

#include <lfq/base/mix.hpp>
#include <lfq/dedup/deduplicator.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <utility>

namespace bench {

/// 56 bytes, so that an event and a stamp share a line.
struct event {
    std::uint64_t key;
    std::uint64_t number;
    std::uint64_t sent;  // ticks(), where it is timed
    std::array<std::uint64_t, 4> rest;
};
static_assert(sizeof(event) == 56);

/// One in 16 is the one 1,000 before it, sent again.
inline constexpr std::uint64_t repeated_one_in = 16;
inline constexpr std::uint64_t repeated_after = 1'000;

[[nodiscard]] constexpr bool repeats(std::uint64_t number) noexcept {
    return number % repeated_one_in == repeated_one_in - 1 && number > repeated_after;
}
[[nodiscard]] constexpr std::uint64_t key_of(std::uint64_t number) noexcept {
    return lfq::mix(repeats(number) ? number - repeated_after : number);
}

inline void set_number(event& value, std::uint64_t number) noexcept {
    value.key = key_of(number);
    value.number = value.rest.back() = number;
}

[[nodiscard]] inline std::uint64_t differs(const event& value, std::uint64_t number) noexcept {
    return (value.key ^ key_of(number)) | (value.number ^ number) | (value.rest.back() ^ number);
}

/// What the worker got. Every number must come once and in order, but for those that repeat one: of
/// these some may come, if their key had not been kept.
class receipt {
public:
    void enter(const event& value) noexcept {
        read_whole(value);
        if (value.number != next_ && repeats(next_)) ++next_;
        came_again_ += repeats(next_) ? 1U : 0U;
        wrong_ |= differs(value, next_);
        ++next_;
    }

    [[nodiscard]] std::uint64_t next() const noexcept { return next_; }
    [[nodiscard]] bool right(std::uint64_t not_kept) const noexcept {
        return wrong_ == 0 && came_again_ <= not_kept;
    }

private:
    std::uint64_t next_ = 0;
    std::uint64_t came_again_ = 0;
    std::uint64_t wrong_ = 0;
};

inline constexpr std::size_t at_once = 64;
inline constexpr std::size_t window_keys = 65'536;

// Windows: keep_new() moves the events that are new to the front, and answers how many.

template <class Compare = lfq::compare::scalar>
class lfq_window {
public:
    std::size_t keep_new(std::span<event> batch) noexcept {
        std::array<std::uint64_t, at_once> keys;
        std::array<lfq::dedup::answer, at_once> answers;
        for (std::size_t i = 0; i < batch.size(); ++i) keys[i] = batch[i].key;
        const auto all = seen_.insert_if_new_n(std::span(keys).first(batch.size()), answers);
        not_kept_ += all.full;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (answers[i] != lfq::dedup::seen) batch[kept++] = batch[i];
        }
        return kept;
    }
    [[nodiscard]] std::uint64_t not_kept() const noexcept { return not_kept_; }

private:
    lfq::deduplicator<std::uint64_t, lfq::storage::heap, Compare> seen_{
        lfq::dedup::by_count{window_keys}};
    std::uint64_t not_kept_ = 0;
};

/// The usual way without a deduplicator: two sets, and when the newer one is full the older one is
/// emptied. Both keep their buckets.
class rotating_sets {
public:
    rotating_sets() {
        newer_.reserve(window_keys);
        older_.reserve(window_keys);
    }

    std::size_t keep_new(std::span<event> batch) {
        std::size_t kept = 0;
        for (const event& each : batch) {
            if (older_.contains(each.key) || !newer_.insert(each.key).second) continue;
            if (newer_.size() == window_keys) {
                std::swap(newer_, older_);
                newer_.clear();
            }
            batch[kept++] = each;
        }
        return kept;
    }
    [[nodiscard]] static std::uint64_t not_kept() noexcept { return 0; }

private:
    std::unordered_set<std::uint64_t> newer_;
    std::unordered_set<std::uint64_t> older_;
};

/// Everything is new.
struct no_window {
    static std::size_t keep_new(std::span<event> batch) noexcept { return batch.size(); }
    [[nodiscard]] static std::uint64_t not_kept() noexcept { return UINT64_MAX; }
};

/// The rings and the window between a producer and a worker.
template <class In, class Window, class Out>
class pipeline {
public:
    using port = typename port_of<In>::type;

    [[nodiscard]] port producer_port() { return port(from_producer_); }

    /// Takes up to 64 events and hands on the new ones; answers how many it took. `make_room` is
    /// called while the worker's ring is full.
    template <class MakeRoom>
    std::size_t dispatch(MakeRoom&& make_room) {
        const std::size_t took = take();
        const std::size_t kept = window_.keep_new(std::span(batch_).first(took));
        for (std::size_t sent = 0; sent != kept;) {
            const std::size_t now =
                to_worker_.try_push_n(std::span<const event>(&batch_[sent], kept - sent));
            if (now == 0) make_room();
            sent += now;
        }
        return took;
    }

    /// Looks at what is in the worker's ring, and calls visit() on it; answers how many events that
    /// were.
    template <class Visit>
    std::size_t work(Visit&& visit) {
        return to_worker_.drain([&](const event& each) {
            visit(each);
            book_.enter(each);
        });
    }
    std::size_t work() {
        return work([](const event&) {});
    }

    /// Both in one thread; answers how many events were taken.
    template <class Visit>
    std::size_t dispatch_and_work(Visit&& visit) {
        const std::size_t took = dispatch([&] { work(visit); });
        work(visit);
        return took;
    }

    [[nodiscard]] const receipt& book() const noexcept { return book_; }
    [[nodiscard]] bool right() const noexcept { return book_.right(window_.not_kept()); }

private:
    std::size_t take() {
        if constexpr (requires { from_producer_.try_pop_n(std::span(batch_)); }) {
            return from_producer_.try_pop_n(std::span(batch_));
        } else {
            std::size_t took = 0;
            while (took != at_once && from_producer_.try_pop(batch_[took])) ++took;
            return took;
        }
    }

    In from_producer_{};
    Window window_{};
    Out to_worker_{};
    alignas(128) std::array<event, at_once> batch_{};  // the dispatcher's
    alignas(128) receipt book_{};  // the worker's
};

/// The numbers of one pass after the other. A pass never ends with an event that may be dropped, so
/// that its worker knows its last one.
class numbering {
public:
    struct numbers {
        std::uint64_t first;
        std::uint64_t end;
        [[nodiscard]] double count() const noexcept { return static_cast<double>(end - first); }
    };
    [[nodiscard]] numbers at_least(std::uint64_t count) noexcept {
        const std::uint64_t first = next_;
        next_ += count;
        if (repeats(next_ - 1)) ++next_;
        return {first, next_};
    }

private:
    std::uint64_t next_ = 0;
};

}  // namespace bench
