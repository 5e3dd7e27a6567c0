// SPDX-License-Identifier: MIT
// lfq/base/prefetch.hpp — take a cache line before it is written.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

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

}  // namespace lfq::inline LFQ_ABI
