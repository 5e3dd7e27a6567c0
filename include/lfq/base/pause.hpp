// SPDX-License-Identifier: MIT
// lfq/base/pause.hpp — tell the core that this is a waiting loop.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

namespace lfq::inline LFQ_ABI {

/// One pause: 15 to 60 ns on x86, a few on Arm. Leaves the memory bus and the sibling thread alone
/// meanwhile.
inline void cpu_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();  // _mm_pause() is this, behind a header that takes half a second
#elif defined(__aarch64__)
    asm volatile("isb" ::: "memory");
#endif
}

}  // namespace lfq::inline LFQ_ABI
