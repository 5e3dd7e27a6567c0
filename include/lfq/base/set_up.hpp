// SPDX-License-Identifier: MIT
// lfq/base/set_up.hpp — what a constructor does when it cannot: throw, or end.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <system_error>

namespace lfq::inline LFQ_ABI {

/// A capacity or a size that cannot be: std::length_error.
[[noreturn]] inline void refuse_length(const char* sentence) {
#if LFQ_EXCEPTIONS
    throw std::length_error(sentence);
#else
    LFQ_FATAL(sentence);
#endif
}

/// Memory that was not to be had: std::bad_alloc.
[[noreturn]] inline void refuse_memory() {
#if LFQ_EXCEPTIONS
    throw std::bad_alloc();
#else
    LFQ_FATAL("out of memory");
#endif
}

/// A call of the operating system that failed: std::system_error with its code and its name.
[[noreturn]] inline void refuse_call(int error, const char* call) {
#if LFQ_EXCEPTIONS
    throw std::system_error(error, std::generic_category(), call);
#else
    std::fprintf(stderr, "lfq: %s: %s\n", call, std::strerror(error));
    std::abort();
#endif
}

}  // namespace lfq::inline LFQ_ABI
