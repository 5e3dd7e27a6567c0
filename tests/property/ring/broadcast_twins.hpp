// SPDX-License-Identifier: MIT
// A broadcast ring and its model, a row of numbers and a place in it for each reader, driven side
// by side by the same dice; after every verb all that can be seen is compared.
#pragma once

#include <lfq/ring/join_at.hpp>

#include "property/ring/verb_transcript.hpp"
#include "support/seed.hpp"
#include "support/tracked.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace broadcast_twins {

using support::dice;
using support::number;

/// Not copied, not moved: it lives as long as one game. Values are 0, 1, 2 …, so that a place in
/// the row is a value.
template <class Ring>
class twins {
public:
    using value_type = typename Ring::value_type;

    twins(Ring& ring, std::size_t capacity, dice& random)
        : ring_(ring),
          random_(random),
          capacity_(capacity),
          transcript_(capacity, false),
          readers_(ring.readers_max()) {
        compare();
    }

    void step() {
        switch (random_.from_to(0, 9)) {
            case 0:
            case 1: push_one(); break;
            case 2: push_many(); break;
            case 3: build(); break;
            case 4: join(); break;
            case 5: leave(); break;
            case 6: pop_one(); break;
            case 7: pop_many(); break;
            case 8: look(); break;
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
            while (each.reader && each.reader.pop(out))
                agree(number(out) == each.head++, "the rest");
        }
        compare();
        agree(ring_.drained(), "drained at the end");
    }

private:
    struct twin {
        typename Ring::reader reader;
        std::uint64_t head = 0;
    };

    void note(const std::string& verb) { transcript_.note(verb); }
    void agree(bool same, const std::string& what) { transcript_.agree(same, what); }

    [[nodiscard]] std::size_t lag() const {
        std::size_t most = 0;
        for (const twin& each : readers_)
            if (each.reader) most = std::max<std::size_t>(most, tail_ - each.head);
        return most;
    }
    [[nodiscard]] std::size_t room() const { return closed_ ? 0 : capacity_ - lag(); }
    [[nodiscard]] twin& any() { return readers_[random_.from_to(0, readers_.size() - 1)]; }
    void count_refusal(std::size_t given, std::size_t wanted) {
        if (given == 0 && wanted != 0) ++refused_pushes_;
    }

    void push_one() {
        const bool waits = room() != 0 && random_.one_in(3);
        note(waits ? "push" : "try_push");
        const std::size_t given = std::min<std::size_t>(room(), 1);
        value_type value(tail_);
        const bool seen = waits ? ring_.push(std::move(value)) : ring_.try_push(std::move(value));
        agree(seen == (given == 1), "push");
        if (!seen) agree(number(value) == tail_, "a refused value");  // NOLINT: untouched
        count_refusal(given, 1);
        tail_ += given;
    }
    void push_many() {
        const std::size_t wanted = random_.from_to(0, capacity_ + 1);
        note("try_push_n(" + std::to_string(wanted) + ")");
        const std::size_t given = std::min(room(), wanted);
        std::vector<value_type> values;
        for (std::size_t i = 0; i < wanted; ++i) values.emplace_back(tail_ + i);
        agree(ring_.try_push_n(std::span<const value_type>(values)) == given, "try_push_n");
        count_refusal(given, wanted);
        tail_ += given;
    }
    void build() {
        const std::size_t wanted = random_.from_to(0, capacity_);
        const std::size_t given = std::min(room(), wanted);
        auto claimed = ring_.claim(wanted);
        const std::size_t built = random_.from_to(0, given);
        note("claim(" + std::to_string(wanted) + "), " + std::to_string(built));
        agree(claimed.size() == given, "claim");
        for (std::size_t i = 0; i < built; ++i) claimed.emplace(tail_ + i);
        count_refusal(given, wanted);
        // What a claim was granted is gone, also if it is given up.
        if (tail_ + given > ended_ + capacity_) ended_ = tail_ + given - capacity_;
        if (random_.one_in(4)) return;
        claimed.commit();
        tail_ += built;
    }
    void close() {
        note("close");
        ring_.close();
        closed_ = true;
    }

    void join() {
        const bool newest = random_.one_in(2);
        note(newest ? "join newest" : "join oldest");
        auto reader = ring_.join(newest ? lfq::join_at::newest : lfq::join_at::oldest);
        const auto free = std::ranges::find_if(readers_, [](auto& each) { return !each.reader; });
        agree(static_cast<bool>(reader) == (free != readers_.end()), "a seat");
        if (!reader) return;
        const std::size_t kept = reader.size_approx();
        const std::size_t all = std::min<std::size_t>(tail_, capacity_);
        agree(kept <= all, "no more than there is");
        agree(!newest || kept == 0, "the newest");
        const std::size_t some = capacity_ - std::max<std::size_t>(1, capacity_ / 8);
        const std::size_t left = static_cast<std::size_t>(tail_ - ended_);
        agree(newest || kept >= std::min({all, some, left}), "the oldest kept");
        free->head = tail_ - kept;
        free->reader = std::move(reader);
    }
    void leave() {
        note("leave");
        twin& one = any();
        if (random_.one_in(2)) {
            one.reader.leave();
        } else {
            one.reader = {};
        }
    }

    void pop_one() {
        twin& one = any();
        if (!one.reader) return;
        note("try_pop");
        const bool expected = one.head != tail_;
        value_type out(0);
        agree(one.reader.try_pop(out) == expected, "try_pop");
        if (expected) agree(number(out) == one.head++, "the popped value");
        if (!expected) ++refused_pops_;
    }
    void pop_many() {
        twin& one = any();
        if (!one.reader) return;
        const std::size_t max = random_.from_to(0, capacity_ + 1);
        note("many(" + std::to_string(max) + ")");
        const std::size_t expected = std::min<std::size_t>(max, tail_ - one.head);
        if (random_.one_in(2)) {
            const auto visit = [&](const value_type& value) {
                agree(number(value) == one.head++, "a drained value");
            };
            agree(one.reader.drain(visit, max) == expected, "drain");
            return;
        }
        std::vector<value_type> out(max, value_type(0));
        agree(one.reader.try_pop_n(out) == expected, "try_pop_n");
        for (std::size_t i = 0; i < expected; ++i) agree(number(out[i]) == one.head++, "of many");
        if (expected == 0 && max != 0) ++refused_pops_;
    }
    void look() {
        twin& one = any();
        if (!one.reader) return;
        const std::size_t max = random_.from_to(0, capacity_);
        note("peek(" + std::to_string(max) + ")");
        std::uint64_t at = one.head;
        for (const auto part : one.reader.peek(max))
            for (const value_type& value : part) agree(number(value) == at++, "a peeked value");
        agree(at - one.head == std::min<std::size_t>(max, tail_ - one.head), "peek");
        const std::size_t consumed = random_.from_to(0, at - one.head);
        one.reader.consume(consumed);
        one.head += consumed;
    }

    void compare() {
        std::size_t seated = 0;
        for (twin& each : readers_) {
            if (!each.reader) continue;
            ++seated;
            agree(each.reader.size_approx() == tail_ - each.head, "the size of one reader");
            agree(each.reader.drained() == (closed_ && each.head == tail_), "drained of one");
            agree(each.reader.closed() == closed_, "closed of one");
        }
        agree(ring_.capacity() == capacity_, "capacity");
        agree(ring_.readers_approx() == seated, "readers_approx");
        agree(ring_.size_approx() == lag(), "size_approx");
        agree(ring_.closed() == closed_, "closed");
        agree(ring_.drained() == (closed_ && lag() == 0), "drained");
        const auto seen = ring_.statistics();
        agree(seen.published == tail_, "published");
        agree(seen.consumed == tail_ - lag(), "consumed");
        agree(seen.refused_pushes == refused_pushes_, "refused_pushes");
        agree(seen.refused_pops == refused_pops_, "refused_pops");
    }

    Ring& ring_;
    dice& random_;
    std::size_t capacity_;
    ring_twins::verb_transcript transcript_;
    std::vector<twin> readers_;
    std::uint64_t tail_ = 0;
    std::uint64_t ended_ = 0;  // what lies before it was overwritten
    bool closed_ = false;
    std::uint64_t refused_pushes_ = 0;
    std::uint64_t refused_pops_ = 0;
};

}  // namespace broadcast_twins
