// SPDX-License-Identifier: MIT
// lfq/sys/page_mapping.hpp — memory straight from the OS, on huge pages where there are some.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/sys/mapped_pages.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include <sys/mman.h>
#include <unistd.h>

namespace lfq::inline LFQ_ABI::sys {

/// Zeroed memory, page aligned, given back on destruction; moves, does not copy. Throws
/// std::system_error.
class page_mapping {
public:
    static constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

    /// Maps at least `bytes` on reserved huge pages, else on ordinary ones that the kernel is asked
    /// to merge; page_bytes() tells which.
    [[nodiscard]] static page_mapping huge(std::size_t bytes);

    [[nodiscard]] void* data() const noexcept { return pages_.data(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return pages_.bytes(); }

    /// 2 MiB on reserved huge pages, else the ordinary page. The kernel may still merge ordinary
    /// ones behind our back.
    [[nodiscard]] std::size_t page_bytes() const noexcept { return pages_.page_bytes(); }

private:
    page_mapping(void* data, std::size_t bytes, std::size_t page_bytes) noexcept
        : pages_(data, bytes, page_bytes) {}

    mapped_pages<> pages_;
};

inline page_mapping page_mapping::huge(std::size_t bytes) {
    if (bytes > static_cast<std::size_t>(PTRDIFF_MAX) - huge_page_bytes)
        refuse_call(ENOMEM, "mmap");
    const std::size_t rounded = (bytes + huge_page_bytes - 1) & ~(huge_page_bytes - 1);
    constexpr int access = PROT_READ | PROT_WRITE;
    constexpr int kind = MAP_PRIVATE | MAP_ANONYMOUS;
    constexpr int huge_2_mib = 21 << MAP_HUGE_SHIFT;  // whatever size is the system's default
    void* data = ::mmap(nullptr, rounded, access, kind | MAP_HUGETLB | huge_2_mib, -1, 0);
    if (data != MAP_FAILED) return {data, rounded, huge_page_bytes};

    // One huge page more than needed, so that an aligned piece of the right size lies inside; the
    // rest goes back.
    data = ::mmap(nullptr, rounded + huge_page_bytes, access, kind, -1, 0);
    if (data == MAP_FAILED) refuse_call(errno, "mmap");
    auto* const first = static_cast<std::byte*>(data);
    const std::size_t before =
        (huge_page_bytes - reinterpret_cast<std::uintptr_t>(first)) & (huge_page_bytes - 1);
    if (before != 0) ::munmap(first, before);
    ::munmap(first + before + rounded, huge_page_bytes - before);
    ::madvise(
        first + before, rounded, MADV_HUGEPAGE);  // advice only: a refusal leaves ordinary pages
    return {first + before, rounded, static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))};
}

}  // namespace lfq::inline LFQ_ABI::sys
