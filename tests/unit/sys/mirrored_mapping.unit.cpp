// SPDX-License-Identifier: MIT
// Goal: both views of a mirrored mapping are the same bytes; sizes are whole pages; it moves, keeps
//         no descriptor, and is given back once; what pages it has is told.
// Method: every byte written through one view and read through the other; what the process holds is
//         read from /proc. Huge pages are those of the machine, none, and pretended ones.
// Cannot show: reserved huge pages where the machine has none.
#include <lfq/sys/mirrored_mapping.hpp>

#include "support/catch.hpp"
#include "support/mapping_calls.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <unistd.h>

namespace {

using lfq::sys::mirrored_mapping;
using lfq::sys::page_touch;
using support::mapping_calls;
using counted_mapping = lfq::sys::basic_mirrored_mapping<mapping_calls>;

constexpr std::size_t huge_bytes = mirrored_mapping::huge_page_bytes;

std::size_t ordinary_bytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

// Volatile: the compiler takes two addresses for two objects.
volatile unsigned char* bytes_of(const mirrored_mapping& mapping) {
    return static_cast<volatile unsigned char*>(mapping.data());
}

// The first byte that is not in both views what was written to one of them, or the size.
std::size_t first_that_differs(const mirrored_mapping& mapping) {
    volatile unsigned char* const first = bytes_of(mapping);
    volatile unsigned char* const second = first + mapping.bytes();
    for (std::size_t at = 0; at < mapping.bytes(); at += 509) {
        if (first[at] != 0 || second[at] != 0) return at;
        first[at] = static_cast<unsigned char>(1 + at % 251);
        if (second[at] != 1 + at % 251) return at;
        second[at] = 255;
        if (first[at] != 255) return at;
    }
    return mapping.bytes();
}

std::size_t touched_kilobytes() {
    std::ifstream smaps("/proc/self/smaps");
    bool ours = false;
    std::size_t sum = 0;
    for (std::string word; smaps >> word;) {
        if (word.find("memfd:lfq_mirrored") != std::string::npos) ours = true;
        if (word == "VmFlags:") ours = false;
        std::size_t kilobytes = 0;
        if (ours && word == "Rss:" && smaps >> kilobytes) sum += kilobytes;
    }
    return sum;
}

}  // namespace

TEST_CASE("both_views_are_the_same_zeroed_bytes") {
    for (const page_touch touch : {page_touch::on_use, page_touch::at_once}) {
        for (const std::size_t bytes : {std::size_t{1}, ordinary_bytes(), 5 * ordinary_bytes()}) {
            CAPTURE(bytes);
            const mirrored_mapping one = mirrored_mapping::ordinary(bytes, touch);
            CHECK(first_that_differs(one) == one.bytes());
            const mirrored_mapping other = mirrored_mapping::huge(bytes, touch);
            CHECK(first_that_differs(other) == other.bytes());
        }
    }
}

TEST_CASE("what_is_written_across_the_end_of_a_view_is_at_its_beginning") {
    const mirrored_mapping mapping = mirrored_mapping::ordinary(1);
    auto* const first = static_cast<char*>(mapping.data());
    std::memset(first + mapping.bytes() - 3, 'w', 7);
    volatile const unsigned char* const seen = bytes_of(mapping);
    CHECK(seen[mapping.bytes() - 4] == 0);
    CHECK(seen[mapping.bytes() - 3] == 'w');
    CHECK(seen[0] == 'w');
    CHECK(seen[3] == 'w');
    CHECK(seen[4] == 0);
}

TEST_CASE("sizes_are_rounded_up_to_whole_pages") {
    const std::size_t page = ordinary_bytes();
    CHECK(mirrored_mapping::granule() == page);
    for (const std::size_t pages : {1U, 2U, 3U, 64U}) {
        CHECK(mirrored_mapping::ordinary(pages * page - 1).bytes() == pages * page);
        CHECK(mirrored_mapping::ordinary(pages * page).bytes() == pages * page);
        CHECK(mirrored_mapping::ordinary(pages * page + 1).bytes() == (pages + 1) * page);
    }
    CHECK(mirrored_mapping::huge(1).bytes() == huge_bytes);
    CHECK(mirrored_mapping::huge(huge_bytes + 1).bytes() == 2 * huge_bytes);
}

TEST_CASE("sizes_that_cannot_be_are_a_length_error") {
    constexpr auto half = static_cast<std::size_t>(PTRDIFF_MAX) / 2;
    for (const std::size_t bytes : {std::size_t{0}, half, half + 1, 2 * half, SIZE_MAX}) {
        CAPTURE(bytes);
        CHECK_THROWS_AS(mirrored_mapping::ordinary(bytes), std::length_error);
        CHECK_THROWS_AS(mirrored_mapping::huge(bytes), std::length_error);
    }
}

TEST_CASE("a_mirrored_mapping_keeps_no_descriptor_and_is_given_back_once") {
    static_cast<void>(support::open_descriptors());
    const std::size_t descriptors = support::open_descriptors();
    REQUIRE(support::mirrored_views() == 0);
    {
        std::vector<mirrored_mapping> many;
        while (many.size() < 100) many.push_back(mirrored_mapping::ordinary(4096));
        CHECK(support::open_descriptors() == descriptors);
        CHECK(support::mirrored_views() == 200);
    }
    CHECK(support::mirrored_views() == 0);
    CHECK(support::open_descriptors() == descriptors);
}

TEST_CASE("a_mirrored_mapping_moves_and_takes_its_bytes_along") {
    static_assert(!std::is_copy_constructible_v<mirrored_mapping>);
    {
        mirrored_mapping first = mirrored_mapping::ordinary(1);
        void* const data = first.data();
        const std::size_t bytes = first.bytes();
        bytes_of(first)[7] = 42;
        mirrored_mapping second = std::move(first);
        CHECK(second.data() == data);
        mirrored_mapping third = mirrored_mapping::ordinary(3 * bytes);
        third = std::move(second);
        CHECK(third.data() == data);
        CHECK(third.bytes() == bytes);
        CHECK(third.page_bytes() == ordinary_bytes());
        CHECK(bytes_of(third)[bytes + 7] == 42);
    }
    CHECK(support::mirrored_views() == 0);
}

TEST_CASE("pages_are_touched_through_both_views_when_asked_and_only_then") {
    constexpr std::size_t bytes = 64 * 4096;
    const mirrored_mapping later = mirrored_mapping::ordinary(bytes);
    CHECK(touched_kilobytes() == 0);
    const mirrored_mapping at_once = mirrored_mapping::ordinary(bytes, page_touch::at_once);
    CHECK(touched_kilobytes() == 2 * bytes / 1024);
}

TEST_CASE("huge_pages_tell_what_came") {
    const mirrored_mapping real = mirrored_mapping::huge(1);
    CHECK((real.page_bytes() == huge_bytes || real.page_bytes() == ordinary_bytes()));

    using huge_pages = mapping_calls::huge_pages;
    mapping_calls::fail(0, 0);
    mapping_calls::huge = huge_pages::none;
    const counted_mapping fallen_back = counted_mapping::huge(1);
    mapping_calls::huge = huge_pages::pretended;
    const counted_mapping pretended = counted_mapping::huge(1);
    mapping_calls::huge = huge_pages::real;

    CHECK(fallen_back.page_bytes() == ordinary_bytes());
    CHECK(fallen_back.bytes() == huge_bytes);  // the same on every machine
    CHECK(pretended.page_bytes() == huge_bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(pretended.data()) % huge_bytes == 0);
    auto* const first = static_cast<volatile unsigned char*>(pretended.data());
    first[huge_bytes - 1] = 9;
    CHECK(first[2 * huge_bytes - 1] == 9);
}
