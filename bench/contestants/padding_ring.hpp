// SPDX-License-Identifier: MIT
// bench/contestants/padding_ring.hpp — our reference for messages without mirrored memory: a ring
// with a length before each message, and a record that pads the end where one would wrap.
#pragma once

#include <lfq/base/env.hpp>
#include <lfq/ring/popped_message.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace bench {

struct by_memcpy {
    static void in(std::byte* to, const std::byte* from, std::size_t bytes) {
        std::memcpy(to, from, bytes);
    }
};
/// As lfq's rings do.
struct by_words {
    static void in(std::byte* to, const std::byte* from, std::size_t bytes) {
        lfq::std_env::copy_in(to, from, bytes);
    }
};

/// One producer, one consumer, each with a memory of the other's position, as such rings are
/// commonly written. Copy is how bytes come in.
template <class Copy>
class padding_ring {
public:
    explicit padding_ring(std::size_t bytes) : bytes_(std::bit_ceil(bytes)) {}

    bool try_push(std::span<const std::byte> message) {
        const std::size_t record = record_of(message.size());
        const std::size_t to_end = bytes_.size() - index(tail_);
        const std::size_t pad = to_end < record ? to_end : 0;
        if (!has_room(pad + record)) return false;
        if (pad != 0) {
            write_length(tail_, padding);
            tail_ += pad;
        }
        write_length(tail_, message.size());
        Copy::in(&bytes_[index(tail_) + header], message.data(), message.size());
        tail_ += record;
        published_.value.store(tail_, std::memory_order_release);
        return true;
    }

    lfq::popped_message try_pop(std::span<std::byte> out) {
        lfq::popped_message answer;
        if (!has_message()) return answer;
        const std::size_t size = skip_padding();
        answer = {lfq::popped_message::outcome::copied, std::min(size, out.size())};
        std::memcpy(out.data(), &bytes_[index(head_) + header], answer.bytes);
        head_ += record_of(size);
        freed_.value.store(head_, std::memory_order_release);
        return answer;
    }

    template <class Visit>
    std::size_t drain(Visit visit) {
        std::size_t count = 0;
        if (!has_message()) return count;
        for (; head_ != seen_tail_; ++count) {
            const std::size_t size = skip_padding();
            visit(std::span<const std::byte>(&bytes_[index(head_) + header], size));
            head_ += record_of(size);
        }
        freed_.value.store(head_, std::memory_order_release);
        return count;
    }

private:
    static constexpr std::size_t header = 8;
    static constexpr std::uint64_t padding = UINT64_MAX;

    struct alignas(128) lone {
        std::atomic<std::uint64_t> value{0};
    };

    static std::size_t record_of(std::size_t size) { return header + (size + 7) / 8 * 8; }
    [[nodiscard]] std::size_t index(std::uint64_t at) const { return at & (bytes_.size() - 1); }
    void write_length(std::uint64_t at, std::uint64_t length) {
        std::memcpy(&bytes_[index(at)], &length, sizeof length);
    }
    bool has_room(std::size_t wanted) {
        if (tail_ + wanted - seen_head_ <= bytes_.size()) return true;
        seen_head_ = freed_.value.load(std::memory_order_acquire);
        return tail_ + wanted - seen_head_ <= bytes_.size();
    }
    bool has_message() {
        if (head_ != seen_tail_) return true;
        seen_tail_ = published_.value.load(std::memory_order_acquire);
        return head_ != seen_tail_;
    }
    // The size of the message at the head, behind the padding if that comes first.
    std::size_t skip_padding() {
        std::uint64_t length = 0;
        std::memcpy(&length, &bytes_[index(head_)], sizeof length);
        if (length != padding) return length;
        head_ += bytes_.size() - index(head_);
        std::memcpy(&length, &bytes_[index(head_)], sizeof length);
        return length;
    }

    std::vector<std::byte> bytes_;
    lone published_;
    lone freed_;
    alignas(128) std::uint64_t tail_ = 0;  // the producer's own, to the end of its lines
    std::uint64_t seen_head_ = 0;
    alignas(128) std::uint64_t head_ = 0;  // the consumer's own
    std::uint64_t seen_tail_ = 0;
};

}  // namespace bench
