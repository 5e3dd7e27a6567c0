// SPDX-License-Identifier: MIT
// bench/contestants/padding_claim.hpp — our reference for mpsc_message_ring without memory mapped
// twice: a compare-exchange that also claims what is left before the ring's end, where the message
// would cross it, and has it skipped.
//
// All else is the library's own (contestants/message_forms.cmake). The ring must have room for one
// largest message more, or a message that needs padding may find no room in an empty one.
#pragma once

#include <lfq/ring/padding_positions.hpp>

#include <lfq/base/config.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/message_stamps.hpp>
#include <lfq/ring/message_words.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

template <class Env>
auto padding_positions<Env>::claim(known& mine, std::size_t n) noexcept -> ticket {
    const auto usable = static_cast<std::int64_t>(usable_);
    position before = tail_.load(std::memory_order_relaxed);  // hint: the exchange decides
    for (;;) {
        const position at = before >> 1;
        if ((before & closed_mark) != 0) return {at, wait::turn::over};
        const std::size_t to_end = words_ - static_cast<std::size_t>(at & (words_ - 1));
        const std::size_t padding = to_end < n ? to_end : 0;
        const position end = behind(at, padding + n);
        if (distance(mine.head, end) > usable) [[unlikely]] {
            // acquire free: pairs with free().
            mine.head = head_.load(std::memory_order_acquire);
            if (distance(mine.head, end) > usable) return {at, wait::turn::refused};
        }
        // own: a claim orders nothing; the words came with the free edge and leave with the publish
        // edge.
        if (tail_.compare_exchange_weak(
                before, end << 1, std::memory_order_relaxed, std::memory_order_relaxed)) {
            mine.tail = end;
            if (padding != 0) [[unlikely]]
                stamps_.finish(
                    at, message_word::bytes_of(padding), message_stamps<Env>::state::skipped);
            return {behind(at, padding), wait::turn::done};
        }
    }
}

}  // namespace lfq::inline LFQ_ABI
