// SPDX-License-Identifier: MIT
// lfq/base/prefetch.hpp — tell the caches which line comes next, and which is done with.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace lfq::inline LFQ_ABI {

/// Brings the line of `address` into this core's cache in a writable state, without waiting for it.
/// A hint: it never faults, so the address may lie anywhere.
inline void prefetch_write(const void* address) noexcept {
#if defined(__x86_64__)
    // The builtin compiles to prefetcht0 unless -mprfchw is given, which fetches the line shared
    // and gains nothing.
    asm volatile("prefetchw %0" : : "m"(*static_cast<const char*>(address)));
#elif defined(__GNUC__)
    __builtin_prefetch(address, 1);
#else
    static_cast<void>(address);
#endif
}

/// Drops the line of `address` from every cache, without waiting for it; its bytes stay in memory.
inline void drop_line(const void* address) noexcept {
#if defined(__x86_64__)
    asm volatile("clflushopt %0" : : "m"(*static_cast<const char*>(address)));
#else
    static_cast<void>(address);
#endif
}

/// Whether dropping lines that were read pays on this processor. On AMD's, taking a line back for
/// writing from another core that still holds a copy costs a full round trip that prefetch_write
/// does not hide; fetching it from memory is hidden.
[[nodiscard]] inline bool drop_line_pays() noexcept {
#if defined(__x86_64__)
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    constexpr unsigned auth = 0x68747541;  // "Auth", of AuthenticAMD
    constexpr unsigned clflushopt_bit = 1U << 23;
    if (__get_cpuid(0, &a, &b, &c, &d) == 0 || b != auth) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & clflushopt_bit) != 0;
#else
    return false;
#endif
}

}  // namespace lfq::inline LFQ_ABI
