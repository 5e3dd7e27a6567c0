// SPDX-License-Identifier: MIT
// Goal: mirrored mappings that are built and given back by several threads at once stay whole, and
//         touch nobody else's memory.
// Method: four threads build mappings of a few pages and write through one view what they read
//         through the other; two threads map plain memory of the same sizes, fill it, and look
//         whether it is still theirs. At the end the process has what it had.
// Cannot show: the window between two calls that the threads happen to miss.
#include <lfq/sys/mirrored_mapping.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/mapping_calls.hpp"
#include "support/seed.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

#include <sys/mman.h>

namespace {

using lfq::sys::mirrored_mapping;
using lfq::sys::page_touch;
using support::dice;

constexpr std::size_t page_bytes = 4096;

// Whether a number written to each page of one view is read in the other.
bool mirrors(const mirrored_mapping& mapping, std::uint64_t number) {
    auto* const first = static_cast<volatile std::uint64_t*>(mapping.data());
    const std::size_t words = mapping.bytes() / sizeof(std::uint64_t);
    const std::size_t step = page_bytes / sizeof(std::uint64_t);
    for (std::size_t at = 0; at < words; at += step) first[at] = number + at;
    for (std::size_t at = 0; at < words; at += step) {
        if (first[words + at] != number + at) return false;
    }
    return true;
}

std::uint64_t build_and_give_back(std::uint64_t stream) {
    dice random(stream);
    std::uint64_t wrong = 0;
    std::deque<mirrored_mapping> held;
    for (std::uint64_t i = 0; i < support::affordable(4'000); ++i) {
        const std::size_t bytes = random.from_to(1, 8) * page_bytes;
        const page_touch touch = random.one_in(2) ? page_touch::on_use : page_touch::at_once;
        held.push_back(random.one_in(50) ? mirrored_mapping::huge(bytes)
                                         : mirrored_mapping::ordinary(bytes, touch));
        if (!mirrors(held.back(), stream << 32 | i)) ++wrong;
        if (held.size() > 8) {
            if (!mirrors(held.front(), i)) ++wrong;
            held.pop_front();
        }
    }
    return wrong;
}

std::uint64_t map_plainly(std::uint64_t stream, const std::atomic<bool>& stop) {
    dice random(stream);
    std::uint64_t wrong = 0;
    while (!stop) {
        const std::size_t pages = random.from_to(1, 16);
        void* const memory = ::mmap(nullptr, pages * page_bytes, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            ++wrong;
            continue;
        }
        auto* const bytes = static_cast<volatile unsigned char*>(memory);
        for (std::size_t page = 0; page < pages; ++page) {
            if (bytes[page * page_bytes] != 0) ++wrong;
            bytes[page * page_bytes] = static_cast<unsigned char>(stream);
        }
        if (random.one_in(4)) std::this_thread::yield();
        for (std::size_t page = 0; page < pages; ++page) {
            if (bytes[page * page_bytes] != static_cast<unsigned char>(stream)) ++wrong;
        }
        ::munmap(memory, pages * page_bytes);
    }
    return wrong;
}

}  // namespace

TEST_CASE("mappings_built_by_several_threads_stay_whole_and_their_own") {
    const std::size_t descriptors = support::open_descriptors();
    std::atomic<bool> stop{false};
    std::vector<std::uint64_t> wrong(6);
    std::vector<std::thread> builders;
    std::vector<std::thread> others;
    for (std::size_t i = 0; i < 4; ++i) {
        builders.emplace_back([&wrong, i] { wrong[i] = build_and_give_back(i + 1); });
    }
    for (std::size_t i = 4; i < 6; ++i) {
        others.emplace_back([&wrong, &stop, i] { wrong[i] = map_plainly(i + 1, stop); });
    }
    for (std::thread& each : builders) each.join();
    stop = true;
    for (std::thread& each : others) each.join();
    CHECK(wrong == std::vector<std::uint64_t>(6, 0));
    CHECK(support::mirrored_views() == 0);
    CHECK(support::open_descriptors() == descriptors);
}
