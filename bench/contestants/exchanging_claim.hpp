// SPDX-License-Identifier: MIT
// bench/contestants/exchanging_claim.hpp — our reference for mpsc_message_ring's claim: the common
// one, which repeats a compare-exchange until no other claim came in between.
//
// All else is the library's own (contestants/message_forms.cmake). The producer sees how far the
// others are before it claims, so the free edge needs no relay.
#pragma once

#include <lfq/ring/exchanging_positions.hpp>

#include <lfq/base/config.hpp>
#include <lfq/policy/wait.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

template <class Env>
auto exchanging_positions<Env>::claim(known& mine, std::size_t n) noexcept -> ticket {
    const auto usable = static_cast<std::int64_t>(usable_);
    position before = tail_.load(std::memory_order_relaxed);  // hint: the exchange decides
    for (;;) {
        const position at = before >> 1;
        if ((before & closed_mark) != 0) return {at, wait::turn::over};
        const position end = behind(at, n);
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
            return {at, wait::turn::done};
        }
    }
}

}  // namespace lfq::inline LFQ_ABI
