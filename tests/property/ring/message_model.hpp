// SPDX-License-Identifier: MIT
// What a ring of messages holds and counts, as a queue of vectors; and the verbs of both sides,
// used on a ring and on its model, with the answers compared.
#pragma once

#include <lfq/ring/message_statistics.hpp>
#include <lfq/ring/popped_message.hpp>

#include "property/ring/verb_transcript.hpp"
#include "support/byte_setups.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace ring_twins {

using support::bytes;
using support::dice;
using support::same;
using message = std::span<const std::byte>;

class message_model {
public:
    explicit message_model(std::size_t capacity) : capacity_(capacity) {}

    static std::size_t taken_by(std::size_t size) { return 8 + (size + 7) / 8 * 8; }
    [[nodiscard]] bool fits(std::size_t size) const { return used_ + taken_by(size) <= capacity_; }
    // Mostly short ones, sometimes the longest.
    std::size_t any_size(dice& random) const {
        const std::size_t most = capacity_ - 8;
        return random.one_in(8) ? most - random.from_to(0, std::min<std::size_t>(most, 9))
                                : random.from_to(0, std::min<std::size_t>(most, 40));
    }

    void put(bytes pushed) {
        ++counts_.published;
        counts_.published_bytes += pushed.size();
        used_ += taken_by(pushed.size());
        counts_.high_water_bytes = std::max<std::uint64_t>(counts_.high_water_bytes, used_);
        queue_.push_back(std::move(pushed));
    }
    void take(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            ++counts_.consumed;
            counts_.consumed_bytes += queue_.front().size();
            used_ -= taken_by(queue_.front().size());
            queue_.pop_front();
        }
    }
    void refuse_push() { ++counts_.refused_pushes; }
    void refuse_pop() { ++counts_.refused_pops; }

    [[nodiscard]] const std::deque<bytes>& queue() const { return queue_; }
    [[nodiscard]] std::size_t used() const { return used_; }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    /// Since it was built; the high-water mark is the least that may be told.
    [[nodiscard]] const lfq::message_statistics& counts() const { return counts_; }

private:
    std::size_t capacity_;
    std::size_t used_ = 0;
    std::deque<bytes> queue_;
    lfq::message_statistics counts_;
};

inline void agree_on(const verb_transcript& told, const lfq::message_statistics& seen,
    const lfq::message_statistics& expected, std::size_t capacity) {
    told.agree(seen.published == expected.published, "published");
    told.agree(seen.published_bytes == expected.published_bytes, "published_bytes");
    told.agree(seen.consumed == expected.consumed, "consumed");
    told.agree(seen.consumed_bytes == expected.consumed_bytes, "consumed_bytes");
    told.agree(seen.refused_pushes == expected.refused_pushes, "refused_pushes");
    told.agree(seen.refused_pops == expected.refused_pops, "refused_pops");
    told.agree(seen.high_water_bytes <= capacity, "high_water_bytes above capacity");
    told.agree(seen.high_water_bytes >= expected.high_water_bytes,
        "high_water_bytes below what was in use");
}

/// The producer's verbs on a ring, or on a lease of one; at most one claim is open.
template <class Ring>
class message_writings {
public:
    message_writings(Ring& ring, message_model& model, dice& random, verb_transcript& told)
        : ring_(ring), model_(model), random_(random), told_(told) {}

    [[nodiscard]] bool claiming() const { return claim_.has_value(); }

    void try_push(bool closed = false) {
        if (claim_) return;
        bytes next = any_message(model_.any_size(random_));
        told_.note("try_push(" + std::to_string(next.size()) + ")");
        const bool expected = !closed && model_.fits(next.size());
        told_.agree(ring_.try_push(next) == expected, "try_push");
        if (expected) model_.put(std::move(next));
        if (!expected) model_.refuse_push();
    }

    void push_in_time(bool closed = false) {
        if (claim_) return;
        bytes next = any_message(model_.any_size(random_));
        told_.note("push_for(" + std::to_string(next.size()) + ")");
        const bool expected = !closed && model_.fits(next.size());
        const bool forever = expected && random_.one_in(2);
        const bool pushed =
            forever ? ring_.push(next) : ring_.push_for(next, std::chrono::nanoseconds(0));
        told_.agree(pushed == expected, "push_for");
        if (expected) model_.put(std::move(next));
        if (!expected && !closed) model_.refuse_push();
    }

    void push_too_long() {
        if (claim_) return;
        const std::size_t size = model_.capacity() - 8 + random_.from_to(1, 20);
        told_.note("too_long(" + std::to_string(size) + ")");
        bool refused = false;
        try {
            if (random_.one_in(2)) {
                static_cast<void>(ring_.try_push(bytes(size)));
            } else {
                static_cast<void>(ring_.claim(size));
            }
        } catch (const std::length_error&) {
            refused = true;
        }
        told_.agree(refused, "a message that is too long");
    }

    void open_claim(bool closed = false) {
        if (claim_) return;
        const std::size_t size = model_.any_size(random_);
        told_.note("claim(" + std::to_string(size) + ")");
        auto claimed = ring_.claim(size);
        const bool expected = !closed && model_.fits(size);
        told_.agree(static_cast<bool>(claimed) == expected, "claim");
        told_.agree(claimed.bytes().size() == (claimed ? size : 0), "the size of a claim");
        if (!claimed) model_.refuse_push();
        if (claimed) claim_.emplace(std::move(claimed));
    }

    void finish_claim() {
        if (!claim_) return;
        const bool kept = !random_.one_in(4);
        const std::size_t used = random_.from_to(0, claim_->bytes().size());
        told_.note(kept ? "commit(" + std::to_string(used) + ")" : "abandon");
        const bytes written = any_message(claim_->bytes().size());
        std::ranges::copy(written, claim_->bytes().begin());
        if (kept) {
            claim_->commit(used);
            model_.put({written.begin(), written.begin() + static_cast<std::ptrdiff_t>(used)});
        }
        claim_.reset();
    }

private:
    bytes any_message(std::size_t size) { return support::numbered_bytes(size, code_++); }

    Ring& ring_;
    message_model& model_;
    dice& random_;
    verb_transcript& told_;
    std::optional<typename Ring::claimed> claim_;
    std::uint64_t code_ = random_.from_to(0, 1'000);
};

/// The consumer's verbs on a ring, or on what a pool shows of one.
template <class Ring>
class message_readings {
public:
    message_readings(Ring& ring, message_model& model, dice& random, verb_transcript& told)
        : ring_(ring), model_(model), random_(random), told_(told) {}

    void any_verb() {
        switch (random_.from_to(0, 4)) {
            case 0: try_pop(); break;
            case 1: peek_one(); break;
            case 2: peek_and_consume(); break;
            case 3: drain(); break;
            default: drain_that_throws();
        }
    }

    void try_pop() {
        const std::size_t room = model_.any_size(random_);
        told_.note("try_pop(" + std::to_string(room) + ")");
        bytes out(room);
        if (model_.queue().empty()) model_.refuse_pop();
        popped(ring_.try_pop(out), out);
    }
    /// `closed`: then an empty answer counts as no refusal.
    void pop_in_time(bool closed) {
        const std::size_t room = model_.any_size(random_);
        told_.note("pop_for(" + std::to_string(room) + ")");
        bytes out(room);
        if (model_.queue().empty() && !closed) model_.refuse_pop();
        popped(ring_.pop_for(out, std::chrono::nanoseconds(0)), out);
    }

    void peek_one() {
        told_.note("peek");
        const std::optional<message> seen = ring_.peek();
        told_.agree(seen.has_value() == !model_.queue().empty(), "peek");
        if (seen) told_.agree(same(*seen, model_.queue().front()), "the peeked message");
    }

    void peek_and_consume() {
        const std::size_t n = random_.one_in(3) ? SIZE_MAX : random_.from_to(0, 4);
        told_.note("peek(" + std::to_string(n) + ")");
        const auto seen = ring_.peek(n);
        told_.agree(seen.size() == std::min(n, model_.queue().size()), "the count of peek");
        auto expected = model_.queue().begin();
        for (const message each : seen) told_.agree(same(each, *expected++), "a peeked message");
        told_.agree(expected == model_.queue().begin() + static_cast<std::ptrdiff_t>(seen.size()),
            "the range");
        const std::size_t count = random_.from_to(0, seen.size());
        told_.note("consume(" + std::to_string(count) + ")");
        ring_.consume(count);
        model_.take(count);
    }

    void drain() { drain(random_.one_in(3) ? SIZE_MAX : random_.from_to(0, 4)); }
    void drain(std::size_t max) {
        told_.note("drain(" + std::to_string(max) + ")");
        auto expected = model_.queue().begin();
        const std::size_t count = ring_.drain(
            [&](message each) { told_.agree(same(each, *expected++), "a drained message"); }, max);
        told_.agree(count == std::min(max, model_.queue().size()), "the count of drain");
        model_.take(count);
    }

    void drain_that_throws() {
        const std::size_t at = random_.from_to(1, 4);
        told_.note("drain_throwing(" + std::to_string(at) + ")");
        std::size_t seen = 0;
        try {
            ring_.drain([&](message) {
                if (++seen == at) throw std::runtime_error("enough");
            });
            told_.agree(seen == model_.queue().size() && seen < at, "a drain that need not throw");
        } catch (const std::runtime_error&) {
            told_.agree(seen == at, "where the visitor threw");
        }
        model_.take(seen);
    }

private:
    void popped(const lfq::popped_message& seen, const bytes& out) {
        using outcome = lfq::popped_message::outcome;
        const bool empty = model_.queue().empty();
        const std::size_t size = empty ? 0 : model_.queue().front().size();
        const outcome expected = empty ? outcome::none
            : size <= out.size()       ? outcome::copied
                                       : outcome::too_short;
        told_.agree(seen.what == expected, "what pop answers");
        told_.agree(seen.bytes == size, "the size that pop answers");
        told_.agree(static_cast<bool>(seen) == (expected == outcome::copied), "pop as bool");
        const std::size_t copied = seen ? size : 0;
        if (seen)
            told_.agree(
                same(std::span(out).first(copied), model_.queue().front()), "the popped bytes");
        const bool untouched = std::ranges::all_of(
            std::span(out).subspan(copied), [](std::byte each) { return each == std::byte{0}; });
        told_.agree(untouched, "bytes behind the popped ones");
        if (seen) model_.take(1);
    }

    Ring& ring_;
    message_model& model_;
    dice& random_;
    verb_transcript& told_;
};

}  // namespace ring_twins
