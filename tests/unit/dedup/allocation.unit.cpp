// SPDX-License-Identifier: MIT
// Goal: after construction nothing that a deduplicator does allocates, flips and sweeps included.
// Method: this executable's operator new counts; every verb is used, over many generations.
// Cannot show: what keys allocate themselves.
#include <lfq/dedup/deduplicator.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string_view>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    LFQ_TEST_HAS_FEATURE(address_sanitizer) || LFQ_TEST_HAS_FEATURE(thread_sanitizer)

TEST_CASE("allocations_are_counted_in_builds_without_sanitizers") {
    SKIP("the sanitizer's own operator new stays in place");
}

#else

namespace {

std::atomic<std::uint64_t> allocations{0};
std::atomic<std::uint64_t> bytes_asked_for{0};

}  // namespace

void* operator new(std::size_t bytes) {
    ++allocations;
    bytes_asked_for += bytes;
    if (void* const memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {  // storage::heap asks so
    ++allocations;
    bytes_asked_for += bytes;
    const auto unit = static_cast<std::size_t>(alignment);
    if (void* const memory = std::aligned_alloc(unit, (bytes + unit - 1) / unit * unit))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

TEST_CASE("no_verb_allocates_and_construction_takes_what_it_says") {
    const std::uint64_t bytes_before = bytes_asked_for;
    lfq::deduplicator<std::uint64_t> by_time(lfq::dedup::by_time{.window = 800, .keys = 1'000'000});
    const std::uint64_t table_bytes = bytes_asked_for - bytes_before;
    lfq::deduplicator<std::string_view> by_count(lfq::dedup::by_count{.keys = 1000});
    const std::array<std::uint64_t, 40> keys{1, 2, 3};
    std::array<lfq::dedup::answer, 40> answers{};

    const std::uint64_t before = allocations;
    std::uint64_t fresh = 0;
    for (std::uint64_t now = 0; now < 20'000; ++now) {
        fresh += by_time.insert_if_new(now, now) == lfq::dedup::fresh ? 1U : 0U;
        static_cast<void>(by_time.contains(now, now));
        const std::string_view text(reinterpret_cast<const char*>(&now), sizeof now);
        fresh += by_count.insert_if_new(text) == lfq::dedup::fresh ? 1U : 0U;
        static_cast<void>(by_count.contains(text));
    }
    static_cast<void>(by_time.insert_if_new_n(keys, 30'000, answers));
    fresh += by_time.statistics().fresh;
    const std::uint64_t after = allocations;
    CHECK(after == before);
    CHECK(fresh > 20'000);
    CHECK(table_bytes <= 32 * 1'000'000);
}

#endif
