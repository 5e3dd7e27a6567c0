// SPDX-License-Identifier: MIT
// Goal: what keys are made of: a mix that can be undone, the published values of SipHash, products
//       of 128 bits, numbers of threads.
// Method: edges and random numbers against the inverse; the vectors of SipHash's authors.
// Cannot show: that a hash is as good as chance; that is its authors' claim.
#include <lfq/base/bits.hpp>
#include <lfq/base/mix.hpp>
#include <lfq/base/sip_hash.hpp>
#include <lfq/base/thread_number.hpp>

#include "support/catch.hpp"
#include "support/seed.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

TEST_CASE("mix_is_undone_by_unmix_both_ways") {
    support::dice dice;
    std::vector<std::uint64_t> all{0, 1, UINT64_MAX, std::uint64_t{1} << 63};
    for (int i = 0; i < 64; ++i) all.push_back(std::uint64_t{1} << i);
    for (int i = 0; i < 10'000; ++i) all.push_back(dice.from_to(0, UINT64_MAX));
    for (const std::uint64_t each : all) {
        REQUIRE(lfq::unmix(lfq::mix(each)) == each);
        REQUIRE(lfq::mix(lfq::unmix(each)) == each);
    }
}

TEST_CASE("near_numbers_come_out_far_apart") {
    int low = 64;
    for (std::uint64_t i = 1; i < 100'000; ++i) {
        const int different = std::popcount(lfq::mix(i) ^ lfq::mix(i + 1));
        if (different < low) low = different;
    }
    CHECK(low > 5);  // of 32 on average
}

TEST_CASE("sip_hash_gives_the_values_that_its_authors_published") {
    std::array<std::byte, 64> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
    const lfq::hash_seed seed{0x0706050403020100, 0x0f0e0d0c0b0a0908};
    const auto hash_of = [&](std::size_t size) {
        return lfq::sip_hash<2, 4>(seed)(std::span(bytes).first(size));
    };
    CHECK(hash_of(0) == 0x726fdb47dd0e0e31);
    CHECK(hash_of(1) == 0x74f839c593dc67fd);
    CHECK(hash_of(15) == 0xa129ca6149be45e5);
}

TEST_CASE("the_upper_half_of_a_product_is_exact") {
    CHECK(lfq::upper_product(UINT64_MAX, UINT64_MAX) == UINT64_MAX - 1);
    CHECK(lfq::upper_product(std::uint64_t{1} << 63, 2) == 1);
    CHECK(lfq::upper_product(UINT64_MAX, 1) == 0);
    CHECK(lfq::upper_product(0, UINT64_MAX) == 0);
    CHECK(lfq::upper_product(0x123456789abcdef0, 0xfedcba9876543210) == 0x121fa00ad77d7422);
}

TEST_CASE("a_thread_keeps_its_number_and_no_other_has_it") {
    const std::size_t mine = lfq::this_thread_number();
    CHECK(lfq::this_thread_number() == mine);
    std::size_t other = mine;
    std::thread([&] { other = lfq::this_thread_number(); }).join();
    CHECK(other != mine);
    CHECK(mine != 0);
}
