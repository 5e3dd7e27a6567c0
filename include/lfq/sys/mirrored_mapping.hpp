// SPDX-License-Identifier: MIT
// lfq/sys/mirrored_mapping.hpp — the same pages mapped twice, one view behind the other.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/sys/mapped_pages.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

namespace lfq::inline LFQ_ABI::sys {

/// When pages are had: as each is first used, or at construction. Of what the machine or the
/// control group has no more, the kernel takes a process's life instead of answering; at
/// construction that is at least not in the middle of the work.
enum class page_touch : std::uint8_t { on_use, at_once };

/// The calls of a mirrored mapping. Tests put their own in their place.
struct os_calls {
    static long sysconf(int name) noexcept { return ::sysconf(name); }
    static int memfd_create(const char* name, unsigned flags) noexcept {
        return ::memfd_create(name, flags);
    }
    /// The limit on the size of a file.
    static int getrlimit(rlimit& limit) noexcept { return ::getrlimit(RLIMIT_FSIZE, &limit); }
    static int ftruncate(int file, off_t bytes) noexcept { return ::ftruncate(file, bytes); }
    static int fallocate(int file, int mode, off_t from, off_t bytes) noexcept {
        return ::fallocate(file, mode, from, bytes);
    }
    static void* mmap(
        void* at, std::size_t bytes, int access, int kind, int file, off_t from) noexcept {
        return ::mmap(at, bytes, access, kind, file, from);
    }
    static int mprotect(void* at, std::size_t bytes, int access) noexcept {
        return ::mprotect(at, bytes, access);
    }
    static int munmap(void* at, std::size_t bytes) noexcept { return ::munmap(at, bytes); }
    static int close(int file) noexcept { return ::close(file); }
};

/// Zeroed memory seen twice: data()[i] and data()[bytes() + i] are one byte. Given back on
/// destruction; moves, does not copy. Keeps no descriptor. A child of fork() shares the pages.
/// Throws std::length_error for sizes that cannot be, or that the machine's memory could not hold;
/// std::system_error with the call that failed; the size of a file (RLIMIT_FSIZE) is among the
/// limits that count. Nothing is left behind then, but that addresses without memory may stay
/// reserved when the OS ran out of memory of its own.
template <class Calls>
class basic_mirrored_mapping {
public:
    static constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

    /// Sizes are rounded up to a multiple of this, the ordinary page; on huge pages to
    /// huge_page_bytes.
    [[nodiscard]] static std::size_t granule();

    /// At least `bytes`, on ordinary pages.
    [[nodiscard]] static basic_mirrored_mapping ordinary(
        std::size_t bytes, page_touch touch = page_touch::on_use);

    /// At least `bytes` on reserved huge pages, which are had at once, else on ordinary ones;
    /// page_bytes() tells which, and the size is a multiple of 2 MiB on both.
    [[nodiscard]] static basic_mirrored_mapping huge(
        std::size_t bytes, page_touch touch = page_touch::on_use);

    /// The first view; the second begins bytes() behind it.
    [[nodiscard]] void* data() const noexcept { return pages_.data(); }
    /// Of one view.
    [[nodiscard]] std::size_t bytes() const noexcept { return pages_.bytes() / 2; }
    /// 2 MiB on reserved huge pages, else the ordinary page.
    [[nodiscard]] std::size_t page_bytes() const noexcept { return pages_.page_bytes(); }

private:
    struct mapped {
        std::byte* data = nullptr;
        std::size_t bytes = 0;
        std::size_t page_bytes = 0;
    };

    // What was mapped, or the call that failed.
    struct outcome {
        mapped views;
        const char* failed = nullptr;
        int error = 0;
    };

    explicit basic_mirrored_mapping(const mapped& views) noexcept
        : pages_(views.data, 2 * views.bytes, views.page_bytes) {}

    [[nodiscard]] static outcome failure(const char* call) noexcept { return {{}, call, errno}; }
    [[nodiscard]] static std::size_t rounded(std::size_t bytes, std::size_t unit);
    static void check_memory(std::size_t bytes, std::size_t page_bytes);
    [[nodiscard]] static outcome map(
        std::size_t bytes, std::size_t page_bytes, unsigned file_kind, page_touch touch) noexcept;
    [[nodiscard]] static outcome map_file(
        int file, std::size_t bytes, std::size_t page_bytes, page_touch touch) noexcept;
    [[nodiscard]] static outcome reserve(
        int file, std::size_t bytes, std::size_t page_bytes) noexcept;
    [[nodiscard]] static outcome map_views(
        int file, const mapped& views, page_touch touch) noexcept;

    mapped_pages<Calls> pages_;
};

using mirrored_mapping = basic_mirrored_mapping<os_calls>;

template <class Calls>
std::size_t basic_mirrored_mapping<Calls>::granule() {
    const long bytes = Calls::sysconf(_SC_PAGESIZE);
    if (bytes <= 0) refuse_call(errno, "sysconf");
    return static_cast<std::size_t>(bytes);
}

template <class Calls>
auto basic_mirrored_mapping<Calls>::ordinary(std::size_t bytes, page_touch touch)
    -> basic_mirrored_mapping {
    const std::size_t page_bytes = granule();
    const std::size_t whole = rounded(bytes, page_bytes);
    check_memory(whole, page_bytes);
    const outcome done = map(whole, page_bytes, 0, touch);
    if (done.failed != nullptr) refuse_call(done.error, done.failed);
    return basic_mirrored_mapping(done.views);
}

template <class Calls>
auto basic_mirrored_mapping<Calls>::huge(std::size_t bytes, page_touch touch)
    -> basic_mirrored_mapping {
    constexpr unsigned huge_2_mib = 21U << MAP_HUGE_SHIFT;  // whatever size is the default
    const std::size_t whole = rounded(bytes, huge_page_bytes);
    // A huge page that is promised may still be missing when it is touched, so all are had now.
    const outcome done = map(whole, huge_page_bytes, MFD_HUGETLB | huge_2_mib, page_touch::at_once);
    return done.failed == nullptr ? basic_mirrored_mapping(done.views) : ordinary(whole, touch);
}

template <class Calls>
std::size_t basic_mirrored_mapping<Calls>::rounded(std::size_t bytes, std::size_t unit) {
    // Twice as much, and a page to align it, must be addressable.
    constexpr std::size_t most = static_cast<std::size_t>(PTRDIFF_MAX) / 2 - huge_page_bytes;
    if (bytes == 0 || bytes > most)
        refuse_length(
            "lfq: a mirrored mapping has at least 1 byte, and at most what fits twice into memory");
    return (bytes + unit - 1) / unit * unit;
}

// The kernel maps more than there is, and ends the process when it is used.
template <class Calls>
void basic_mirrored_mapping<Calls>::check_memory(std::size_t bytes, std::size_t page_bytes) {
    const long pages = Calls::sysconf(_SC_PHYS_PAGES);
    if (pages <= 0) refuse_call(errno, "sysconf");
    if (bytes / page_bytes <= static_cast<std::size_t>(pages)) return;
    char sentence[128];
    std::snprintf(sentence, sizeof sentence,
        "lfq: a mirrored mapping of %zu bytes is larger than this machine's memory of %zu", bytes,
        static_cast<std::size_t>(pages) * page_bytes);
    refuse_length(sentence);
}

template <class Calls>
auto basic_mirrored_mapping<Calls>::map(std::size_t bytes, std::size_t page_bytes,
    unsigned file_kind, page_touch touch) noexcept -> outcome {
    const int file = Calls::memfd_create("lfq_mirrored", MFD_CLOEXEC | file_kind);
    if (file < 0) return failure("memfd_create");
    const outcome done = map_file(file, bytes, page_bytes, touch);
    Calls::close(file);  // the views keep the pages; the descriptor is gone whatever this answers
    return done;
}

template <class Calls>
auto basic_mirrored_mapping<Calls>::map_file(
    int file, std::size_t bytes, std::size_t page_bytes, page_touch touch) noexcept -> outcome {
    rlimit largest{};
    if (Calls::getrlimit(largest) != 0) return failure("getrlimit");
    // Looked at before, because ftruncate would answer with a signal, SIGXFSZ, which ends a process
    // that does not ignore it. A limit that is lowered between the two calls still does.
    if (bytes > largest.rlim_cur) return {{}, "ftruncate", EFBIG};
    if (Calls::ftruncate(file, static_cast<off_t>(bytes)) != 0) return failure("ftruncate");
    if (touch == page_touch::at_once) {
        // Huge pages that are not there are an error here; touched, they would be a signal. In
        // steps, because a signal may undo one.
        constexpr std::size_t step = std::size_t{8} << 20;
        for (std::size_t had = 0; had < bytes;) {
            const std::size_t next = std::min(step, bytes - had);
            if (Calls::fallocate(file, 0, static_cast<off_t>(had), static_cast<off_t>(next)) == 0)
                had += next;
            else if (errno != EINTR)
                return failure("fallocate");
        }
    }
    const outcome reserved = reserve(file, bytes, page_bytes);
    return reserved.failed == nullptr ? map_views(file, reserved.views, touch) : reserved;
}

// Addresses for both views in one piece, so that no other thread's mapping can come between them.
template <class Calls>
auto basic_mirrored_mapping<Calls>::reserve(
    int file, std::size_t bytes, std::size_t page_bytes) noexcept -> outcome {
    // What the OS gives is aligned to an ordinary page; what lies around it is given back.
    const std::size_t slack = page_bytes == huge_page_bytes ? huge_page_bytes : 0;
    // Of the file, so that the OS joins it to nobody else's.
    constexpr int kind = MAP_SHARED | MAP_NORESERVE;
    void* const at = Calls::mmap(nullptr, 2 * bytes + slack, PROT_NONE, kind, file, 0);
    if (at == MAP_FAILED) return failure("mmap");
    const std::size_t beyond = reinterpret_cast<std::uintptr_t>(at) % page_bytes;
    const std::size_t skipped = slack == 0 || beyond == 0 ? 0 : page_bytes - beyond;
    std::byte* const data = static_cast<std::byte*>(at) + skipped;
    if (skipped != 0) Calls::munmap(at, skipped);
    if (skipped != slack) Calls::munmap(data + 2 * bytes, slack - skipped);

    // Makes two mappings of it. Each view replaces one, so it is here that a limit of mappings is
    // met, where a failure takes nothing away.
    if (Calls::mprotect(data + bytes, bytes, PROT_READ) == 0) return {{data, bytes, page_bytes}};
    const outcome refused = failure("mprotect");
    Calls::munmap(data, 2 * bytes);
    return refused;
}

template <class Calls>
auto basic_mirrored_mapping<Calls>::map_views(
    int file, const mapped& views, page_touch touch) noexcept -> outcome {
    constexpr int access = PROT_READ | PROT_WRITE;
    // Populated, a view has its page tables filled; the pages themselves are there already.
    const int kind = MAP_SHARED | MAP_FIXED | (touch == page_touch::at_once ? MAP_POPULATE : 0);
    std::byte* const second = views.data + views.bytes;
    for (std::byte* const view : {views.data, second}) {
        if (Calls::mmap(view, views.bytes, access, kind, file, 0) != MAP_FAILED) continue;
        const outcome refused = failure("mmap");
        Calls::munmap(view == second ? views.data : second, views.bytes);
        // POSIX lets a mapping that fails take away what it was to replace. Linux has done so where
        // its own memory was short, and another thread's mapping may be there by now: so that is
        // never unmapped. Any other error comes before.
        if (refused.error != ENOMEM) Calls::munmap(view, views.bytes);
        return refused;
    }
    return {views};
}

}  // namespace lfq::inline LFQ_ABI::sys
