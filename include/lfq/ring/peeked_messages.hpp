// SPDX-License-Identifier: MIT
// lfq/ring/peeked_messages.hpp — the oldest messages of a ring, as a range.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/ring/message_record.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>

namespace lfq::inline LFQ_ABI {

/// A forward range of std::span<const std::byte> for the consumer, valid until it pops, consumes or
/// drains.
///
/// A Ring has, privately and with this class as its friend: next_from(position) -> message_record,
/// the first message from there on, and shown(record), its bytes.
template <class Ring>
class peeked_messages {
public:
    class iterator {
    public:
        using iterator_concept = std::forward_iterator_tag;
        using iterator_category = std::input_iterator_tag;  // what it refers to is not an object
        using value_type = std::span<const std::byte>;
        using difference_type = std::ptrdiff_t;
        using reference = value_type;

        iterator() = default;
        [[nodiscard]] value_type operator*() const noexcept {
            return ring_->shown(ring_->next_from(at_));
        }
        iterator& operator++() noexcept {
            at_ = ring_->next_from(at_).behind;
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
        friend peeked_messages;
        iterator(Ring* ring, std::uint64_t at) noexcept : ring_(ring), at_(at) {}

        Ring* ring_ = nullptr;
        std::uint64_t at_ = 0;
    };

    [[nodiscard]] iterator begin() const noexcept { return {ring_, first_}; }
    [[nodiscard]] iterator end() const noexcept { return {ring_, end_}; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

private:
    friend Ring;
    // Walks over at most n messages.
    peeked_messages(Ring& ring, std::uint64_t first, std::size_t n) noexcept
        : ring_(&ring), first_(first), end_(first) {
        for (; count_ != n; ++count_) {
            const message_record next = ring.next_from(end_);
            if (!next.there) break;
            end_ = next.behind;
        }
    }

    Ring* ring_;
    std::uint64_t first_;
    std::uint64_t end_;
    std::size_t count_ = 0;
};

}  // namespace lfq::inline LFQ_ABI
