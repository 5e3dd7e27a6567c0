// SPDX-License-Identifier: MIT
// lfq/sys/futex.hpp — sleep until a 32-bit word changes.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <climits>
#include <cstdint>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lfq::inline LFQ_ABI::sys {

/// Linux futex(2), private to the process. Words are 32-bit atomics of any kind that hold nothing
/// but their value.
struct futex {
    /// Sleeps while `word` holds `expected`, until wake_all(), a signal, or the deadline on
    /// sys::clock (INT64_MAX: none). May return for no reason: the caller looks again.
    template <class Word>
    void wait(Word& word, std::uint32_t expected, std::int64_t deadline_ns) noexcept {
        static_assert(sizeof(Word) == sizeof(std::uint32_t));
        timespec until{};
        until.tv_sec = static_cast<decltype(until.tv_sec)>(deadline_ns / 1'000'000'000);
        until.tv_nsec = static_cast<decltype(until.tv_nsec)>(deadline_ns % 1'000'000'000);
        // The bitset form takes an absolute deadline on the monotonic clock.
        ::syscall(wait_call, &word, FUTEX_WAIT_BITSET_PRIVATE, expected,
            deadline_ns == INT64_MAX ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
    }

    template <class Word>
    void wake_all(Word& word) noexcept {
        ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
    }

private:
    // On 32 bits SYS_futex reads 32-bit seconds, whatever our timespec has.
#ifdef SYS_futex_time64
    static constexpr long wait_call = sizeof(std::time_t) > sizeof(long) ? SYS_futex_time64
                                                                         : SYS_futex;
#else
    static constexpr long wait_call = SYS_futex;
#endif
};

}  // namespace lfq::inline LFQ_ABI::sys
