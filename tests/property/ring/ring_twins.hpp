// SPDX-License-Identifier: MIT
// A ring and its model, driven side by side by the same dice; after every verb all that can be seen
// is compared.
#pragma once

#include "property/ring/ring_observers.hpp"
#include "property/ring/verb_transcript.hpp"
#include "support/reference_ring.hpp"
#include "support/ring_traits.hpp"
#include "support/seed.hpp"
#include "support/setups.hpp"
#include "support/tracked.hpp"

#include <chrono>
#include <cstdint>
#include <iterator>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ring_twins {

using support::build_failure;
using support::dice;
using support::number;
using support::reference_ring;
using support::tracked;
using numbers = reference_ring::numbers;

/// Not copied, not moved: it lives as long as one game.
template <class Ring, bool skips>
class twins {
public:
    using value_type = typename Ring::value_type;

    twins(Ring& ring, dice& random)
        : ring_(ring), random_(random), model_(ring.capacity(), skips) {}

    void step() {
        switch (random_.from_to(0, 15)) {
            case 0:
            case 1: push_one(); break;
            case 2: push_for(); break;
            case 3:
                if constexpr (support::copies_batches<Ring>) push_many();
                break;
            case 4: push_that_throws(); break;
            case 5:
            case 6:
                if constexpr (support::claims<Ring>) open_claim();
                break;
            case 7:
                if constexpr (support::claims<Ring>) build_in_claim();
                break;
            case 8:
                if constexpr (support::claims<Ring>) finish_claim();
                break;
            case 9: pop_one(); break;
            case 10: pop_out(); break;
            case 11: pop_many(); break;
            case 12: drain(); break;
            case 13: drain_that_throws(); break;
            case 14: peek_and_consume(); break;
            default:
                if (random_.one_in(40)) close();
        }
        compare_observers(ring_, model_, transcript_);
    }

    // Finishes what is open and takes the rest out.
    void end() {
        if constexpr (support::claims<Ring>) {
            while (!claims_.empty()) finish_claim();
        }
        close();
        note("end");
        const numbers rest = model_.drain(SIZE_MAX);
        numbers seen;
        value_type out = value_type(0);
        while (ring_.pop(out)) seen.push_back(number(out));
        agree(seen == rest, "the rest");
        agree(ring_.drained(), "drained");
        compare_observers(ring_, model_, transcript_);
    }

private:
    struct open {
        support::claimed_of<Ring> real;
        reference_ring::claimed expected;
        numbers built;
    };

    static constexpr bool throws = std::is_same_v<value_type, tracked>;

    void note(const std::string& verb) { transcript_.note(verb); }
    void agree(bool same, const std::string& what) { transcript_.agree(same, what); }

    // The one claim of a single-producer ring must be finished before anything else is pushed.
    [[nodiscard]] bool may_push() const { return skips || claims_.empty(); }

    [[nodiscard]] auto any_claim() {
        const std::size_t which = random_.from_to(0, claims_.size() - 1);
        return std::next(claims_.begin(), static_cast<std::ptrdiff_t>(which));
    }

    void push_one() {
        if (!may_push()) return;
        note("push");
        const std::uint64_t value = next_++;
        const bool expected = model_.push(std::span(&value, 1)) == 1;
        if (random_.one_in(2)) {
            agree(ring_.try_push(value_type(value)) == expected, "try_push");
        } else {
            agree(ring_.try_emplace(value) == expected, "try_emplace");
        }
    }

    void push_for() {
        if (!may_push()) return;
        note("push_for");
        const std::uint64_t value = next_++;
        const std::uint64_t refused = model_.refused_pushes;
        const bool expected = model_.push(std::span(&value, 1)) == 1;
        if (model_.closed()) model_.refused_pushes = refused;  // it did not run out of time
        agree(
            ring_.push_for(value_type(value), std::chrono::nanoseconds(0)) == expected, "push_for");
    }

    void push_many() {
        if (!may_push()) return;
        const std::size_t count = random_.from_to(0, ring_.capacity() + 2);
        note("push_n(" + std::to_string(count) + ")");
        numbers values;
        std::vector<value_type> elements;
        for (std::size_t i = 0; i < count; ++i) {
            values.push_back(next_++);
            elements.push_back(value_type(values.back()));
        }
        const std::size_t expected = model_.push(values);
        agree(ring_.try_push_n(std::span<const value_type>(elements)) == expected, "try_push_n");
    }

    void push_that_throws() {
        if constexpr (throws) {
            if (!may_push()) return;
            constexpr bool batched = support::copies_batches<Ring>;
            const std::size_t count = batched ? random_.from_to(1, ring_.capacity()) : 1;
            const std::size_t at = random_.from_to(1, count);
            note("throw(" + std::to_string(at) + " of " + std::to_string(count) + ")");
            std::vector<tracked> elements;
            for (std::size_t i = 0; i < count; ++i) elements.push_back(tracked(next_++));
            const reference_ring::claimed lost = model_.claim(count);
            const bool throwing = lost.granted >= at;
            numbers kept;
            for (std::size_t i = 0; !throwing && i < lost.granted; ++i) {
                kept.push_back(elements[i].value());
            }
            model_.finish(lost, kept);
            tracked::builds_until_throw = throwing ? at : 0;
            bool thrown = false;
            try {
                std::size_t pushed = 0;
                if constexpr (batched) {
                    pushed = ring_.try_push_n(std::span<const tracked>(elements));
                } else {
                    pushed = ring_.try_push(std::as_const(elements[0])) ? 1 : 0;
                }
                agree(pushed == kept.size(), "try_push_n before the throwing element");
            } catch (const build_failure&) {
                thrown = true;
            }
            agree(thrown == throwing, "thrown");
        }
    }

    void open_claim() {
        if (!may_push() || claims_.size() == 3) return;
        const std::size_t wanted = random_.from_to(0, ring_.capacity() + 1);
        note("claim(" + std::to_string(wanted) + ")");
        claims_.push_back({ring_.claim(wanted), model_.claim(wanted), {}});
        const open& mine = claims_.back();
        agree(mine.real.size() == mine.expected.granted, "granted");
        agree(static_cast<bool>(mine.real) == (mine.expected.granted != 0), "claimed as bool");
    }

    void build_in_claim() {
        if (claims_.empty()) return;
        open& mine = *any_claim();
        if (mine.built.size() == mine.expected.granted) return;
        note("emplace");
        mine.built.push_back(next_++);
        agree(number(mine.real.emplace(mine.built.back())) == mine.built.back(), "built");
    }

    void finish_claim() {
        if (claims_.empty()) return;
        const auto chosen = any_claim();
        const bool kept = !random_.one_in(4);
        note(kept ? "commit" : "abandon");
        open mine = std::move(*chosen);
        claims_.erase(chosen);
        if (kept) mine.real.commit();
        model_.finish(mine.expected,
            kept ? std::span<const std::uint64_t>(mine.built) : std::span<const std::uint64_t>());
    }

    void pop_one() {
        note("pop");
        const std::optional<std::uint64_t> expected = model_.pop();
        if (!expected) ++model_.refused_pops;
        const auto seen = ring_.try_pop();
        agree(seen.has_value() == expected.has_value(), "try_pop");
        if (seen) agree(number(*seen) == *expected, "the popped value");
    }

    void pop_out() {
        const bool timed = random_.one_in(2);
        note(timed ? "pop_for" : "pop(out)");
        const std::optional<std::uint64_t> expected = model_.pop();
        if (!expected && !(timed && model_.drained())) ++model_.refused_pops;
        value_type out = value_type(0);
        const bool popped =
            timed ? ring_.pop_for(out, std::chrono::nanoseconds(0)) : ring_.try_pop(out);
        agree(popped == expected.has_value(), "pop");
        agree(number(out) == expected.value_or(0), "the value popped out");
    }

    void pop_many() {
        const std::size_t wanted = random_.from_to(0, ring_.capacity() + 2);
        note("pop_n(" + std::to_string(wanted) + ")");
        const numbers expected = model_.drain(wanted);
        if (expected.empty() && wanted != 0) ++model_.refused_pops;
        std::vector<value_type> out;
        for (std::size_t i = 0; i < wanted; ++i) out.push_back(value_type(0));
        agree(ring_.try_pop_n(out) == expected.size(), "try_pop_n");
        for (std::size_t i = 0; i < wanted; ++i) {
            agree(
                number(out[i]) == (i < expected.size() ? expected[i] : 0), "a value of try_pop_n");
        }
    }

    void drain() {
        const std::size_t max = random_.one_in(3) ? SIZE_MAX : random_.from_to(0, ring_.capacity());
        note("drain(" + std::to_string(max) + ")");
        numbers seen;
        const std::size_t count =
            ring_.drain([&seen](value_type& value) { seen.push_back(number(value)); }, max);
        agree(count == seen.size(), "the count of drain");
        agree(seen == model_.drain(max), "drain");
    }

    void drain_that_throws() {
        const std::size_t at = random_.from_to(1, ring_.capacity());
        note("drain_throwing(" + std::to_string(at) + ")");
        numbers seen;
        bool thrown = false;
        try {
            ring_.drain([&](value_type& value) {
                seen.push_back(number(value));
                if (seen.size() == at) throw build_failure();
            });
        } catch (const build_failure&) {
            thrown = true;
        }
        agree(thrown == (seen.size() == at), "thrown by the visitor");
        agree(seen == model_.drain(thrown ? at : SIZE_MAX), "a drain that throws");
    }

    void peek_and_consume() {
        const std::size_t max = random_.one_in(2) ? SIZE_MAX : random_.from_to(0, ring_.capacity());
        note("peek(" + std::to_string(max) + ")");
        const numbers seen = support::peeked_numbers(ring_, max);
        agree(seen == model_.peek(max), "peek");
        const std::size_t count = random_.from_to(0, seen.size());
        note("consume(" + std::to_string(count) + ")");
        ring_.consume(count);
        static_cast<void>(model_.drain(count));
    }

    void close() {
        if (!may_push()) return;
        note("close");
        ring_.close();
        model_.close();
    }

    Ring& ring_;
    dice& random_;
    reference_ring model_;
    std::list<open> claims_;  // claims do not move once they are in it
    std::uint64_t next_ = 1;
    verb_transcript transcript_{ring_.capacity(), skips};
};

}  // namespace ring_twins
