// SPDX-License-Identifier: MIT
// Goal: a mirrored mapping that is beyond what the machine or the process may have is an error that
//         says so, and leaves neither a descriptor nor a mapping behind.
// Method: sizes beyond the machine's memory; limits of the process reached in a child.
// Cannot show: memory that is short for real, for which the kernel ends processes.
#include <lfq/sys/mirrored_mapping.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/load.hpp"
#include "support/mapping_calls.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

using lfq::sys::mirrored_mapping;
using lfq::sys::page_touch;
using support::attempt;
using support::attempted;

std::size_t page_bytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

std::size_t mappings() {
    std::ifstream maps("/proc/self/maps");
    return static_cast<std::size_t>(
        std::count(std::istreambuf_iterator<char>(maps), std::istreambuf_iterator<char>(), '\n'));
}

// Pages of the process's own, one mapping each, until it may have no more of them.
std::vector<void*> every_mapping_left(std::size_t most) {
    std::vector<void*> held;
    held.reserve(most);
    while (held.size() < most) {
        // No two neighbours alike, or they would be one.
        const int access = held.size() % 2 == 0 ? PROT_NONE : PROT_READ;
        void* const at = ::mmap(nullptr, page_bytes(), access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED) break;
        held.push_back(at);
    }
    return held;
}

}  // namespace

TEST_CASE("more_than_the_machine_has_is_a_length_error_that_tells_both_sizes") {
    const auto memory = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) * page_bytes();
    for (const page_touch touch : {page_touch::on_use, page_touch::at_once}) {
        std::string said;
        try {
            static_cast<void>(mirrored_mapping::ordinary(memory + 1, touch));
        } catch (const std::length_error& refused) {
            said = refused.what();
        }
        CHECK(said ==
            "lfq: a mirrored mapping of " + std::to_string(memory + page_bytes()) +
                " bytes is larger than this machine's memory of " + std::to_string(memory));
    }
    CHECK_THROWS_AS(mirrored_mapping::huge(2 * memory), std::length_error);
    CHECK(support::mirrored_views() == 0);
}

TEST_CASE("locked_memory_that_is_short_is_an_error_that_names_mmap_and_leaves_nothing_behind") {
    if (support::watched_for_races || support::watched_for_addresses)
        SKIP("the sanitizer lets nobody lock memory");
    const support::ending seen = support::ending_of([] {
        // Who may lock any amount is not limited.
        if (::geteuid() == 0 && ::setuid(65'534) != 0) return;
        const std::size_t most = 4U << 20;
        const rlimit little{most, most};
        if (::setrlimit(RLIMIT_MEMLOCK, &little) != 0 || ::mlockall(MCL_FUTURE) != 0) return;
        const attempt much =
            attempted([] { static_cast<void>(mirrored_mapping::ordinary(2U << 20)); });
        const attempt some =
            attempted([] { static_cast<void>(mirrored_mapping::ordinary(1U << 20)); });
        std::fprintf(stderr, "%s / %d / %d", much.error.c_str(), some.error.empty(),
            support::mirrored_views() == 0);
    });
    CHECK(seen.said == "mmap: Resource temporarily unavailable / 1 / 1");
}

TEST_CASE("without_a_descriptor_left_the_error_names_memfd_create") {
    const support::ending seen = support::ending_of([] {
        support::meet_a_system_error();
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_NOFILE, &none);
        const attempt one = attempted([] { static_cast<void>(mirrored_mapping::ordinary(1)); });
        const attempt other = attempted([] { static_cast<void>(mirrored_mapping::huge(1)); });
        std::fprintf(stderr, "%s / %s", one.error.c_str(), other.error.c_str());
    });
    CHECK(seen.said == "memfd_create: Too many open files / memfd_create: Too many open files");
}

TEST_CASE("without_addresses_left_the_error_names_mmap_and_leaves_nothing_behind") {
    const support::ending seen = support::ending_of([] {
        std::size_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        const std::size_t now = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        const rlimit little{now + (64U << 20), RLIM_INFINITY};
        ::setrlimit(RLIMIT_AS, &little);
        std::vector<mirrored_mapping> held;
        attempt last;
        while (held.size() < 100 && last.error.empty()) {
            last = attempted([&] { held.push_back(mirrored_mapping::ordinary(8U << 20)); });
        }
        const bool some = !held.empty() && support::mirrored_views() == 2 * held.size();
        held.clear();
        const bool none = support::mirrored_views() == 0;
        // What was given back can be had again.
        const attempt again =
            attempted([&] { static_cast<void>(mirrored_mapping::ordinary(8U << 20)); });
        std::fprintf(stderr, "%s / %d %d %d", last.error.c_str(), some, none, again.error.empty());
    });
    CHECK(seen.said == "mmap: Cannot allocate memory / 1 1 1");
}

TEST_CASE("without_mappings_left_there_is_an_error_and_nothing_is_left_behind") {
    std::size_t most = 0;
    std::ifstream("/proc/sys/vm/max_map_count") >> most;
    if (most == 0 || most > 200'000) SKIP("the limit of this machine is too high to be reached");
    if (support::watched_for_races || support::watched_for_addresses)
        SKIP("the sanitizer maps memory of its own, and ends without");
    const support::ending seen = support::ending_of([most] {
        const auto build = [] { static_cast<void>(mirrored_mapping::ordinary(1)); };
        static_cast<void>(attempted(build));
        std::vector<void*> held = every_mapping_left(most + 1);
        bool clean = held.size() < most;
        std::vector<std::string> errors;
        for (int left = 0; left < 6; ++left) {
            const std::size_t before = mappings();
            errors.push_back(attempted(build).error);
            clean = clean && mappings() == before;
            ::munmap(held[held.size() / 2], page_bytes());
            held.erase(held.begin() + static_cast<std::ptrdiff_t>(held.size() / 2));
        }
        const auto built = std::ranges::find(errors, "");
        const bool refused_first = built != errors.begin() &&
            std::all_of(errors.begin(), built, [](const std::string& error) {
                return error == "mmap: Cannot allocate memory" ||
                    error == "mprotect: Cannot allocate memory";
            });
        std::fprintf(stderr, "%d %d %d", clean, refused_first, errors.back().empty());
    });
    CHECK(seen.said == "1 1 1");
}

TEST_CASE("a_size_over_the_limit_of_files_is_an_error_and_leaves_nothing_behind") {
    const support::ending seen = support::ending_of([] {
        static_cast<void>(support::open_descriptors());
        const std::size_t descriptors = support::open_descriptors();
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = 2 * page_bytes();
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto build = [](std::size_t bytes, page_touch touch) {
            return attempted([=] { static_cast<void>(mirrored_mapping::ordinary(bytes, touch)); });
        };
        const attempt one = build(2 * page_bytes() + 1, page_touch::on_use);
        const attempt other = build(1U << 30, page_touch::at_once);
        const attempt huge = attempted([] { static_cast<void>(mirrored_mapping::huge(1)); });
        const bool fits = build(2 * page_bytes(), page_touch::at_once).error.empty();
        std::fprintf(stderr, "%s / %d %d %d / %d / %d", one.error.c_str(),
            one.code == std::errc::file_too_large, other.error == one.error,
            huge.error == one.error, fits,
            support::mirrored_views() == 0 && support::open_descriptors() == descriptors);
    });
    CHECK(seen.said == "ftruncate: File too large / 1 1 1 / 1 / 1");
}
