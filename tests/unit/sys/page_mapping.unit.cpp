// SPDX-License-Identifier: MIT
// Goal: a page mapping is zeroed, aligned to huge pages, large enough, given back once, and moves.
// Method: sizes around the page; what the process maps is read from /proc/self/statm.
// Cannot show: reserved huge pages where the machine has none.
#include <lfq/sys/page_mapping.hpp>

#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace {

using lfq::sys::page_mapping;

std::size_t mapped_pages() {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages;
}

}  // namespace

TEST_CASE("a_mapping_is_zeroed_aligned_and_large_enough") {
    constexpr std::size_t huge = page_mapping::huge_page_bytes;
    for (const std::size_t bytes :
        {std::size_t{1}, std::size_t{4096}, huge - 1, huge, huge + 1, 5 * huge}) {
        page_mapping mapping = page_mapping::huge(bytes);
        CAPTURE(bytes);
        REQUIRE(mapping.bytes() >= bytes);
        REQUIRE(mapping.bytes() < bytes + huge);
        REQUIRE(reinterpret_cast<std::uintptr_t>(mapping.data()) % huge == 0);
        auto* const first = static_cast<unsigned char*>(mapping.data());
        for (std::size_t at = 0; at < mapping.bytes(); at += 1024) {
            if (first[at] != 0) FAIL("not zero at " << at);
            first[at] = 1;
        }
        first[mapping.bytes() - 1] = 1;
    }
}

TEST_CASE("a_mapping_moves_and_is_given_back_once") {
    constexpr std::size_t bytes = 8 * page_mapping::huge_page_bytes;
    static_cast<void>(mapped_pages());
    const std::size_t before = mapped_pages();
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    {
        page_mapping first = page_mapping::huge(bytes);
        CHECK(mapped_pages() >= before + bytes / page);
        void* const data = first.data();
        page_mapping second = std::move(first);
        CHECK(second.data() == data);
        CHECK(second.bytes() == bytes);
        page_mapping third = page_mapping::huge(1);
        third = std::move(second);
        CHECK(third.data() == data);
        CHECK(third.bytes() == bytes);
        static_cast<unsigned char*>(third.data())[bytes - 1] = 1;
    }
    CHECK(mapped_pages() < before + bytes / page);
    for (int i = 0; i < 100; ++i) static_cast<void>(page_mapping::huge(bytes));
    CHECK(mapped_pages() < before + bytes / page);
}

TEST_CASE("a_mapping_that_cannot_be_is_a_system_error") {
    CHECK_THROWS_AS(page_mapping::huge(SIZE_MAX), std::system_error);
    CHECK_THROWS_AS(page_mapping::huge(static_cast<std::size_t>(PTRDIFF_MAX)), std::system_error);
    CHECK_THROWS_AS(page_mapping::huge(std::size_t{1} << 62), std::system_error);
}
