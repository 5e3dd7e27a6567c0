// SPDX-License-Identifier: MIT
// lfq/base/env.hpp — the seam through which a model checker sees every shared access.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/copy_fresh.hpp>
#include <lfq/base/pause.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lfq::inline LFQ_ABI {

/// The environment that users get: std::atomic, plain fields, copies; nothing of it costs an
/// instruction.
///
/// It is the last, defaulted template parameter of everything that shares memory. Tests pass
/// another one that records and reorders; nobody else names it. This is the only header of lfq that
/// names std::atomic.
struct std_env {
    template <class T>
    using atomic = std::atomic<T>;

    /// A field that one thread owns at a time; a checker reports a race on it.
    template <class T>
    using plain = T;

    static void fence(std::memory_order order) noexcept {
#if defined(__x86_64__) && defined(__clang__)
        // What g++ makes of a full one. clang's mfence orders no more, among ordinary memory, and
        // with it a pool of rings was filled with 19 million messages a second instead of 89.
        static_cast<void>(order);
        asm volatile("lock orl $0, (%%rsp)" : : : "memory", "cc");
#else
        std::atomic_thread_fence(order);
#endif
    }

    /// Called once in every turn of every waiting loop.
    static void pause() noexcept { cpu_pause(); }

    /// Copies bytes into, or out of, memory that another thread reads, or wrote.
    static void copy_in(void* to, const void* from, std::size_t bytes) noexcept {
        copy_fresh(to, from, bytes);
    }
    static void copy_out(void* to, const void* from, std::size_t bytes) noexcept {
        std::memcpy(to, from, bytes);
    }

    /// Says that the caller is about to read, or write, shared bytes in place.
    static void touch_read(const void*, std::size_t) noexcept {}
    static void touch_write(void*, std::size_t) noexcept {}

    /// Where positions start. Tests start them just below the wrap.
    static constexpr std::uint64_t first_position = 0;
};

}  // namespace lfq::inline LFQ_ABI
