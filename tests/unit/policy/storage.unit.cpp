// SPDX-License-Identifier: MIT
// Goal: every storage gives raw memory for the slots that were asked for, aligned, contiguous, and
//         gives it back.
// Method: slots of odd sizes and wide alignments, written from end to end; mappings counted in
//         /proc/self/maps.
// Cannot show: huge pages on a machine that has none reserved.
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>

#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include <unistd.h>

namespace {

struct odd {
    unsigned char bytes[13];
};
struct alignas(256) wide {
    unsigned char bytes[256];
};

template <class Region, class Slot>
void holds(Region& region, std::size_t capacity) {
    REQUIRE(region.capacity() == capacity);
    REQUIRE(region.contiguous);
    REQUIRE(reinterpret_cast<std::uintptr_t>(region.at(0)) % alignof(Slot) == 0);
    REQUIRE(reinterpret_cast<std::uintptr_t>(region.at(0)) % lfq::cache_line_pair_bytes == 0);
    for (std::size_t i = 0; i < capacity; ++i) {
        REQUIRE(region.at(i) == region.at(0) + i);
        std::memset(static_cast<void*>(region.at(i)), static_cast<int>(i % 251), sizeof(Slot));
    }
    for (std::size_t i = 0; i < capacity; ++i) {
        REQUIRE(region.at(i)->bytes[sizeof(Slot) - 1] == static_cast<unsigned char>(i % 251));
    }
}

std::size_t mappings() {
    std::ifstream maps("/proc/self/maps");
    std::size_t lines = 0;
    for (std::string line; std::getline(maps, line);) ++lines;
    return lines;
}

}  // namespace

TEMPLATE_TEST_CASE("a_region_holds_its_slots_from_end_to_end", "", odd, wide) {
    using lfq::storage::heap;
    using lfq::storage::huge;
    using lfq::storage::inplace;
    heap::region<TestType> on_heap(heap{}, 16);
    holds<heap::region<TestType>, TestType>(on_heap, 16);
    heap::region<TestType> single(heap{}, 1);
    holds<heap::region<TestType>, TestType>(single, 1);
    huge::region<TestType> on_huge_pages(huge{}, 1024);
    holds<huge::region<TestType>, TestType>(on_huge_pages, 1024);
    inplace<8>::region<TestType> in_place(inplace<8>{}, 8);
    holds<inplace<8>::region<TestType>, TestType>(in_place, 8);
}

TEST_CASE("huge_regions_tell_their_page_size_and_are_aligned_to_huge_pages") {
    const lfq::storage::huge::region<odd> region(lfq::storage::huge{}, 1024);
    auto& writable = const_cast<lfq::storage::huge::region<odd>&>(region);
    const auto ordinary = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    CHECK((region.page_bytes() == ordinary || region.page_bytes() == std::size_t{2} << 20));
    CHECK(reinterpret_cast<std::uintptr_t>(writable.at(0)) % (std::size_t{2} << 20) == 0);
}

TEST_CASE("a_huge_region_gives_its_mapping_back") {
    static_cast<void>(mappings());
    const std::size_t before = mappings();
    for (int i = 0; i < 200; ++i) {
        lfq::storage::huge::region<odd> region(lfq::storage::huge{}, 4096);
        region.at(4095)->bytes[0] = 1;
    }
    CHECK(mappings() <= before + 4);  // the test's own allocations may map a little
}

TEST_CASE("every_storage_of_the_library_is_a_policy_and_nothing_else_is") {
    static_assert(
        lfq::storage_policy<lfq::storage::heap> && lfq::storage_policy<lfq::storage::huge>);
    static_assert(lfq::storage_policy<lfq::storage::inplace<4>> &&
        lfq::fixed_storage<lfq::storage::inplace<4>>);
    static_assert(!lfq::fixed_storage<lfq::storage::heap>);
    static_assert(!lfq::storage_policy<int> && !lfq::storage_policy<lfq::wait::spin>);
    SUCCEED("the compiler has shown it");
}
