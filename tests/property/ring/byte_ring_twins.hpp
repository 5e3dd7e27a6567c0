// SPDX-License-Identifier: MIT
// A byte_ring and a queue of bytes, driven side by side by the same dice; after every verb all that
// can be seen is compared.
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
#include <string>
#include <utility>

namespace ring_twins {

/// Not copied, not moved: it lives as long as one game.
template <class Ring>
class byte_twins {
public:
    byte_twins(Ring& ring, support::dice& random) : ring_(ring), random_(random) {}

    void step() {
        switch (random_.from_to(0, 9)) {
            case 0:
            case 1: push_n(); break;
            case 2: push_in_time(); break;
            case 3:
            case 4: open_claim(); break;
            case 5: finish_claim(); break;
            case 6: pop_n(); break;
            case 7: pop_in_time(); break;
            case 8: peek_and_consume(); break;
            default:
                if (random_.one_in(30)) close();
        }
        compare();
    }

    // Finishes what is open and takes the rest out.
    void end() {
        if (claim_) finish_claim();
        close();
        note("end");
        support::bytes out(1'000);
        while (const std::size_t count = ring_.pop_n(out)) taken(std::span(out).first(count));
        agree(queue_.empty(), "bytes are left");
        agree(ring_.drained(), "drained");
        compare();
    }

private:
    using view = std::span<const std::byte>;

    void note(const std::string& verb) { transcript_.note(verb); }
    void agree(bool equal, const std::string& what) { transcript_.agree(equal, what); }

    [[nodiscard]] std::size_t room() const {
        return closed_ ? 0 : ring_.capacity() - queue_.size();
    }
    std::size_t any_size() {
        const std::size_t most = random_.one_in(3) ? ring_.capacity() + 3 : 50;
        return random_.one_in(8) ? room() : random_.from_to(0, most);
    }
    support::bytes any_bytes(std::size_t size) { return support::numbered_bytes(size, code_++); }

    void put(view pushed) {
        queue_.insert(queue_.end(), pushed.begin(), pushed.end());
        published_ += pushed.size();
        most_used_ = std::max(most_used_, queue_.size());
    }
    void taken(view seen) {
        agree(seen.size() <= queue_.size(), "more bytes than there are");
        agree(std::equal(seen.begin(), seen.end(), queue_.begin()), "the bytes");
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(seen.size()));
        consumed_ += seen.size();
    }

    void push_n() {
        if (claim_) return;
        const support::bytes next = any_bytes(any_size());
        note("try_push_n(" + std::to_string(next.size()) + ")");
        const std::size_t expected = std::min(next.size(), room());
        agree(ring_.try_push_n(next) == expected, "try_push_n");
        refused_pushes_ += expected == 0 && !next.empty() ? 1u : 0u;
        put(view(next).first(expected));
    }

    void push_in_time() {
        if (claim_) return;
        const support::bytes next = any_bytes(any_size());
        note("push_n_for(" + std::to_string(next.size()) + ")");
        const std::size_t expected = std::min(next.size(), room());
        const bool all = expected == next.size();
        const std::size_t pushed = all && random_.one_in(2)
            ? ring_.push_n(next)
            : ring_.push_n_for(next, std::chrono::nanoseconds(0));
        agree(pushed == expected, "push_n_for");
        refused_pushes_ += all || closed_ ? 0u : 1u;
        put(view(next).first(expected));
    }

    void open_claim() {
        if (claim_) return;
        const std::size_t most = any_size();
        note("claim(" + std::to_string(most) + ")");
        const std::size_t expected = std::min(most, room());
        auto claimed = ring_.claim(most);
        agree(static_cast<bool>(claimed) == (expected != 0), "claim");
        agree(claimed.bytes().size() == expected, "the size of a claim");
        refused_pushes_ += expected == 0 && most != 0 ? 1u : 0u;
        if (claimed) claim_.emplace(std::move(claimed));
    }

    void finish_claim() {
        if (!claim_) return;
        const bool kept = !random_.one_in(4);
        const std::size_t size = claim_->bytes().size();
        const std::size_t used = random_.one_in(2) ? size : random_.from_to(0, size);
        note(kept ? "commit(" + std::to_string(used) + ")" : "abandon");
        const support::bytes written = any_bytes(size);
        std::ranges::copy(written, claim_->bytes().begin());
        if (kept) {
            claim_->commit(used);
            put(view(written).first(used));
        }
        claim_.reset();
    }

    void pop_n() {
        support::bytes out(any_size());
        note("try_pop_n(" + std::to_string(out.size()) + ")");
        refused_pops_ += queue_.empty() && !out.empty() ? 1u : 0u;
        popped(ring_.try_pop_n(out), out);
    }
    void pop_in_time() {
        support::bytes out(any_size());
        note("pop_n_for(" + std::to_string(out.size()) + ")");
        refused_pops_ += queue_.empty() && !out.empty() && !closed_ ? 1u : 0u;
        popped(ring_.pop_n_for(out, std::chrono::nanoseconds(0)), out);
    }
    void popped(std::size_t count, view out) {
        agree(count <= out.size(), "more bytes than there is room for");
        agree((count == 0) == (queue_.empty() || out.empty()), "whether bytes came");
        agree(count == std::min(out.size(), queue_.size()), "how many bytes came");
        taken(out.first(count));
    }

    void peek_and_consume() {
        note("peek");
        const view seen = ring_.peek();
        agree(seen.size() == queue_.size(), "the size of peek");
        agree(std::equal(seen.begin(), seen.end(), queue_.begin()), "the peeked bytes");
        const std::size_t count = random_.one_in(3) ? seen.size() : random_.from_to(0, seen.size());
        note("consume(" + std::to_string(count) + ")");
        taken(seen.first(count));
        ring_.consume(count);
    }

    void close() {
        if (claim_) return;
        note("close");
        ring_.close();
        closed_ = true;
    }

    void compare() {
        const lfq::ring_statistics seen = ring_.statistics();
        agree(ring_.size_approx() == queue_.size(), "size_approx");
        agree(ring_.empty_approx() == queue_.empty(), "empty_approx");
        agree(ring_.closed() == closed_, "closed");
        agree(ring_.drained() == (closed_ && queue_.empty()), "drained");
        agree(seen.published == published_, "published");
        agree(seen.consumed == consumed_, "consumed");
        agree(seen.refused_pushes == refused_pushes_, "refused_pushes");
        agree(seen.refused_pops == refused_pops_, "refused_pops");
        agree(seen.skipped == 0, "skipped");
        agree(seen.high_water <= ring_.capacity(), "high_water above capacity");
        agree(seen.high_water >= most_used_, "high_water below what was in use");
    }

    Ring& ring_;
    support::dice& random_;
    std::deque<std::byte> queue_;
    std::optional<typename Ring::claimed> claim_;
    std::uint64_t code_ = 1;
    std::size_t most_used_ = 0;
    std::uint64_t published_ = 0;
    std::uint64_t consumed_ = 0;
    std::uint64_t refused_pushes_ = 0;
    std::uint64_t refused_pops_ = 0;
    bool closed_ = false;
    verb_transcript transcript_{ring_.capacity(), false};
};

}  // namespace ring_twins
