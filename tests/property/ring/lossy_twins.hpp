// SPDX-License-Identifier: MIT
// A lossy broadcast ring and its model, a row of numbers of which the first are not kept, and a
// place in it for each reader, driven side by side by the same dice; after every verb all that can
// be seen is compared.
#pragma once

#include <lfq/ring/join_at.hpp>

#include "property/ring/verb_transcript.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lossy_twins {

using lfq::join_at;
using support::dice;

/// Not copied, not moved: it lives as long as one game. A value is made of its place in the row.
template <class Ring>
class twins {
public:
    using value_type = typename Ring::value_type;

    twins(Ring& ring, std::size_t capacity, dice& random)
        : ring_(ring), random_(random), capacity_(capacity), transcript_(capacity, false) {
        compare();
    }

    void step() {
        switch (random_.from_to(0, 10)) {
            case 0:
            case 1: push_one(); break;
            case 2: push_many(); break;
            case 3: join(); break;
            case 4: leave_or_copy(); break;
            case 5:
            case 6: pop_one(); break;
            case 7: pop_many(); break;
            case 8: drain(); break;
            case 9: skip(); break;
            default:
                if (random_.one_in(30)) close();
        }
        compare();
    }

    // Closes and lets every reader come to the end.
    void end() {
        close();
        for (twin& each : readers_) {
            value_type out(0);
            while (each.reader && each.reader.pop(out)) is_next(each, out, "the rest");
            agree(!each.reader || each.head == tail_, "all of the rest");
        }
        compare();
    }

private:
    struct twin {
        typename Ring::reader reader;
        std::uint64_t head = 0;
        std::uint64_t missed = 0;
    };

    void note(const std::string& verb) { transcript_.note(verb); }
    void agree(bool same, const std::string& what) { transcript_.agree(same, what); }
    [[nodiscard]] twin& any() { return readers_[random_.from_to(0, readers_max - 1)]; }

    // Writer. For n values at once that it has no slots for, it gives up an eighth of the ring.
    void written(std::size_t n) {
        if (tail_ + n > kept_from_ + capacity_) kept_from_ = tail_ + step_ - capacity_;
        tail_ += n;
    }
    void push_one() {
        const value_type value(tail_);
        const std::size_t verb = random_.from_to(0, 3);
        note("push by " + std::to_string(verb));
        const bool seen = verb == 0 ? ring_.try_push(value)
            : verb == 1             ? ring_.try_emplace(tail_)
            : verb == 2             ? ring_.push(value)
                                    : ring_.push_for(value, std::chrono::hours(1));
        agree(seen != closed_, "push");
        if (closed_ && verb < 2) ++refused_;  // who waits is told of the end
        written(closed_ ? 0 : 1);
    }
    void push_many() {
        const std::size_t wanted = random_.from_to(0, 2 * capacity_ + 1);
        note("try_push_n(" + std::to_string(wanted) + ")");
        std::vector<value_type> values;
        for (std::size_t i = 0; i < wanted; ++i) values.emplace_back(tail_ + i);
        const std::size_t expected = closed_ ? 0 : wanted;
        agree(ring_.try_push_n(std::span<const value_type>(values)) == expected, "try_push_n");
        if (expected != wanted) ++refused_;
        for (std::size_t done = 0; done < expected; done += step_)
            written(std::min(expected - done, step_));
    }
    void close() {
        note("close");
        ring_.close();
        closed_ = true;
    }

    // Readers.
    void join() {
        const bool newest = random_.one_in(2);
        note(newest ? "join newest" : "join oldest");
        any() = {
            ring_.join(newest ? join_at::newest : join_at::oldest), newest ? tail_ : kept_from_, 0};
    }
    void leave_or_copy() {
        twin& one = any();
        if (random_.one_in(2)) {
            note("leave");
            one = {};
        } else {
            note("copy");
            one = any();
        }
    }

    // Something is to be had: what is not kept any more is missed first.
    void reach(twin& one) {
        if (one.head >= kept_from_) return;
        one.missed += kept_from_ - one.head;
        one.head = kept_from_;
    }
    void is_next(twin& one, const value_type& seen, const char* what) {
        reach(one);
        agree(one.head != tail_ && seen == value_type(one.head), what);
        ++one.head;
    }
    // How many there are for it, at most `max`.
    [[nodiscard]] std::size_t there(const twin& one, std::size_t max = SIZE_MAX) const {
        return std::min<std::uint64_t>(max, tail_ - std::max(one.head, kept_from_));
    }

    void pop_one() {
        twin& one = any();
        if (!one.reader) return;
        const bool expected = there(one) != 0;
        const bool returns_at_once = expected || closed_;
        const std::size_t verb = random_.from_to(0, returns_at_once ? 3 : 2);
        note("pop by " + std::to_string(verb));
        value_type out(0);
        bool seen = false;
        if (verb == 0) {
            seen = one.reader.try_pop(out);
        } else if (verb == 1) {
            const auto got = one.reader.try_pop();
            seen = got.has_value();
            if (got) out = *got;
        } else if (verb == 2) {
            seen = one.reader.pop_for(out, std::chrono::nanoseconds(1));
        } else {
            seen = one.reader.pop(out);
        }
        agree(seen == expected, "pop");
        if (expected) {
            is_next(one, out, "the popped value");
        } else {
            agree(out == value_type(0), "untouched");
        }
    }
    void pop_many() {
        twin& one = any();
        if (!one.reader) return;
        const std::size_t max = random_.from_to(0, capacity_ + 1);
        note("try_pop_n(" + std::to_string(max) + ")");
        const std::size_t expected = there(one, max);
        std::vector<value_type> out(max, value_type(0));
        agree(one.reader.try_pop_n(out) == expected, "try_pop_n");
        for (std::size_t i = 0; i < expected; ++i) is_next(one, out[i], "one of many");
    }
    void drain() {
        twin& one = any();
        if (!one.reader) return;
        const std::size_t max = random_.one_in(3) ? SIZE_MAX : random_.from_to(0, capacity_);
        note("drain(" + std::to_string(max) + ")");
        const std::size_t expected = there(one, max);
        const auto visit = [&](const value_type& value) { is_next(one, value, "a drained value"); };
        agree(one.reader.drain(visit, max) == expected, "drain");
    }
    void skip() {
        twin& one = any();
        if (!one.reader) return;
        const bool newest = random_.one_in(2);
        note(newest ? "skip to newest" : "skip to oldest");
        const std::uint64_t to = newest ? tail_ : std::max(one.head, kept_from_);
        agree(one.reader.skip_to(newest ? join_at::newest : join_at::oldest) == to - one.head,
            "skip_to");
        one.missed += to - one.head;
        one.head = to;
    }

    void compare() {
        for (twin& each : readers_) {
            if (!each.reader) continue;
            agree(each.reader.missed() == each.missed, "missed");
            agree(each.reader.size_approx() == there(each), "the size of one reader");
            agree(each.reader.empty_approx() == (there(each) == 0), "empty_approx of one");
            agree(each.reader.closed() == closed_, "closed of one");
            agree(each.reader.drained() == (closed_ && each.head == tail_), "drained of one");
        }
        agree(ring_.capacity() == capacity_, "capacity");
        agree(ring_.size_approx() == tail_ - kept_from_, "size_approx");
        agree(ring_.empty_approx() == (tail_ == kept_from_), "empty_approx");
        agree(ring_.closed() == closed_, "closed");
        const auto seen = ring_.statistics();
        agree(seen.published == tail_, "published");
        agree(seen.consumed == kept_from_, "consumed");
        agree(seen.refused_pushes == refused_, "refused_pushes");
        agree(seen.refused_pops == 0 && seen.skipped == 0 && seen.high_water == 0, "not kept");
    }

    static constexpr std::size_t readers_max = 4;

    Ring& ring_;
    dice& random_;
    std::size_t capacity_;
    std::size_t step_ = std::max<std::size_t>(1, capacity_ / 8);
    ring_twins::verb_transcript transcript_;
    twin readers_[readers_max];
    std::uint64_t tail_ = 0;
    std::uint64_t kept_from_ = 0;
    bool closed_ = false;
    std::uint64_t refused_ = 0;
};

}  // namespace lossy_twins
