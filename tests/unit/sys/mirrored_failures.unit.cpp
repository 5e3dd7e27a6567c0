// SPDX-License-Identifier: MIT
// Goal: whatever call of a mirrored mapping fails, the error names it, and neither a descriptor nor
//         a mapping is left behind, nor is anybody else's taken away.
// Method: calls of which the n-th fails, for every n, or fails as a kernel out of memory does.
// Cannot show: a kernel that is out of memory for real.
#include <lfq/sys/mirrored_mapping.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/mapping_calls.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace {

using lfq::sys::page_touch;
using support::attempt;
using support::attempted;
using support::mapping_calls;
using counted_mapping = lfq::sys::basic_mirrored_mapping<mapping_calls>;
using huge_pages = mapping_calls::huge_pages;

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
