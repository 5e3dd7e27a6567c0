// SPDX-License-Identifier: MIT
// Goal: the small words of base: capacities that are powers of two, line sizes, hints, copies, and
//         how misuse ends.
// Method: every power of two and its neighbours; children that must abort with their sentence.
// Cannot show: what a prefetch or a pause costs (bench).
#include <lfq/base/assert.hpp>
#include <lfq/base/bits.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/copy_fresh.hpp>
#include <lfq/base/copy_short.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/prefetch.hpp>
#include <lfq/base/set_up.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>

TEST_CASE("capacities_round_up_to_the_next_power_of_two") {
    using lfq::power_of_two_capacity;
    CHECK(power_of_two_capacity(1, 8) == 1);
    CHECK(power_of_two_capacity(2, 8) == 2);
    CHECK(power_of_two_capacity(3, 8) == 4);
    for (unsigned bit = 2; bit < 59; ++bit) {
        const std::size_t power = std::size_t{1} << bit;
        CAPTURE(bit);
        CHECK(power_of_two_capacity(power - 1, 8) == power);
        CHECK(power_of_two_capacity(power, 8) == power);
        CHECK(power_of_two_capacity(power + 1, 8) == 2 * power);
    }
}

TEST_CASE("a_fresh_copy_copies_that_many_bytes_from_any_address_to_any_other") {
    std::array<std::byte, 128> from{};
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::byte>(i + 1);
    for (std::size_t bytes = 0; bytes <= 80; ++bytes) {
        for (std::size_t skew = 0; skew < 64; ++skew) {
            const std::size_t at_from = skew % 8;
            const std::size_t at_to = 8 + skew / 8;
            std::array<std::byte, 128> to{};
            lfq::copy_fresh(&to[at_to], &from[at_from], bytes);
            std::array<std::byte, 128> wanted{};
            std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(at_from), bytes,
                wanted.begin() + static_cast<std::ptrdiff_t>(at_to));
            CAPTURE(bytes, at_from, at_to);
            REQUIRE(to == wanted);
        }
    }
}

TEST_CASE("a_short_copy_copies_that_many_bytes_and_leaves_their_neighbours") {
    std::array<std::byte, 256> from{};
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::byte>(i + 1);
    for (std::size_t bytes = 0; bytes <= 140; ++bytes) {
        for (std::size_t skew = 0; skew < 16; ++skew) {
            std::array<std::byte, 256> to{};
            lfq::copy_short(&to[16 + skew], &from[skew / 2], bytes);
            std::array<std::byte, 256> wanted{};
            std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(skew / 2), bytes,
                wanted.begin() + static_cast<std::ptrdiff_t>(16 + skew));
            CAPTURE(bytes, skew);
            REQUIRE(to == wanted);
        }
    }
    lfq::copy_short(nullptr, nullptr, 0);
}

TEST_CASE("a_capacity_that_memory_cannot_address_is_nought") {
    using lfq::power_of_two_capacity;
    CHECK(power_of_two_capacity(0, 1) == 0);
    CHECK(power_of_two_capacity(SIZE_MAX, 1) == 0);
    CHECK(power_of_two_capacity((std::size_t{1} << 63) + 1, 1) == 0);
    CHECK(power_of_two_capacity(std::size_t{1} << 63, 1) == 0);
    CHECK(power_of_two_capacity(std::size_t{1} << 62, 1) == std::size_t{1} << 62);
    CHECK(power_of_two_capacity((std::size_t{1} << 59) + 1, 8) == 0);
    CHECK(power_of_two_capacity(1, static_cast<std::size_t>(PTRDIFF_MAX)) == 1);
    CHECK(power_of_two_capacity(2, static_cast<std::size_t>(PTRDIFF_MAX)) == 0);
}

TEST_CASE("a_pair_of_lines_is_two_lines") {
    static_assert(lfq::cache_line_pair_bytes == 2 * lfq::cache_line_bytes);
    static_assert((lfq::cache_line_bytes & (lfq::cache_line_bytes - 1)) == 0);
    SUCCEED("the compiler has shown it");
}

TEST_CASE("a_prefetch_may_point_anywhere") {
    lfq::prefetch_write(nullptr);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address that nothing has
    lfq::prefetch_write(reinterpret_cast<const void*>(std::uintptr_t{0xFFFF'FFFF'FFFF'FFC0}));
    const auto value = std::make_unique<int>(7);
    lfq::prefetch_write(value.get());
    CHECK(*value == 7);
}

TEST_CASE("the_environment_of_users_is_the_standard_library") {
    static_assert(std::is_same_v<lfq::std_env::atomic<int>, std::atomic<int>>);
    static_assert(std::is_same_v<lfq::std_env::plain<int>, int>);
    static_assert(lfq::std_env::first_position == 0);
    const int from = 42;
    int to = 0;
    lfq::std_env::copy_in(&to, &from, sizeof from);
    CHECK(to == 42);
    lfq::std_env::pause();
    lfq::std_env::fence(std::memory_order_seq_cst);
}

TEST_CASE("a_fatal_error_says_its_sentence_and_aborts_in_every_build") {
    const support::ending seen =
        support::ending_of([] { LFQ_FATAL("the moon is made of cheese"); });
    CHECK(seen.aborted);
    CHECK(seen.said.find("lfq: ") == 0);
    CHECK(seen.said.find("base.unit.cpp:") != std::string::npos);
    CHECK(seen.said.find("the moon is made of cheese\n") != std::string::npos);
}

TEST_CASE("an_assertion_is_tested_in_checked_builds_and_not_evaluated_in_others") {
    int evaluated = 0;
    LFQ_ASSERT(++evaluated == 1, "counts itself");
    CHECK(evaluated == LFQ_CHECKED);
    const support::ending seen =
        support::ending_of([] { LFQ_ASSERT(1 + 1 == 3, "arithmetic holds"); });
    CHECK(seen.aborted == (LFQ_CHECKED == 1));
    CHECK((seen.said.find("arithmetic holds") != std::string::npos) == (LFQ_CHECKED == 1));
}

TEST_CASE("set_up_failures_are_those_of_the_standard_library") {
    CHECK_THROWS_AS(lfq::refuse_length("too long"), std::length_error);
    CHECK_THROWS_AS(lfq::refuse_memory(), std::bad_alloc);
    try {
        lfq::refuse_call(ENOENT, "open");
    } catch (const std::system_error& failure) {
        CHECK(failure.code() == std::errc::no_such_file_or_directory);
        CHECK(std::string(failure.what()).find("open") != std::string::npos);
    }
}
