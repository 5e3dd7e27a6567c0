// SPDX-License-Identifier: MIT
// Goal: mirrored storage shows each slot at two places, in whole pages; spill has the same places,
//         all of them its own; both give their memory back.
// Method: slots of even and odd sizes, written at one place and read at the other.
// Cannot show: huge pages on a machine that has none reserved.
#include <lfq/policy/storage_mirrored.hpp>

#include "support/catch.hpp"
#include "support/mapping_calls.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>

#include <unistd.h>

namespace {

using lfq::storage::mirrored;
using lfq::storage::spill;

template <std::size_t Size>
struct sized {
    std::array<unsigned char, Size> bytes;
};

using one_string = std::array<std::string, 1>;

const std::size_t page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));

// Volatile: the compiler takes two addresses for two objects.
template <class Region>
volatile unsigned char& byte_of(Region& region, std::size_t index) {
    return region.at(index)->bytes[0];
}

}  // namespace

TEMPLATE_TEST_CASE("a_slot_and_the_one_a_capacity_further_are_the_same_bytes", "", sized<1>,
    sized<16>, sized<24>, sized<13>, sized<4096>, sized<5000>) {
    for (const std::size_t wanted : {std::size_t{1}, std::size_t{8}, std::size_t{8192}}) {
        typename mirrored::region<TestType> region(mirrored{}, wanted);
        const std::size_t capacity = region.capacity();
        CAPTURE(wanted, capacity);
        CHECK(capacity >= wanted);
        CHECK(std::has_single_bit(capacity));
        CHECK(capacity * sizeof(TestType) % page_bytes == 0);
        // No more than was needed for that.
        CHECK((capacity == wanted || capacity / 2 * sizeof(TestType) % page_bytes != 0));
        std::size_t differing = 0;
        for (std::size_t i = 0; i < capacity; ++i) {
            byte_of(region, i) = static_cast<unsigned char>(i % 251);
            if (byte_of(region, i + capacity) != i % 251) ++differing;
            byte_of(region, i + capacity) = 252;
            if (byte_of(region, i) != 252) ++differing;
            if (region.at(i + 1) != region.at(i) + 1) ++differing;
        }
        CHECK(differing == 0);
    }
    CHECK(support::mirrored_views() == 0);
}

TEST_CASE("the_recipe_chooses_pages_and_when_they_are_touched") {
    const mirrored::region<sized<24>> region(mirrored{}, 1);
    CHECK(region.capacity() * 8 == page_bytes);
    CHECK(region.page_bytes() == page_bytes);

    constexpr mirrored on_huge{.pages = mirrored::page_choice::huge};
    mirrored::region<sized<24>> huge(on_huge, 1);
    CHECK(huge.capacity() * 8 == std::size_t{2} << 20);
    CHECK((huge.page_bytes() == page_bytes || huge.page_bytes() == std::size_t{2} << 20));
    byte_of(huge, huge.capacity() + 1) = 7;
    CHECK(byte_of(huge, 1) == 7);

    constexpr mirrored touched{.touch = mirrored::page_touch::at_once};
    mirrored::region<sized<8>> at_once(touched, 1);
    byte_of(at_once, 2 * at_once.capacity() - 1) = 7;
    CHECK(byte_of(at_once, at_once.capacity() - 1) == 7);
}

TEST_CASE("a_mirrored_capacity_that_cannot_be_is_a_length_error") {
    using region = mirrored::region<sized<24>>;
    for (const std::size_t wanted :
        {std::size_t{0}, std::size_t{1} << 58, std::size_t{1} << 62, std::size_t{SIZE_MAX}}) {
        CAPTURE(wanted);
        CHECK_THROWS_AS(region(mirrored{}, wanted), std::length_error);
    }
}

TEMPLATE_TEST_CASE("every_slot_of_spill_below_twice_the_capacity_is_its_own", "", sized<1>,
    sized<24>, sized<5000>, one_string) {
    spill::region<TestType> region(spill{}, 8);
    REQUIRE(region.capacity() == 8);
    REQUIRE(reinterpret_cast<std::uintptr_t>(region.at(0)) % lfq::cache_line_pair_bytes == 0);
    for (std::size_t i = 0; i + 1 < 16; ++i) REQUIRE(region.at(i + 1) == region.at(i) + 1);
    if constexpr (std::is_trivially_copyable_v<TestType>) {
        for (std::size_t i = 0; i < 16; ++i) byte_of(region, i) = static_cast<unsigned char>(i);
        for (std::size_t i = 0; i < 16; ++i) CHECK(byte_of(region, i) == i);
    }
}

TEST_CASE("a_spill_whose_double_cannot_be_is_a_length_error") {
    using region = spill::region<sized<24>>;
    CHECK_THROWS_AS(region(spill{}, std::size_t{1} << 58), std::length_error);
    CHECK_THROWS_AS(region(spill{}, std::size_t{1} << 63), std::length_error);
}

TEST_CASE("storages_tell_whether_slots_run_on_and_whether_they_are_mirrored") {
    static_assert(lfq::storage_policy<mirrored> && lfq::storage_policy<spill>);
    static_assert(lfq::overrun_storage<mirrored> && lfq::overrun_storage<spill>);
    static_assert(lfq::mirrored_storage<mirrored> && !lfq::mirrored_storage<spill>);
    static_assert(!lfq::overrun_storage<lfq::storage::heap> &&
        !lfq::overrun_storage<lfq::storage::inplace<4>> &&
        !lfq::mirrored_storage<lfq::storage::huge> && !lfq::mirrored_storage<int>);
    static_assert(!lfq::fixed_storage<mirrored> && !lfq::fixed_storage<spill>);
    mirrored::region<int>::settle(0, 1);
    spill::region<int>::settle(0, 1);
    SUCCEED("the compiler has shown it");
}
