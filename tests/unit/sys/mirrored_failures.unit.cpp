// SPDX-License-Identifier: MIT
// Goal: whatever call of a mirrored mapping fails, the error names it, and neither a descriptor nor
//         a mapping is left behind, nor is anybody else's taken away.
// Method: calls of which the n-th fails, for every n, or fails as a kernel out of memory does;
//         limits of the process reached in a child.
// Cannot show: memory that is short for real, for which the kernel ends processes.
#include <lfq/sys/mirrored_mapping.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/load.hpp"
#include "support/mapping_calls.hpp"

#include <algorithm>
#include <cerrno>
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
using support::mapping_calls;
using counted_mapping = lfq::sys::basic_mirrored_mapping<mapping_calls>;
using huge_pages = mapping_calls::huge_pages;

struct attempt {
    std::string error;  // empty: it was built
    std::error_code code;
};

template <class Build>
attempt attempted(Build&& build) {
    try {
        build();
        return {};
    } catch (const std::system_error& failure) {
        return {failure.what(), failure.code()};
    }
}

// Lets every call of one construction fail in its turn; returns the names of those that failed.
template <class Build>
std::vector<std::string> fail_each(bool falls_back, Build&& build) {
    static_cast<void>(support::open_descriptors());
    const std::size_t descriptors = support::open_descriptors();
    std::vector<std::string> names;
    for (int at = 1;; ++at) {
        mapping_calls::fail(at, EPERM);
        const attempt seen = attempted(build);
        const std::string name = mapping_calls::failed;
        mapping_calls::fail(0, 0);
        CAPTURE(at, name, seen.error);
        if (name.empty()) return names;
        names.push_back(name);
        const bool tolerated = falls_back || name == "close" || name == "munmap";
        CHECK(seen.error.empty() == tolerated);
        if (!tolerated) {
            CHECK(seen.error.find(name) == 0);
            CHECK(seen.code == std::errc::operation_not_permitted);
        }
        CHECK(mapping_calls::files == 0);
        CHECK(mapping_calls::mapped_bytes == 0);
        CHECK(support::mirrored_views() == 0);
        CHECK(support::open_descriptors() == descriptors);
        REQUIRE(at < 100);
    }
}

using names = std::vector<std::string>;

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

TEST_CASE("each_call_that_fails_is_named_and_leaves_nothing_behind") {
    CHECK(fail_each(false, [] { static_cast<void>(counted_mapping::ordinary(1)); }) ==
        names{"sysconf", "sysconf", "memfd_create", "getrlimit", "ftruncate", "mmap", "mprotect",
            "mmap", "mmap", "close", "munmap"});
    CHECK(fail_each(false,
              [] { static_cast<void>(counted_mapping::ordinary(1, page_touch::at_once)); }) ==
        names{"sysconf", "sysconf", "memfd_create", "getrlimit", "ftruncate", "fallocate", "mmap",
            "mprotect", "mmap", "mmap", "close", "munmap"});
}

TEST_CASE("each_call_that_fails_on_huge_pages_leads_to_ordinary_ones") {
    mapping_calls::huge = huge_pages::pretended;
    const names failed = fail_each(true, [] { static_cast<void>(counted_mapping::huge(1)); });
    mapping_calls::huge = huge_pages::real;
    names in_order = failed;
    // What was too much is given back on one side or on both, and the views in the end.
    const std::size_t given_back = std::erase(in_order, "munmap");
    CHECK((given_back == 2 || given_back == 3));
    CHECK(in_order ==
        names{"memfd_create", "getrlimit", "ftruncate", "fallocate", "mmap", "mprotect", "mmap",
            "mmap", "close"});
}

TEST_CASE("each_call_that_fails_in_the_fall_back_is_named_and_leaves_nothing_behind") {
    mapping_calls::huge = huge_pages::none;
    // The first call is the one for huge pages.
    mapping_calls::fail(1, EPERM);
    const attempt first = attempted([] { static_cast<void>(counted_mapping::huge(1)); });
    CHECK(first.error.empty());
    for (int at = 2; at <= 10; ++at) {
        mapping_calls::fail(at, EPERM);
        const attempt seen = attempted([] { static_cast<void>(counted_mapping::huge(1)); });
        CAPTURE(at);
        CHECK(seen.error.find(mapping_calls::failed) == 0);
        CHECK_FALSE(seen.error.empty());
        CHECK(mapping_calls::files == 0);
        CHECK(mapping_calls::mapped_bytes == 0);
    }
    mapping_calls::fail(0, 0);
    mapping_calls::huge = huge_pages::real;
    CHECK(support::mirrored_views() == 0);
}

TEST_CASE("what_somebody_else_has_mapped_where_a_view_failed_stays_mapped") {
    for (const int view : {8, 9}) {  // the fixed ones, see above
        CAPTURE(view);
        mapping_calls::loses = true;
        mapping_calls::fail(view, ENOMEM);
        const attempt seen = attempted([] { static_cast<void>(counted_mapping::ordinary(1)); });
        mapping_calls::fail(0, 0);
        mapping_calls::loses = false;
        CHECK(seen.error == "mmap: Cannot allocate memory");
        unsigned char resident = 0;
        CHECK(::mincore(mapping_calls::somebody, page_bytes(), &resident) == 0);
        ::munmap(mapping_calls::somebody, page_bytes());
        CHECK(mapping_calls::files == 0);
        CHECK(mapping_calls::mapped_bytes == 0);
        CHECK(support::mirrored_views() == 0);
    }
}

TEST_CASE("a_view_that_failed_for_want_of_memory_leaves_its_addresses_and_no_more") {
    for (const int view : {8, 9}) {
        const support::ending seen = support::ending_of([view] {
            mapping_calls::fail(view, ENOMEM);
            const attempt one = attempted([] { static_cast<void>(counted_mapping::ordinary(1)); });
            std::fprintf(stderr, "%s / %d / %d", one.error.c_str(),
                mapping_calls::mapped_bytes == page_bytes(), support::mirrored_views() == 1);
        });
        CHECK(seen.said == "mmap: Cannot allocate memory / 1 / 1");
    }
}

TEST_CASE("a_signal_between_pages_is_no_failure") {
    mapping_calls::fail(6, EINTR);  // fallocate, see above
    const attempt seen =
        attempted([] { static_cast<void>(counted_mapping::ordinary(1, page_touch::at_once)); });
    CHECK(std::string(mapping_calls::failed) == "fallocate");
    mapping_calls::fail(0, 0);
    CHECK(seen.error.empty());
}

TEST_CASE("pages_are_had_in_steps_that_a_signal_may_undo_one_by_one") {
    const std::size_t bytes = (std::size_t{20} << 20) + 1;  // two whole steps and a part
    for (const int step : {6, 7, 8, 9}) {
        mapping_calls::fail(step, EINTR);
        const attempt seen = attempted(
            [] { static_cast<void>(counted_mapping::ordinary(bytes, page_touch::at_once)); });
        const std::string failed = mapping_calls::failed;
        mapping_calls::fail(0, 0);
        CHECK(failed == (step == 9 ? "mmap" : "fallocate"));
        CHECK(seen.error.empty() == (step != 9));
    }
}

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
        names errors;
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
