// SPDX-License-Identifier: MIT
// A message_ring and a queue of vectors, driven side by side by the same dice; after every verb all
// that can be seen is compared.
#pragma once

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

/// Not copied, not moved: it lives as long as one game.
template <class Ring>
class message_twins {
public:
    message_twins(Ring& ring, dice& random) : ring_(ring), random_(random) {}

    void step() {
        switch (random_.from_to(0, 13)) {
            case 0:
            case 1: try_push(); break;
            case 2: push_in_time(); break;
            case 3:
            case 4: open_claim(); break;
            case 5: finish_claim(); break;
            case 6: push_too_long(); break;
            case 7: try_pop(); break;
            case 8: pop_in_time(); break;
            case 9: peek_one(); break;
            case 10: peek_and_consume(); break;
            case 11: drain(); break;
            case 12: drain_that_throws(); break;
            default:
                if (random_.one_in(40)) close();
        }
        compare();
    }

    // Finishes what is open and takes the rest out.
    void end() {
        if (claim_) finish_claim();
        close();
        note("end");
        bytes out(ring_.message_bytes_max());
        for (lfq::popped_message got; (got = ring_.pop(out));) {
            agree(!queue_.empty() && same(std::span(out).first(got.bytes), queue_.front()), "rest");
            take(1);
        }
        agree(queue_.empty(), "messages are left");
        agree(ring_.drained(), "drained");
        compare();
    }

private:
    void note(const std::string& verb) { transcript_.note(verb); }
    void agree(bool equal, const std::string& what) { transcript_.agree(equal, what); }

    static std::size_t taken_by(std::size_t size) { return 8 + (size + 7) / 8 * 8; }
    [[nodiscard]] bool fits(std::size_t size) const {
        return !closed_ && used_ + taken_by(size) <= ring_.capacity();
    }
    // Mostly short ones, sometimes the longest.
    std::size_t any_size() {
        const std::size_t most = ring_.message_bytes_max();
        return random_.one_in(8) ? most - random_.from_to(0, std::min<std::size_t>(most, 9))
                                 : random_.from_to(0, std::min<std::size_t>(most, 40));
    }
    bytes any_message(std::size_t size) { return support::numbered_bytes(size, code_++); }

    void put(bytes pushed) {
        ++published_;
        published_bytes_ += pushed.size();
        used_ += taken_by(pushed.size());
        most_used_ = std::max(most_used_, used_);
        queue_.push_back(std::move(pushed));
    }
    void take(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            ++consumed_;
            consumed_bytes_ += queue_.front().size();
            used_ -= taken_by(queue_.front().size());
            queue_.pop_front();
        }
    }

    void try_push() {
        if (claim_) return;
        bytes next = any_message(any_size());
        note("try_push(" + std::to_string(next.size()) + ")");
        const bool expected = fits(next.size());
        agree(ring_.try_push(next) == expected, "try_push");
        if (expected) put(std::move(next));
        refused_pushes_ += expected ? 0u : 1u;
    }

    void push_in_time() {
        if (claim_) return;
        bytes next = any_message(any_size());
        note("push_for(" + std::to_string(next.size()) + ")");
        const bool expected = fits(next.size());
        const bool forever = expected && random_.one_in(2);
        const bool pushed =
            forever ? ring_.push(next) : ring_.push_for(next, std::chrono::nanoseconds(0));
        agree(pushed == expected, "push_for");
        if (expected) put(std::move(next));
        refused_pushes_ += expected || closed_ ? 0u : 1u;
    }

    void push_too_long() {
        if (claim_) return;
        const std::size_t size = ring_.message_bytes_max() + random_.from_to(1, 20);
        note("too_long(" + std::to_string(size) + ")");
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
        agree(refused, "a message that is too long");
    }

    void open_claim() {
        if (claim_) return;
        const std::size_t size = any_size();
        note("claim(" + std::to_string(size) + ")");
        auto claimed = ring_.claim(size);
        agree(static_cast<bool>(claimed) == fits(size), "claim");
        agree(claimed.bytes().size() == (claimed ? size : 0), "the size of a claim");
        refused_pushes_ += claimed ? 0u : 1u;
        if (claimed) claim_.emplace(std::move(claimed));
    }

    void finish_claim() {
        if (!claim_) return;
        const bool kept = !random_.one_in(4);
        const std::size_t used = random_.from_to(0, claim_->bytes().size());
        note(kept ? "commit(" + std::to_string(used) + ")" : "abandon");
        const bytes written = any_message(claim_->bytes().size());
        std::ranges::copy(written, claim_->bytes().begin());
        if (kept) {
            claim_->commit(used);
            put({written.begin(), written.begin() + static_cast<std::ptrdiff_t>(used)});
        }
        claim_.reset();
    }

    void try_pop() {
        const std::size_t room = any_size();
        note("try_pop(" + std::to_string(room) + ")");
        bytes out(room);
        popped(ring_.try_pop(out), out);
        refused_pops_ += was_empty_ ? 1u : 0u;
    }
    void pop_in_time() {
        const std::size_t room = any_size();
        note("pop_for(" + std::to_string(room) + ")");
        bytes out(room);
        popped(ring_.pop_for(out, std::chrono::nanoseconds(0)), out);
        refused_pops_ += was_empty_ && !closed_ ? 1u : 0u;
    }
    void popped(const lfq::popped_message& seen, const bytes& out) {
        using outcome = lfq::popped_message::outcome;
        was_empty_ = queue_.empty();
        const std::size_t size = was_empty_ ? 0 : queue_.front().size();
        const outcome expected = was_empty_ ? outcome::none
            : size <= out.size()            ? outcome::copied
                                            : outcome::too_short;
        agree(seen.what == expected, "what pop answers");
        agree(seen.bytes == size, "the size that pop answers");
        agree(static_cast<bool>(seen) == (expected == outcome::copied), "pop as bool");
        const std::size_t copied = seen ? size : 0;
        if (seen) agree(same(std::span(out).first(copied), queue_.front()), "the popped bytes");
        const bool untouched = std::ranges::all_of(
            std::span(out).subspan(copied), [](std::byte each) { return each == std::byte{0}; });
        agree(untouched, "bytes behind the popped ones");
        if (seen) take(1);
    }

    void peek_one() {
        note("peek");
        const std::optional<message> seen = ring_.peek();
        agree(seen.has_value() == !queue_.empty(), "peek");
        if (seen) agree(same(*seen, queue_.front()), "the peeked message");
    }

    void peek_and_consume() {
        const std::size_t n = random_.one_in(3) ? SIZE_MAX : random_.from_to(0, 4);
        note("peek(" + std::to_string(n) + ")");
        const auto seen = ring_.peek(n);
        agree(seen.size() == std::min(n, queue_.size()), "the count of peek");
        auto expected = queue_.begin();
        for (const message each : seen) agree(same(each, *expected++), "a peeked message");
        agree(expected == queue_.begin() + static_cast<std::ptrdiff_t>(seen.size()), "the range");
        const std::size_t count = random_.from_to(0, seen.size());
        note("consume(" + std::to_string(count) + ")");
        ring_.consume(count);
        take(count);
    }

    void drain() {
        const std::size_t max = random_.one_in(3) ? SIZE_MAX : random_.from_to(0, 4);
        note("drain(" + std::to_string(max) + ")");
        auto expected = queue_.begin();
        const std::size_t count = ring_.drain(
            [&](message each) { agree(same(each, *expected++), "a drained message"); }, max);
        agree(count == std::min(max, queue_.size()), "the count of drain");
        take(count);
    }

    void drain_that_throws() {
        const std::size_t at = random_.from_to(1, 4);
        note("drain_throwing(" + std::to_string(at) + ")");
        std::size_t seen = 0;
        try {
            ring_.drain([&](message) {
                if (++seen == at) throw std::runtime_error("enough");
            });
            agree(seen == queue_.size() && seen < at, "a drain that need not throw");
        } catch (const std::runtime_error&) {
            agree(seen == at, "where the visitor threw");
        }
        take(seen);
    }

    void close() {
        if (claim_) return;
        note("close");
        ring_.close();
        closed_ = true;
    }

    void compare() {
        const lfq::message_statistics seen = ring_.statistics();
        agree(ring_.size_approx() == used_, "size_approx");
        agree(ring_.empty_approx() == queue_.empty(), "empty_approx");
        agree(ring_.closed() == closed_, "closed");
        agree(ring_.drained() == (closed_ && queue_.empty()), "drained");
        agree(seen.published == published_, "published");
        agree(seen.published_bytes == published_bytes_, "published_bytes");
        agree(seen.consumed == consumed_, "consumed");
        agree(seen.consumed_bytes == consumed_bytes_, "consumed_bytes");
        agree(seen.refused_pushes == refused_pushes_, "refused_pushes");
        agree(seen.refused_pops == refused_pops_, "refused_pops");
        agree(seen.high_water_bytes <= ring_.capacity(), "high_water_bytes above capacity");
        agree(seen.high_water_bytes >= most_used_, "high_water_bytes below what was in use");
    }

    Ring& ring_;
    dice& random_;
    std::deque<bytes> queue_;
    std::optional<typename Ring::claimed> claim_;
    std::uint64_t code_ = 1;
    std::size_t used_ = 0;
    std::size_t most_used_ = 0;
    std::uint64_t published_ = 0;
    std::uint64_t published_bytes_ = 0;
    std::uint64_t consumed_ = 0;
    std::uint64_t consumed_bytes_ = 0;
    std::uint64_t refused_pushes_ = 0;
    std::uint64_t refused_pops_ = 0;
    bool was_empty_ = false;
    bool closed_ = false;
    verb_transcript transcript_{ring_.capacity(), false};
};

}  // namespace ring_twins
