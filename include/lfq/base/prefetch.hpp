// SPDX-License-Identifier: MIT
// lfq/base/prefetch.hpp — take a cache line before it is written, leave one so that it moves.
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

/// Writes one byte of dead memory, so that its line lies modified in this core's cache. The
/// compiler does not drop it.
inline void dirty_line([[maybe_unused]] void* dead) noexcept {
#if defined(__x86_64__)
    asm volatile("movb $0, %0" : "=m"(*static_cast<char*>(dead)));
#endif
}

/// Whether another core takes a line for writing faster when this one has modified it than when it
/// has only read it. On AMD's processors it does, by far; on others it was not measured.
[[nodiscard]] inline bool dirty_line_pays() noexcept {
#if defined(__x86_64__)
    unsigned level = 0;
    unsigned vendor = 0;
    unsigned c = 0;
    unsigned d = 0;
    constexpr unsigned auth = 0x68747541;  // the first letters of AuthenticAMD
    return __get_cpuid(0, &level, &vendor, &c, &d) != 0 && vendor == auth;
#else
    return false;
#endif
}

}  // namespace lfq::inline LFQ_ABI
