// SPDX-License-Identifier: MIT
// Counts what a program asks operator new for, on all threads. Replaces it, so that it is included
// in one file of a program; programs of files named allocation are made for that.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace support {

inline std::atomic<std::uint64_t> allocations_made{0};
inline std::atomic<std::uint64_t> bytes_asked_for{0};

/// Since the program began.
[[nodiscard]] inline std::uint64_t allocations() noexcept {
    return allocations_made.load(std::memory_order_relaxed);  // count
}
[[nodiscard]] inline std::uint64_t allocated_bytes() noexcept {
    return bytes_asked_for.load(std::memory_order_relaxed);  // count
}

[[nodiscard]] inline void* counted_or_null(std::size_t size, std::size_t alignment) noexcept {
    allocations_made.fetch_add(1, std::memory_order_relaxed);  // count
    bytes_asked_for.fetch_add(size, std::memory_order_relaxed);  // count
    if (alignment <= alignof(std::max_align_t)) return std::malloc(size == 0 ? 1 : size);
    return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}
[[nodiscard]] inline void* counted(std::size_t size, std::size_t alignment) {
    void* const memory = counted_or_null(size, alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

}  // namespace support

// Every form, because a sanitizer has its own for those that are left out.
void* operator new(std::size_t size) { return support::counted(size, 1); }
void* operator new[](std::size_t size) { return support::counted(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return support::counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return support::counted(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return support::counted_or_null(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return support::counted_or_null(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return support::counted_or_null(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return support::counted_or_null(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    std::free(memory);
}
