// SPDX-License-Identifier: MIT
// Goal: sizes that cannot be are refused with a sentence that names them, memory that cannot be had
//         as the standard library does it, and the smallest ring that can be is one.
// Method: sizes at and beyond each limit.
// Cannot show: builds without exceptions (tests/compile).
#include <lfq/ring/mpsc_message_ring.hpp>

#include "support/catch.hpp"
#include "support/shared_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace {

using on_heap = lfq::mpsc_message_ring<lfq::storage::spill>;
using mirrored = lfq::mpsc_message_ring<lfq::storage::mirrored>;

template <class Ring>
[[nodiscard]] std::string refusal_of(const typename Ring::sizes& wanted) {
    try {
        const Ring ring(wanted);
    } catch (const std::length_error& failure) {
        return failure.what();
    }
    return "nothing was refused";
}

template <class Ring>
void refuses_sizes() {
    CHECK(refusal_of<Ring>({4096, 0, 8}) ==
        "lfq: mpsc_message_ring: producers_max must be at least 1");
    const std::string too_long =
        "lfq: mpsc_message_ring: message_bytes_max must be at most 2^32 - 8";
    CHECK(refusal_of<Ring>({SIZE_MAX, 1, std::size_t{UINT32_MAX} - 6}) == too_long);
    CHECK(refusal_of<Ring>({SIZE_MAX, 1, SIZE_MAX}) == too_long);
    CHECK(refusal_of<Ring>({4096, 1, std::size_t{UINT32_MAX} - 7}).find("bytes are too few") !=
        std::string::npos);
    CHECK(refusal_of<Ring>({0, 1, 0}) ==
        "lfq: mpsc_message_ring: 0 bytes are too few for 1 producers of messages of 0 bytes, and "
        "one more message");
    CHECK(refusal_of<Ring>({63, 3, 9}) ==
        "lfq: mpsc_message_ring: 63 bytes are too few for 3 producers of messages of 9 bytes, and "
        "one more message");
    CHECK(refusal_of<Ring>({64, 3, 9}) == "nothing was refused");
    CHECK(refusal_of<Ring>({64, 8, 0}).find("64 bytes are too few for 8 producers") !=
        std::string::npos);
    // Products that would wrap.
    CHECK(refusal_of<Ring>({SIZE_MAX, SIZE_MAX, 8}).find("are too few") != std::string::npos);
    CHECK(refusal_of<Ring>({SIZE_MAX, SIZE_MAX / 16, 9}).find("are too few") != std::string::npos);
    CHECK(refusal_of<Ring>({64, SIZE_MAX / 2 + 1, 16}).find("are too few") != std::string::npos);
    // Rounded up it could not be addressed.
    CHECK(refusal_of<Ring>({SIZE_MAX, 1, 8}).find("must fit") != std::string::npos);
    CHECK(
        refusal_of<Ring>({(std::size_t{1} << 62) + 1, 1, 8}).find("must fit") != std::string::npos);
}

}  // namespace

TEST_CASE("sizes_that_cannot_be_are_length_errors_with_a_sentence") {
    refuses_sizes<on_heap>();
    refuses_sizes<mirrored>();
}

TEST_CASE("memory_for_messages_that_no_machine_has_is_an_error_that_says_so") {
    constexpr std::size_t beyond_memory = std::size_t{1} << 57;
    CHECK_THROWS_AS(on_heap({beyond_memory, 1, 8}), std::bad_alloc);
    CHECK(refusal_of<mirrored>({beyond_memory, 1, 8}).find("larger than this machine") !=
        std::string::npos);
}

TEST_CASE("sizes_are_rounded_up_and_told_as_they_are") {
    const on_heap ring({1000, 3, 9});
    CHECK(ring.capacity() == 1024 - 3 * 16);
    CHECK(ring.message_bytes_max() == 9);
    CHECK(ring.producers_max() == 3);
    CHECK(ring.storage().capacity() == 1024 / 8);
    const mirrored pages({100, 1, 0});
    CHECK(pages.storage().capacity() * 8 == pages.storage().page_bytes());
    CHECK(pages.capacity() == pages.storage().page_bytes() - 8);
}

TEST_CASE("the_smallest_ring_takes_a_largest_message_at_a_time") {
    on_heap ring({64, 3, 16});
    CHECK(ring.capacity() == 16);
    auto one = ring.producer();
    auto two = ring.producer();
    auto three = ring.producer();
    for (std::uint64_t i = 0; i < 40; ++i) {
        auto& from = i % 3 == 0 ? one : i % 3 == 1 ? two : three;
        REQUIRE(from->try_push(support::message_of(i, 16)));
        REQUIRE_FALSE(from->try_push({}));
        REQUIRE(support::is_message(ring.peek().value(), i, 16));
        ring.consume();
    }
}

TEST_CASE("rings_stay_and_handles_and_claims_move") {
    static_assert(!std::is_move_constructible_v<mirrored> && !std::is_move_assignable_v<mirrored>);
    using handle = mirrored::producer_handle;
    static_assert(!std::is_copy_constructible_v<handle> && !std::is_copy_assignable_v<handle>);
    static_assert(std::is_nothrow_move_constructible_v<handle>);
    static_assert(std::is_nothrow_move_assignable_v<handle>);
    using claimed = mirrored::claimed;
    static_assert(!std::is_copy_constructible_v<claimed> && !std::is_move_assignable_v<claimed>);
    static_assert(std::is_nothrow_move_constructible_v<claimed>);
    SUCCEED("the compiler has shown it");
}
