// SPDX-License-Identifier: MIT
// lfq/base/assert.hpp — misuse ends in one line that names it.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#include <cstdio>
#include <cstdlib>

namespace lfq::inline LFQ_ABI {

/// One line to stderr, then abort. Called through LFQ_FATAL and LFQ_ASSERT only.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail_fatally(
    const char* file, int line, const char* what) noexcept {
    std::fprintf(stderr, "lfq: %s:%d: %s\n", file, line, what);
    std::abort();
}

}  // namespace lfq::inline LFQ_ABI

/// Never compiled out: the sentence goes to stderr and the process aborts.
#define LFQ_FATAL(sentence) ::lfq::fail_fatally(__FILE__, __LINE__, sentence)

/// A promise that the caller made. Tested in checked builds, not evaluated in others.
#if LFQ_CHECKED
#define LFQ_ASSERT(condition, sentence) ((condition) ? static_cast<void>(0) : LFQ_FATAL(sentence))
#else
#define LFQ_ASSERT(condition, sentence) static_cast<void>(sizeof((condition) ? 1 : 0))
#endif
