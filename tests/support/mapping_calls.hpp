// SPDX-License-Identifier: MIT
// The calls of a mirrored mapping, counted, of which the n-th fails when a test says so; and what
// the process has, as the kernel tells it.
#pragma once

#include <lfq/sys/mirrored_mapping.hpp>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/types.h>

namespace support {

/// The real calls, but for the one that fails. Giving back does its work and fails afterwards, as
/// close does on Linux.
struct mapping_calls {
    static inline std::atomic<int> files{0};
    static inline std::atomic<std::size_t> mapped_bytes{0};
    static inline int made = 0;
    static inline int fails_at = 0;  // 1 is the next one; 0: none
    static inline int error = 0;
    static inline const char* failed = "";  // the call that did
    // Huge pages: as the machine has them; none; or ordinary ones that pass for them.
    enum class huge_pages { real, none, pretended };
    static inline huge_pages huge = huge_pages::real;
    // A fixed mapping that fails: has it unmapped what was there? Then somebody else maps the
    // addresses, and is told where.
    static inline bool loses = false;
    static inline unsigned char* somebody = nullptr;

    static void fail(int at, int with) {
        made = 0;
        fails_at = at;
        error = with;
        failed = "";
    }

    static long sysconf(int name) noexcept {
        return due("sysconf") ? -1 : lfq::sys::os_calls::sysconf(name);
    }
    static int memfd_create(const char* name, unsigned flags) noexcept {
        if (due("memfd_create")) return -1;
        if ((flags & MFD_HUGETLB) != 0 && huge != huge_pages::real) {
            if (huge == huge_pages::none) {
                errno = ENOSYS;
                return -1;
            }
            flags = MFD_CLOEXEC;
        }
        const int file = lfq::sys::os_calls::memfd_create(name, flags);
        if (file >= 0) ++files;
        return file;
    }
    static int getrlimit(rlimit& limit) noexcept {
        return due("getrlimit") ? -1 : lfq::sys::os_calls::getrlimit(limit);
    }
    static int ftruncate(int file, off_t bytes) noexcept {
        return due("ftruncate") ? -1 : lfq::sys::os_calls::ftruncate(file, bytes);
    }
    static int fallocate(int file, int mode, off_t from, off_t bytes) noexcept {
        return due("fallocate") ? -1 : lfq::sys::os_calls::fallocate(file, mode, from, bytes);
    }
    static void* mmap(
        void* at, std::size_t bytes, int access, int kind, int file, off_t from) noexcept {
        if (due("mmap")) {
            if (loses && (kind & MAP_FIXED) != 0) lose(at, bytes);
            errno = error;
            return MAP_FAILED;
        }
        void* const got = lfq::sys::os_calls::mmap(at, bytes, access, kind, file, from);
        if (got != MAP_FAILED && (kind & MAP_FIXED) == 0) mapped_bytes += bytes;
        return got;
    }
    static int mprotect(void* at, std::size_t bytes, int access) noexcept {
        return due("mprotect") ? -1 : lfq::sys::os_calls::mprotect(at, bytes, access);
    }
    static int munmap(void* at, std::size_t bytes) noexcept {
        const int answer = lfq::sys::os_calls::munmap(at, bytes);
        if (answer == 0) mapped_bytes -= bytes;
        return due("munmap") ? -1 : answer;
    }
    static int close(int file) noexcept {
        const int answer = lfq::sys::os_calls::close(file);
        if (answer == 0) --files;
        return due("close") ? -1 : answer;
    }

private:
    static void lose(void* at, std::size_t bytes) noexcept {
        mapped_bytes -= bytes;
        constexpr int kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
        somebody =
            static_cast<unsigned char*>(::mmap(at, bytes, PROT_READ | PROT_WRITE, kind, -1, 0));
    }
    static bool due(const char* call) noexcept {
        if (++made != fails_at) return false;
        failed = call;
        errno = error;
        return true;
    }
};

/// What building something came to.
struct attempt {
    std::string error;  // empty: it was built
    std::error_code code;
};
template <class Build>
[[nodiscard]] attempt attempted(Build&& build) {
    try {
        build();
        return {};
    } catch (const std::system_error& failure) {
        return {failure.what(), failure.code()};
    }
}

/// Before descriptors run out: UBSan looks at the first object of a type, as each of its bases,
/// through a pipe.
inline void meet_a_system_error() {
    const auto fail = [] { throw std::system_error(EPERM, std::generic_category(), "met"); };
    static_cast<void>(attempted(fail));
    try {
        fail();
    } catch (const std::exception& met) {
        static_cast<void>(std::string(met.what()));
    }
}

[[nodiscard]] inline std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Views of mirrored memory that are mapped now.
[[nodiscard]] inline std::size_t mirrored_views() {
    std::ifstream maps("/proc/self/maps");
    std::size_t views = 0;
    for (std::string line; std::getline(maps, line);) {
        if (line.find("memfd:lfq_mirrored") != std::string::npos) ++views;
    }
    return views;
}

}  // namespace support
