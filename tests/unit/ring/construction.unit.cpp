// SPDX-License-Identifier: MIT
// Goal: a ring that cannot be built says so as the standard library would, leaks nothing, and is
//         otherwise what was asked.
// Method: capacities of nought and beyond memory; huge pages; a wait without a descriptor left.
// Cannot show: builds without exceptions (tests/compile).
#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/fan_out.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>
#include <lfq/sys/event_fd.hpp>

#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>

#include <sys/resource.h>
#include <unistd.h>

// The sanitizers look for these names: an allocation beyond memory must fail there too, not end the
// test.
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }
extern "C" const char* __tsan_default_options() { return "allocator_may_return_null=1"; }

namespace {

struct wide {
    std::byte bytes[4096];
};

constexpr std::size_t beyond_memory = std::size_t{1}
    << 55;  // of 128 bytes: addressable, but nobody has it

// While it lives, no descriptor of this number or above can be had.
class descriptors_below {
public:
    explicit descriptors_below(rlim_t number) {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const rlimit fewer{number, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &fewer) == 0);
    }
    ~descriptors_below() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("a_capacity_of_nought_or_beyond_addresses_is_a_length_error") {
    CHECK_THROWS_AS(lfq::spsc_ring<int>(0), std::length_error);
    CHECK_THROWS_AS(lfq::mpsc_ring<int>(0), std::length_error);
    CHECK_THROWS_AS(lfq::spsc_slot_ring<int>(0), std::length_error);
    CHECK_THROWS_AS(lfq::fan_out<int>(2, 0), std::length_error);
    CHECK_THROWS_AS(lfq::fan_out<int>(0, 2), std::length_error);
    CHECK_THROWS_AS(lfq::spsc_ring<int>(SIZE_MAX), std::length_error);
    CHECK_THROWS_AS(lfq::mpsc_ring<int>(SIZE_MAX), std::length_error);
    CHECK_THROWS_AS(lfq::spsc_slot_ring<char>(std::size_t{1} << 58), std::length_error);
    CHECK_THROWS_AS(lfq::fan_out<int>(1, SIZE_MAX), std::length_error);
    CHECK_THROWS_AS(lfq::fan_out<int>(SIZE_MAX, 1), std::length_error);
    CHECK_THROWS_AS(lfq::mpsc_ordered_ring<int>(0), std::length_error);
    CHECK_THROWS_AS(lfq::mpsc_ordered_ring<int>(SIZE_MAX), std::length_error);
    CHECK_THROWS_AS(lfq::broadcast_ring<int>(0), std::length_error);
    CHECK_THROWS_AS(lfq::broadcast_ring<int>(SIZE_MAX), std::length_error);
    CHECK_THROWS_AS(lfq::lossy_broadcast_ring<char>(0), std::length_error);
    CHECK_THROWS_AS(lfq::lossy_broadcast_ring<char>(std::size_t{1} << 61), std::length_error);
    CHECK_THROWS_AS(lfq::spsc_ring<char>((std::size_t{1} << 63) + 1), std::length_error);
    CHECK_THROWS_AS(lfq::spsc_ring<char>(std::size_t{1} << 63), std::length_error);
    CHECK_THROWS_AS(lfq::spsc_ring<wide>(std::size_t{1} << 51), std::length_error);
    CHECK_THROWS_AS(
        (lfq::spsc_ring<wide, lfq::storage::huge>(std::size_t{1} << 51)), std::length_error);
    CHECK_THROWS_AS((lfq::mpsc_ring<wide, lfq::storage::huge>(0)), std::length_error);
}

TEST_CASE("memory_that_is_not_to_be_had_is_bad_alloc") {
    struct line_pair {
        std::byte bytes[128];
    };
    CHECK_THROWS_AS(lfq::spsc_ring<line_pair>(beyond_memory), std::bad_alloc);
    CHECK_THROWS_AS(lfq::mpsc_ring<line_pair>(beyond_memory / 2), std::bad_alloc);
    CHECK_THROWS_AS(lfq::spsc_slot_ring<int>(beyond_memory), std::bad_alloc);
    CHECK_THROWS_AS(lfq::mpsc_ordered_ring<line_pair>(beyond_memory), std::bad_alloc);
    CHECK_THROWS_AS(lfq::broadcast_ring<line_pair>(beyond_memory), std::bad_alloc);
    CHECK_THROWS_AS(lfq::broadcast_ring<int>(4, {}, {}, beyond_memory), std::bad_alloc);
    CHECK_THROWS_AS(lfq::lossy_broadcast_ring<line_pair>(beyond_memory), std::bad_alloc);
    CHECK_THROWS_AS(lfq::fan_out<line_pair>(3, beyond_memory), std::bad_alloc);
    constexpr std::size_t rings_beyond_memory = PTRDIFF_MAX / sizeof(lfq::spsc_ring<line_pair>);
    CHECK_THROWS_AS(lfq::fan_out<line_pair>(rings_beyond_memory, 1), std::bad_alloc);
}

TEST_CASE("a_mapping_that_fails_is_a_system_error_with_the_name_of_the_call") {
    try {
        const lfq::spsc_ring<wide, lfq::storage::huge> ring(std::size_t{1} << 50);
        FAIL("4 EiB were mapped");
    } catch (const std::system_error& failure) {
        CHECK(failure.code() == std::errc::not_enough_memory);
        CHECK(std::string(failure.what()).find("mmap") != std::string::npos);
    }
}

TEST_CASE("a_doorbell_without_a_descriptor_is_a_system_error_with_the_name_of_the_call") {
    std::error_code code;
    bool named = false;
    try {
        const descriptors_below limit(0);
        const lfq::mpsc_ring<int, lfq::storage::heap, lfq::wait::doorbell> ring(4);
    } catch (const std::system_error& failure) {
        code = failure.code();
        named = std::string(failure.what()).find("eventfd") != std::string::npos;
    }
    CHECK(code == std::errc::too_many_files_open);
    CHECK(named);
}

TEST_CASE("a_worker_that_cannot_be_built_takes_those_before_it_along") {
    using spread = lfq::fan_out<int, lfq::storage::heap, lfq::wait::doorbell>;
    const int next = lfq::sys::event_fd().fd();
    {
        const descriptors_below limit(static_cast<rlim_t>(next) + 2);
        CHECK_THROWS_AS(spread(3, 4), std::system_error);
    }
    CHECK(lfq::sys::event_fd().fd() == next);  // or a ring still has it
}

TEMPLATE_TEST_CASE("a_ring_stays_where_it_is", "", lfq::spsc_ring<int>, lfq::spsc_slot_ring<int>,
    lfq::mpsc_ring<int>, lfq::mpsc_ordered_ring<int>, lfq::broadcast_ring<int>,
    lfq::lossy_broadcast_ring<int>, lfq::fan_out<int>) {
    static_assert(!std::is_copy_constructible_v<TestType> && !std::is_copy_assignable_v<TestType>);
    static_assert(!std::is_move_constructible_v<TestType> && !std::is_move_assignable_v<TestType>);
    SUCCEED("the compiler has shown it");
}

TEST_CASE("a_big_ring_holds_what_it_says") {
    constexpr std::size_t capacity = std::size_t{1} << 17;
    lfq::spsc_ring<std::uint64_t, lfq::storage::huge> one(capacity);
    lfq::mpsc_ring<std::uint64_t> many(capacity);
    for (std::uint64_t i = 0; i < capacity; ++i) {
        if (!one.try_push(i) || !many.try_push(i)) FAIL("full at " << i);
    }
    CHECK_FALSE(one.try_push(0));
    CHECK_FALSE(many.try_push(0));
    for (std::uint64_t i = 0; i < capacity; ++i) {
        if (one.try_pop() != i || many.try_pop() != i) FAIL("another value at " << i);
    }
}

TEST_CASE("huge_storage_tells_the_size_of_its_pages") {
    const lfq::spsc_ring<std::uint64_t, lfq::storage::huge> ring(1024);
    const std::size_t page_bytes = ring.storage().page_bytes();
    const auto ordinary = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    CHECK((page_bytes == ordinary || page_bytes == std::size_t{2} << 20));
}
