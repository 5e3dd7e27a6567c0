// SPDX-License-Identifier: MIT
// A fan_out and its model, a deque for each worker, driven side by side by the same dice; after
// every verb all that can be seen is compared.
#pragma once

#include <lfq/ring/ring_statistics.hpp>

#include "property/ring/verb_transcript.hpp"
#include "support/seed.hpp"
#include "support/tracked.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fan_out_twins {

using support::dice;
using support::number;

/// What a fan_out should do, as simply as it can be said. It shares no code with it.
struct reference_workers {
    struct worker {
        std::deque<std::uint64_t> values;
        bool closed = false;
        std::size_t most = 0;  // values at once
    };

    std::vector<worker> all;
    std::size_t capacity_each;
    std::size_t turn = 0;
    std::map<std::uint64_t, std::size_t> homes;  // where a key went first
    lfq::ring_statistics seen;

    [[nodiscard]] bool put(std::size_t at, std::uint64_t value) {
        worker& mine = all[at];
        if (mine.closed || mine.values.size() == capacity_each) return false;
        mine.values.push_back(value);
        mine.most = std::max(mine.most, mine.values.size());
        ++seen.published;
        return true;
    }
    [[nodiscard]] bool put_in_turn(std::uint64_t value) {
        for (std::size_t looked = 0; looked != all.size(); ++looked) {
            if (put(std::exchange(turn, (turn + 1) % all.size()), value)) return true;
        }
        return false;
    }
    [[nodiscard]] std::optional<std::uint64_t> take(std::size_t at) {
        if (all[at].values.empty()) return std::nullopt;
        const std::uint64_t value = all[at].values.front();
        all[at].values.pop_front();
        ++seen.consumed;
        return value;
    }
    [[nodiscard]] std::size_t size() const {
        std::size_t sum = 0;
        for (const worker& each : all) sum += each.values.size();
        return sum;
    }
};

/// Not copied, not moved: it lives as long as one game.
template <class Spread>
class twins {
public:
    using value_type = typename Spread::value_type;

    twins(Spread& spread, std::size_t workers, std::size_t capacity_each, dice& random)
        : spread_(spread),
          random_(random),
          model_{std::vector<reference_workers::worker>(workers), capacity_each, 0, {}, {}},
          transcript_(capacity_each, false) {
        compare();
    }

    void step() {
        switch (random_.from_to(0, 9)) {
            case 0:
            case 1: push_in_turn(); break;
            case 2: push_to(); break;
            case 3:
            case 4: push_by(); break;
            case 5: push_many(); break;
            case 6:
            case 7: pop_one(); break;
            case 8: pop_many(); break;
            default:
                if (random_.one_in(30)) close();
        }
        compare();
    }

    // Closes and takes the rest out.
    void end() {
        note("end");
        spread_.close();
        for (std::size_t at = 0; at != model_.all.size(); ++at) {
            model_.all[at].closed = true;
            value_type out = value_type(0);
            while (spread_.worker(at).pop(out)) agree(model_.take(at) == number(out), "the rest");
        }
        agree(spread_.drained(), "drained at the end");
        compare();
    }

private:
    void note(const std::string& verb) { transcript_.note(verb); }
    void agree(bool same, const std::string& what) { transcript_.agree(same, what); }

    [[nodiscard]] std::size_t any_worker() { return random_.from_to(0, model_.all.size() - 1); }

    // One value through a verb, copied or moved. Refused, it is untouched.
    template <class Verb>
    [[nodiscard]] bool push_one(Verb verb) {
        value_type value(next_);
        if (random_.one_in(2) ? verb(std::as_const(value)) : verb(std::move(value))) return true;
        agree(number(value) == next_, "a refused value");
        return false;
    }

    void push_in_turn() {
        note("push");
        const bool expected = model_.put_in_turn(++next_);
        if (!expected) ++model_.seen.refused_pushes;
        const bool seen = push_one([this](auto&& value) {
            return spread_.try_push(std::forward<decltype(value)>(value));
        });
        agree(seen == expected, "try_push");
    }

    // What waits may only be called where there is room, or no more will come.
    [[nodiscard]] bool may_wait(std::size_t at) const {
        return model_.all[at].closed || model_.all[at].values.size() != model_.capacity_each;
    }

    void push_to() {
        const std::size_t at = any_worker();
        const bool waits = random_.one_in(3) && may_wait(at);
        note((waits ? "push_to(" : "try_push_to(") + std::to_string(at) + ")");
        const bool expected = model_.put(at, ++next_);
        if (!expected && !waits) ++model_.seen.refused_pushes;
        const bool seen = push_one([&](auto&& value) {
            return waits ? spread_.push_to(at, std::forward<decltype(value)>(value))
                         : spread_.try_push_to(at, std::forward<decltype(value)>(value));
        });
        agree(seen == expected, "push_to");
    }

    void push_by() {
        // Keys that differ at the bottom, and keys that differ at the top.
        const std::uint64_t key = random_.from_to(0, 6) << (random_.one_in(2) ? 0 : 61);
        const std::size_t at = model_.homes.try_emplace(key, spread_.worker_of(key)).first->second;
        agree(at < model_.all.size(), "the worker of a key");
        const bool waits = random_.one_in(3) && may_wait(at);
        note((waits ? "push_by(" : "try_push_by(") + std::to_string(key) + ")");
        const bool expected = model_.put(at, ++next_);
        if (!expected && !waits) ++model_.seen.refused_pushes;
        const bool seen = push_one([&](auto&& value) {
            return waits ? spread_.push_by(key, std::forward<decltype(value)>(value))
                         : spread_.try_push_by(key, std::forward<decltype(value)>(value));
        });
        agree(seen == expected, "push_by");
    }

    void push_many() {
        const std::size_t at = any_worker();
        const std::size_t count = random_.from_to(0, model_.capacity_each + 1);
        note("push_n(" + std::to_string(at) + ", " + std::to_string(count) + ")");
        std::vector<value_type> values;
        std::size_t expected = 0;
        for (std::size_t i = 0; i != count; ++i) {
            values.push_back(value_type(++next_));
            if (model_.put(at, next_)) ++expected;
        }
        if (expected == 0 && count != 0) ++model_.seen.refused_pushes;
        agree(spread_.worker(at).try_push_n(std::span<const value_type>(values)) == expected,
            "try_push_n");
    }

    void pop_one() {
        const std::size_t at = any_worker();
        note("pop(" + std::to_string(at) + ")");
        const std::optional<std::uint64_t> expected = model_.take(at);
        if (!expected) ++model_.seen.refused_pops;
        const auto seen = spread_.worker(at).try_pop();
        agree(seen.has_value() == expected.has_value(), "try_pop");
        if (seen) agree(number(*seen) == *expected, "the popped value");
    }

    void pop_many() {
        const std::size_t at = any_worker();
        const std::size_t max = random_.from_to(0, model_.capacity_each);
        note("drain(" + std::to_string(at) + ", " + std::to_string(max) + ")");
        const std::size_t expected = std::min(max, model_.all[at].values.size());
        const auto visit = [&](value_type& value) {
            agree(model_.take(at) == number(value), "a drained value");
        };
        agree(spread_.worker(at).drain(visit, max) == expected, "drain");
    }

    void close() {
        const std::size_t at = any_worker();
        const bool alone = !random_.one_in(4);
        note(alone ? "close(" + std::to_string(at) + ")" : "close");
        if (alone) {
            spread_.worker(at).close();
            model_.all[at].closed = true;
        } else {
            spread_.close();
            for (auto& each : model_.all) each.closed = true;
        }
    }

    void compare() {
        const auto closed = [](const auto& each) { return each.closed; };
        const auto drained = [](const auto& each) { return each.closed && each.values.empty(); };
        agree(spread_.workers() == model_.all.size(), "workers");
        agree(spread_.capacity() == model_.all.size() * model_.capacity_each, "capacity");
        agree(spread_.size_approx() == model_.size(), "size_approx");
        agree(spread_.empty_approx() == (model_.size() == 0), "empty_approx");
        agree(spread_.closed() == std::ranges::all_of(model_.all, closed), "closed");
        agree(spread_.drained() == std::ranges::all_of(model_.all, drained), "drained");
        for (const auto& [key, home] : model_.homes)
            agree(spread_.worker_of(key) == home, "equal keys, equal worker");
        const lfq::ring_statistics seen = spread_.statistics();
        std::size_t most = 0;
        for (std::size_t at = 0; at != model_.all.size(); ++at) {
            const auto& ring = spread_.worker(at);
            agree(ring.size_approx() == model_.all[at].values.size(), "the size of one worker");
            agree(ring.closed() == model_.all[at].closed, "closed of one worker");
            most = std::max(most, model_.all[at].most);
        }
        agree(seen.published == model_.seen.published, "published");
        agree(seen.consumed == model_.seen.consumed, "consumed");
        agree(seen.refused_pushes == model_.seen.refused_pushes, "refused_pushes");
        agree(seen.refused_pops == model_.seen.refused_pops, "refused_pops");
        agree(seen.skipped == 0, "skipped");
        agree(seen.high_water <= model_.capacity_each, "high_water above one capacity");
        agree(seen.high_water >= most, "high_water below what one worker had");
    }

    Spread& spread_;
    dice& random_;
    reference_workers model_;
    std::uint64_t next_ = 0;
    ring_twins::verb_transcript transcript_;
};

}  // namespace fan_out_twins
