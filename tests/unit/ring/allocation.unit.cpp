// SPDX-License-Identifier: MIT
// Goal: after construction no verb of any ring allocates.
// Method: this executable's operator new counts; every verb is used, refused and closed.
// Cannot show: what elements allocate themselves.
#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/fan_out.hpp>
#include <lfq/ring/message_ring.hpp>
#include <lfq/ring/message_ring_pool.hpp>
#include <lfq/ring/mpsc_message_ring.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/setups.hpp"
#include "support/shared_messages.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <span>
#include <utility>

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

namespace {

template <class Ring>
bool every_verb_once(Ring& ring) {
    using namespace std::chrono_literals;
    std::array<std::uint64_t, 3> values{1, 2, 3};
    std::uint64_t out = 0;
    bool fine = ring.try_push(1) && ring.push(2) && ring.push_for(std::uint64_t{3}, 1ns);
    fine = ring.try_push_n(std::span<const std::uint64_t>(values)) == 1 && fine;
    fine = !ring.try_push(9) && !ring.push_for(std::uint64_t{9}, 1ns) && fine;
    fine = ring.try_pop(out) && ring.pop(out) && ring.pop_for(out, 1ns) && fine;
    fine = ring.try_pop().has_value() && !ring.pop_for(out, 1ns) && fine;
    if constexpr (support::claims<Ring>) {
        auto claimed = ring.claim(3);
        claimed.emplace(7u);
        claimed.commit();
    } else {
        fine = ring.try_emplace(7u) && fine;
    }
    static_cast<void>(ring.peek());
    ring.consume(1);
    fine = ring.try_push(1) && ring.try_pop_n(values) == 1 && fine;
    fine = ring.try_push(1) && ring.drain([](std::uint64_t&) {}) == 1 && fine;
    static_cast<void>(ring.statistics());
    ring.close();
    return !ring.pop(out) && ring.drained() && fine;
}

// The caller's bytes: they are there before the counting begins.
using caller_bytes = std::array<std::byte, 5'000>;

template <class Ring>
bool every_verb_of_messages_once(Ring& ring, caller_bytes& out) {
    using namespace std::chrono_literals;
    const std::span<const std::byte> some = std::span(out).first(4);
    const std::span<const std::byte> all = std::span(out).first(ring.message_bytes_max());
    bool fine = ring.try_push(some) && ring.push({}) && ring.push_for(some, 1ns);
    fine = !ring.try_push(all) && !ring.push_for(all, 1ns) && fine;
    fine = ring.try_pop(out) && ring.pop(out) && ring.pop_for(out, 1ns) && fine;
    fine = !ring.try_pop(out) && !ring.pop_for(out, 1ns) && fine;
    ring.claim(9).commit(3);
    static_cast<void>(ring.claim(9));
    for (const auto found : ring.peek(2)) fine = found.size() == 3 && fine;
    fine = ring.peek().has_value() && fine;
    ring.consume();
    fine = ring.try_push(all) && ring.drain([](auto) {}) == 1 && fine;
    static_cast<void>(ring.statistics());
    ring.close();
    return !ring.pop(out) && ring.drained() && fine;
}

template <class Ring>
bool every_verb_of_bytes_once(Ring& ring, caller_bytes& out) {
    using namespace std::chrono_literals;
    const std::span<const std::byte> some = std::span(out).first(4);
    bool fine =
        ring.try_push_n(some) == 4 && ring.push_n(some) == 4 && ring.push_n_for(some, 1ns) == 4;
    fine = ring.try_pop_n(out) == 12 && ring.try_pop_n(out) == 0 && fine;
    fine = ring.try_push_n(out) == ring.capacity() && ring.push_n_for(some, 1ns) == 0 && fine;
    fine = ring.pop_n(out) == ring.capacity() && ring.pop_n_for(out, 1ns) == 0 && fine;
    ring.claim(9).commit(3);
    static_cast<void>(ring.claim(9));
    fine = ring.peek().size() == 3 && fine;
    ring.consume(3);
    static_cast<void>(ring.statistics());
    ring.close();
    return ring.pop_n(out) == 0 && ring.drained() && fine;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("no_verb_allocates", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 4>();
    const std::uint64_t before = allocations;
    const bool fine = every_verb_once(ring);
    const std::uint64_t after = allocations;
    CHECK(fine);
    CHECK(after == before);
}

TEMPLATE_LIST_TEST_CASE("no_verb_of_messages_allocates", "", support::every_message_setup) {
    auto ring = TestType::make(4096);
    caller_bytes out{};
    const std::uint64_t before = allocations;
    const bool fine = every_verb_of_messages_once(ring, out);
    const std::uint64_t after = allocations;
    CHECK(fine);
    CHECK(after == before);
}

TEMPLATE_LIST_TEST_CASE("no_verb_of_bytes_allocates", "", support::every_stream_setup) {
    auto ring = TestType::make(4096);
    caller_bytes out{};
    const std::uint64_t before = allocations;
    const bool fine = every_verb_of_bytes_once(ring, out);
    const std::uint64_t after = allocations;
    CHECK(fine);
    CHECK(after == before);
}

TEST_CASE("a_fan_out_allocates_at_construction_only") {
    const std::uint64_t at_first = allocations;
    lfq::fan_out<std::uint64_t> spread(3, 4);
    const std::uint64_t before = allocations;
    bool fine = spread.try_push(1u) && spread.try_push_to(1, 2u) && spread.try_push_by(7, 3u) &&
        spread.push_to(2, 4u);
    for (std::size_t worker = 0; worker < 3; ++worker)
        spread.worker(worker).drain([](std::uint64_t&) {});
    spread.close();
    fine = spread.drained() && fine;
    const std::uint64_t after = allocations;
    CHECK(fine);
    CHECK(before > at_first);  // or the counter counts nothing
    CHECK(after == before);
}

TEMPLATE_LIST_TEST_CASE(
    "no_verb_of_messages_of_many_allocates", "", support::every_shared_messages) {
    using namespace std::chrono_literals;
    auto ring = TestType::make(2, 40);
    std::array<std::byte, 40> bytes{};
    const std::span<std::byte> out(bytes);
    const std::uint64_t before = allocations;
    bool fine = true;
    {
        auto from = ring.producer();
        auto other = ring.producer();
        fine = from->try_push(out) && other->push(out) && from->push_for(out, 1ns) && fine;
        other->claim(40).commit(3);
        static_cast<void>(other->claim(40));
        fine = ring.try_pop(out) && ring.pop(out) && ring.pop_for(out, 1ns) && fine;
        fine = ring.peek().has_value() && fine;
        ring.consume();
        fine = !ring.pop_for(out, 1ns) && ring.empty_approx() && fine;
        while (from->try_push(out)) {
        }
        fine = !from->push_for(out, 1ns) && !ring.producer().has_value() && fine;
        fine = ring.drain([](std::span<const std::byte>) {}) > 0 && fine;
    }
    static_cast<void>(ring.statistics());
    ring.close();
    fine = !ring.producer()->push(out) && !ring.pop(out) && ring.drained() && fine;
    const std::uint64_t after = allocations;
    CHECK(fine);
    CHECK(after == before);
}

TEST_CASE("a_pool_of_rings_allocates_at_construction_only") {
    using namespace std::chrono_literals;
    const std::uint64_t at_first = allocations;
    lfq::message_ring_pool<> pool({.rings = 70, .bytes = 4096});
    const caller_bytes out{};
    const std::span<const std::byte> some = std::span(out).first(4);
    const std::uint64_t before = allocations;
    bool fine = true;
    for (int lap = 0; lap < 3; ++lap) {
        for (int i = 0; i < 70; ++i) {
            auto lease = pool.lease();
            fine = lease->try_push(some) && lease->push(some) && lease->push_for(some, 1ns) && fine;
            lease->claim(9).commit(3);
            auto moved = std::move(lease);
            moved->close();
        }
        fine = !pool.lease() && pool.wait_for(1ns) && !pool.arm() && fine;
        fine = pool.for_each_ready([&](std::size_t id, auto ring) {
            fine = ring.drain([](auto) {}) == 4 && ring.drained() && pool.give_back(id) && fine;
        }) == 70 &&
            fine;
        fine = pool.arm() && !pool.wait_for(1ns) && fine;
        fine = pool.statistics(1).consumed == 4 && pool.free_approx() == 70 && fine;
    }
    fine = pool.statistics().consumed == 840 && fine;
    const std::uint64_t after = allocations;
    CHECK(fine);
    CHECK(before > at_first);  // or the counter counts nothing
    CHECK(after == before);
}

TEST_CASE("a_pool_asks_for_as_much_beside_its_rings_as_its_page_says") {
    constexpr std::uint64_t rings = 1'000;
    const std::uint64_t before = bytes_asked_for;
    const lfq::message_ring_pool<> pool({.rings = rings, .bytes = 4096});
    const std::uint64_t asked = bytes_asked_for - before;
    constexpr std::uint64_t lines = 8 * lfq::cache_line_pair_bytes;
    constexpr std::uint64_t lists = sizeof(lfq::message_statistics) + 2 * sizeof(std::size_t);
    CHECK(asked >= rings * (lines + lists));
    // The deque's list grows, and gives back the shorter ones; the bits are a few words.
    CHECK(asked <= rings * (lines + lists + 5 * sizeof(void*)));
}

#endif
