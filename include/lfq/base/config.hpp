// SPDX-License-Identifier: MIT
// lfq/base/config.hpp — what the compiler and the builder decided, turned into LFQ_ macros.
// Room: base (floor 0). Reads: version.
#pragma once

#include <lfq/version.hpp>

#if !(defined(_MSVC_LANG) ? _MSVC_LANG >= 202002L : __cplusplus >= 202002L)
#error "lfq needs C++20: compile with -std=c++20, or set CMAKE_CXX_STANDARD to 20"
#endif

/// Bytes that move together between two cores. The builder may set it; it changes layouts, so
/// LFQ_ABI carries it.
#ifndef LFQ_CACHE_LINE
#if defined(__APPLE__) && defined(__aarch64__)
#define LFQ_CACHE_LINE 128
#else
#define LFQ_CACHE_LINE 64
#endif
#endif

/// 1: LFQ_ASSERT is on and rings watch who calls them. The builder may set it; the default follows
/// NDEBUG.
#ifndef LFQ_CHECKED
#ifdef NDEBUG
#define LFQ_CHECKED 0
#else
#define LFQ_CHECKED 1
#endif
#endif

/// 1: set-up failures throw; 0: they end in LFQ_FATAL.
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define LFQ_EXCEPTIONS 1
#else
#define LFQ_EXCEPTIONS 0
#endif

/// 1: hwloc tells sys/topology.hpp about the machine, and is linked: lfq::numa sets it. 0: the
/// files of Linux do. Only who asks for a topology is built differently, so only that carries it.
#ifndef LFQ_HAS_HWLOC
#define LFQ_HAS_HWLOC 0
#endif
#if LFQ_HAS_HWLOC
#define LFQ_TOPOLOGY_ABI told_by_hwloc
#else
#define LFQ_TOPOLOGY_ABI told_by_linux
#endif

/// Bits of a vector register that code of this unit may use: 256 with AVX2, else 0. It changes code,
/// so LFQ_ABI carries it. ThreadSanitizer takes a vector load of what others write for a race,
/// rightly, so its builds have none.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LFQ_SIMD 0
#endif
#elif defined(__SANITIZE_THREAD__)
#define LFQ_SIMD 0
#endif
#ifndef LFQ_SIMD
#ifdef __AVX2__
#define LFQ_SIMD 256
#else
#define LFQ_SIMD 0
#endif
#endif

#define LFQ_ABI_TOKENS(major, minor, line, checked, exceptions, simd) \
    v##major##_##minor##_line##line##_checked##checked##_exceptions##exceptions##_simd##simd
#define LFQ_ABI_VALUES(major, minor, line, checked, exceptions, simd) \
    LFQ_ABI_TOKENS(major, minor, line, checked, exceptions, simd)

/// The inline namespace of everything: units that were built differently must not link silently.
#define LFQ_ABI                                                                                  \
    LFQ_ABI_VALUES(LFQ_VERSION_MAJOR, LFQ_VERSION_MINOR, LFQ_CACHE_LINE, LFQ_CHECKED,            \
        LFQ_EXCEPTIONS, LFQ_SIMD)
