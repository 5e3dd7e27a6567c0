// SPDX-License-Identifier: MIT
// Goal: a message_ring_pool that cannot be built says so by an error that names the call, and
//         leaves neither a descriptor nor a mapping behind; one that can has one descriptor.
// Method: sizes of nought and beyond memory; limits of descriptors, addresses and mappings that are
//         reached half-way, in a child; what the process has is read from /proc.
// Cannot show: memory that is short for real.
#include <lfq/ring/message_ring_pool.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/load.hpp"
#include "support/mapping_calls.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

using mirrored = lfq::message_ring_pool<>;
using spilling = lfq::message_ring_pool<lfq::storage::spill>;

// What the error says that must come.
template <class Pool>
std::string refusal_of(std::size_t rings, std::size_t bytes) {
    try {
        const Pool pool({.rings = rings, .bytes = bytes});
    } catch (const std::exception& refused) {
        return refused.what();
    }
    return "nothing";
}

// What the child says of an attempt: the error, and what is left of it. Then a small pool is built.
template <class Limit>
std::string attempt_under(Limit&& limit, std::size_t rings, std::size_t bytes) {
    return support::ending_of([&] {
        static_cast<void>(support::open_descriptors());
        const std::size_t descriptors = support::open_descriptors();
        rlimit before{};
        ::getrlimit(RLIMIT_NOFILE, &before);
        support::meet_a_system_error();
        limit();
        const std::string error = refusal_of<mirrored>(rings, bytes);
        ::setrlimit(RLIMIT_NOFILE, &before);
        const bool left =
            support::mirrored_views() != 0 || support::open_descriptors() != descriptors;
        const std::string again = refusal_of<mirrored>(2, 4096);
        std::fprintf(stderr, "%s / left: %s / then: %s", error.c_str(),
            left ? "something" : "nothing", again.c_str());
    }).said;
}

void allow_descriptors(rlim_t count) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = count;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void allow_file_sizes(rlim_t bytes) {
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

void allow_addresses(std::size_t more_bytes) {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const std::size_t now = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const rlimit little{now + more_bytes, RLIM_INFINITY};
    ::setrlimit(RLIMIT_AS, &little);
}

}  // namespace

TEST_CASE("a_pool_of_nought_or_beyond_addresses_is_a_length_error") {
    CHECK(refusal_of<spilling>(0, 64) == "lfq: message_ring_pool: rings must be at least 1");
    CHECK_THROWS_AS(spilling({.rings = 0, .bytes = 64}), std::length_error);
    CHECK_THROWS_AS(spilling({.rings = 1, .bytes = 0}), std::length_error);
    CHECK_THROWS_AS(mirrored({.rings = 1, .bytes = 0}), std::length_error);
    CHECK_THROWS_AS(spilling({.rings = 1, .bytes = SIZE_MAX}), std::length_error);
    CHECK_THROWS_AS(mirrored({.rings = 1, .bytes = SIZE_MAX}), std::length_error);
}

TEST_CASE("rings_beyond_memory_are_bad_alloc_or_an_error_that_tells_the_sizes") {
    CHECK_THROWS_AS(spilling({.rings = SIZE_MAX, .bytes = 64}), std::bad_alloc);
    CHECK_THROWS_AS(spilling({.rings = SIZE_MAX / 2, .bytes = 64}), std::bad_alloc);
    CHECK(refusal_of<mirrored>(1, std::size_t{1} << 46)
              .starts_with("lfq: a mirrored mapping of 70368744177664 bytes is larger than"));
}

TEST_CASE("bytes_are_rounded_up_as_those_of_a_message_ring") {
    CHECK(spilling({.rings = 1, .bytes = 1}).ring_capacity() == 16);
    CHECK(spilling({.rings = 1, .bytes = 100}).ring_capacity() == 128);
    CHECK(mirrored({.rings = 1, .bytes = 4097}).ring_capacity() == 8192);
    spilling smallest({.rings = 1, .bytes = 1});
    auto lease = smallest.lease();
    CHECK(lease->try_push(std::vector<std::byte>(smallest.message_bytes_max())));
    CHECK_FALSE(lease->try_push({}));
}

TEST_CASE("what_lies_beside_a_ring_is_as_much_as_the_page_says") {
    using wait = lfq::ready_wait<lfq::wait::doorbell, lfq::std_env>;
    // The positions have five pairs of lines, the two words that are slept on one each, and what
    // both sides only read has one.
    constexpr std::size_t pairs = 5 + 2 + 1;
    CHECK(sizeof(lfq::message_ring<lfq::storage::mirrored, wait>) ==
        pairs * lfq::cache_line_pair_bytes);
    CHECK(
        sizeof(lfq::message_ring<lfq::storage::spill, wait>) == pairs * lfq::cache_line_pair_bytes);
    CHECK(sizeof(lfq::message_statistics) == 56);
}

TEST_CASE("a_thousand_rings_of_a_mebibyte_take_no_memory_until_they_are_used") {
    const auto resident_pages = [] {
        std::size_t all = 0;
        std::size_t resident = 0;
        std::ifstream("/proc/self/statm") >> all >> resident;
        return resident;
    };
    const std::size_t before = resident_pages();
    mirrored pool({.rings = 1'000, .bytes = std::size_t{1} << 20});
    CHECK(pool.ring_capacity() == std::size_t{1} << 20);
    if (!support::watched_for_races && !support::watched_for_addresses)
        CHECK(resident_pages() - before < 1'000);  // of 256,000
    std::size_t leased = 0;
    std::vector<mirrored::lease_type> all;
    for (; auto one = pool.lease(); ++leased) {
        REQUIRE(one->try_push({}));
        all.push_back(std::move(*one));
    }
    CHECK(leased == 1'000);
    std::size_t visits = 0;
    pool.for_each_ready([&visits](std::size_t, auto ring) { visits += ring.peek().has_value(); });
    CHECK(visits == 1'000);
}

TEST_CASE("a_thousand_rings_have_one_descriptor_and_two_mappings_each") {
    static_cast<void>(support::open_descriptors());
    const std::size_t descriptors = support::open_descriptors();
    const std::size_t views = support::mirrored_views();
    {
        mirrored pool({.rings = 1'000, .bytes = 4096});
        CHECK(support::open_descriptors() == descriptors + 1);
        CHECK(support::mirrored_views() == views + 2'000);
        auto lease = pool.lease();
        REQUIRE(pool.arm());
        REQUIRE(lease->try_push({}));
        CHECK(support::open_descriptors() == descriptors + 1);
    }
    CHECK(support::open_descriptors() == descriptors);
    CHECK(support::mirrored_views() == views);
}

TEST_CASE("without_a_descriptor_the_error_names_the_call_and_nothing_is_left") {
    CHECK(attempt_under([] { allow_descriptors(0); }, 1'000, 4096) ==
        "eventfd: Too many open files / left: nothing / then: nothing");
    // The bell has its descriptor; the memory of a ring needs one for a moment.
    CHECK(attempt_under(
              [] {
                  const int next = ::dup(STDERR_FILENO);
                  ::close(next);
                  allow_descriptors(static_cast<rlim_t>(next) + 1);
              },
              1'000, 4096) == "memfd_create: Too many open files / left: nothing / then: nothing");
}

TEST_CASE("without_addresses_for_all_rings_the_error_names_mmap_and_nothing_is_left") {
    CHECK(attempt_under([] { allow_addresses(64U << 20); }, 1'000, 1 << 20) ==
        "mmap: Cannot allocate memory / left: nothing / then: nothing");
}

TEST_CASE("without_mappings_for_all_rings_the_error_names_the_call_and_nothing_is_left") {
    std::size_t most = 0;
    std::ifstream("/proc/sys/vm/max_map_count") >> most;
    if (most == 0 || most > 200'000) SKIP("the limit of this machine is too high to be reached");
    const std::string seen = attempt_under([] {}, most / 2 + 1, 4096);
    // Whichever call meets the limit.
    CHECK((seen == "mmap: Cannot allocate memory / left: nothing / then: nothing" ||
        seen == "mprotect: Cannot allocate memory / left: nothing / then: nothing"));
}

TEST_CASE("rings_over_the_limit_of_files_are_an_error_that_names_ftruncate_and_nothing_is_left") {
    CHECK(attempt_under([] { allow_file_sizes(4096); }, 1'000, 8192) ==
        "ftruncate: File too large / left: nothing / then: nothing");
}

TEST_CASE("a_limit_of_locked_memory_does_not_count_as_nothing_is_locked") {
    CHECK(attempt_under(
              [] {
                  const rlimit none{0, 0};
                  ::setrlimit(RLIMIT_MEMLOCK, &none);
              },
              1'000, 8192) == "nothing / left: nothing / then: nothing");
}

TEST_CASE("a_loop_that_is_none_is_an_error_of_the_loop_and_the_pool_goes_on") {
    spilling pool({.rings = 2, .bytes = 64});
    auto lease = pool.lease();
    const int closed = ::epoll_create1(EPOLL_CLOEXEC);
    ::close(closed);
    const auto error_of = [&pool](int loop) {
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        return ::epoll_ctl(loop, EPOLL_CTL_ADD, pool.fd(), &wanted) == 0 ? 0 : errno;
    };
    CHECK(error_of(-1) == EBADF);
    CHECK(error_of(closed) == EBADF);
    CHECK(error_of(pool.fd()) == EINVAL);  // no epoll
    const int loop = ::epoll_create1(EPOLL_CLOEXEC);
    CHECK(error_of(loop) == 0);
    REQUIRE(pool.arm());
    REQUIRE(lease->try_push({}));
    epoll_event ready{};
    CHECK(::epoll_wait(loop, &ready, 1, 0) == 1);
    pool.acknowledge();
    CHECK(::epoll_wait(loop, &ready, 1, 0) == 0);
    CHECK(pool.for_each_ready([](std::size_t, auto ring) { ring.consume(); }) == 1);
    ::close(loop);
}
