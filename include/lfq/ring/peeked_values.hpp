// SPDX-License-Identifier: MIT
// lfq/ring/peeked_values.hpp — the oldest values of a ring of stamped slots, as a range.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace lfq::inline LFQ_ABI {

/// A forward range of T& for the consumer, valid until it pops, consumes or drains. A Ring has,
/// privately and with this class as its friend, slots_, a slot_array of its type slot, which is a
/// stamped_slot.
template <class Ring, class T>
class peeked_values {
public:
    class iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = T*;
        using reference = T&;

        iterator() = default;
        [[nodiscard]] T& operator*() const noexcept { return *ring_->slots_.at(at_)->value(); }
        [[nodiscard]] T* operator->() const noexcept { return &**this; }
        iterator& operator++() noexcept {
            at_ = skip(ring_, at_ + 1, end_);
            return *this;
        }
        iterator operator++(int) noexcept {
            const iterator before = *this;
            ++*this;
            return before;
        }
        [[nodiscard]] friend bool operator==(const iterator& a, const iterator& b) noexcept {
            return a.at_ == b.at_;
        }

    private:
        friend peeked_values;
        iterator(Ring* ring, std::uint64_t at, std::uint64_t end) noexcept
            : ring_(ring), at_(at), end_(end) {}

        Ring* ring_ = nullptr;
        std::uint64_t at_ = 0;
        std::uint64_t end_ = 0;
    };

    [[nodiscard]] iterator begin() const noexcept { return {ring_, first_, end_}; }
    [[nodiscard]] iterator end() const noexcept { return {ring_, end_, end_}; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

private:
    friend Ring;
    using slot = typename Ring::slot;

    // Walks to the n-th value, or to the first slot that is unfinished.
    peeked_values(Ring& ring, std::uint64_t head, std::size_t n) noexcept
        : ring_(&ring), end_(head) {
        for (std::size_t looked = 0; looked != ring.capacity() && count_ != n; ++looked, ++end_) {
            const typename slot::state found = ring.slots_.at(end_)->look(end_);
            if (found == slot::state::unfinished) break;
            if (found == slot::state::built) ++count_;
        }
        first_ = skip(ring_, head, end_);
    }

    static std::uint64_t skip(Ring* ring, std::uint64_t at, std::uint64_t end) noexcept {
        while (at != end && ring->slots_.at(at)->look(at) == slot::state::skipped) ++at;
        return at;
    }

    Ring* ring_;
    std::uint64_t first_ = 0;
    std::uint64_t end_;
    std::size_t count_ = 0;
};

}  // namespace lfq::inline LFQ_ABI
