// SPDX-License-Identifier: MIT
// Goal: after construction no verb of any ring allocates.
// Method: this executable's operator new counts; every verb is used, refused and closed.
// Cannot show: what elements allocate themselves.
#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/fan_out.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>
#include <lfq/ring/message_ring.hpp>
#include <lfq/ring/message_ring_pool.hpp>
#include <lfq/ring/mpsc_message_ring.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/counted_new.hpp"
#include "support/setups.hpp"
#include "support/shared_messages.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>

namespace {

using lfq::join_at;

template <class Verbs>
void check_without_allocation(const Verbs& verbs) {
    const std::uint64_t before = support::allocations();
    const bool fine = verbs();
    const std::uint64_t after = support::allocations();
    CHECK(fine);
    CHECK(after == before);
}

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

struct broadcast : support::spsc {
    template <class T, class Storage, class Wait, class Env>
    using ring = lfq::broadcast_ring<T, Storage, Wait, Env>;
};
struct lossy : support::spsc {
    template <class T, class Storage, class Wait, class Env>
    using ring = lfq::lossy_broadcast_ring<T, Storage, Wait, Env>;
};
template <class Algorithm>
using every_setup_of = std::tuple<support::setup<Algorithm, support::on_heap, support::backoff>,
    support::setup<Algorithm, support::in_place, support::park>,
    support::setup<Algorithm, support::on_huge_pages, support::slip>>;

// Every seat is taken, all but two are left and one is taken again.
template <class Ring>
bool every_verb_of_a_broadcast_once(Ring& ring) {
    using namespace std::chrono_literals;
    std::array<typename Ring::reader, Ring::default_readers> seats;
    for (auto& each : seats) each = ring.join(join_at::newest);
    bool fine = seats.back() && !ring.join(join_at::newest) && !ring.join(join_at::oldest);
    for (auto& each : std::span(seats).subspan(2)) each.leave();
    auto& one = seats[0];
    auto other = std::move(seats[1]);
    std::array<std::uint64_t, 3> values{1, 2, 3};
    std::uint64_t out = 0;
    fine = ring.try_push(1) && ring.push(2) && ring.push_for(std::uint64_t{3}, 1ns) && fine;
    fine = ring.try_push_n(std::span<const std::uint64_t>(values)) == 1 && fine;
    fine = !ring.try_push(9) && !ring.push_for(std::uint64_t{9}, 1ns) && fine;
    fine = one.try_pop(out) && one.pop(out) && one.pop_for(out, 1ns) && fine;
    fine = one.try_pop().has_value() && !one.try_pop() && !one.pop_for(out, 1ns) && fine;
    fine = other.drain([](const std::uint64_t&) {}) == 4 && fine;
    auto claimed = ring.claim(3);
    claimed.emplace(7u);
    claimed.commit();
    fine = one.peek()[0].size() == 1 && fine;
    one.consume(1);
    fine = other.try_pop_n(values) == 1 && ring.try_emplace(8u) && fine;
    other.leave();
    fine = ring.join(join_at::oldest).try_pop().has_value() && one.try_pop() == 8 && fine;
    static_cast<void>(ring.statistics());
    ring.close();
    return !ring.push(9) && !one.pop(out) && one.drained() && ring.drained() && fine;
}

// A reader keeps up, is overrun, and another skips.
template <class Ring>
bool every_verb_of_a_lossy_broadcast_once(Ring& ring) {
    using namespace std::chrono_literals;
    std::array<std::uint64_t, 9> values{};
    const std::span<std::uint64_t> all(values);
    std::uint64_t out = 0;
    auto reader = ring.join(join_at::newest);
    bool fine = ring.try_push(1) && ring.push(2) && ring.push_for(std::uint64_t{3}, 1ns);
    fine = reader.try_pop(out) && reader.pop(out) && reader.pop_for(out, 1ns) && fine;
    fine = !reader.try_pop() && !reader.pop_for(out, 1ns) && ring.try_emplace(4u) && fine;
    fine = ring.try_push_n(all) == all.size() && fine;
    auto late = reader;
    fine = late.skip_to(join_at::newest) == 10 && fine;
    fine = reader.try_pop_n(all.first(2)) == 2 && reader.missed() >= 6 && fine;
    fine = reader.drain([](const std::uint64_t&) {}) >= 1 && fine;
    fine = ring.join(join_at::oldest).skip_to(join_at::oldest) == 0 && fine;
    static_cast<void>(ring.statistics());
    ring.close();
    return !ring.try_push(9) && !ring.push(9) && !reader.pop(out) && late.drained() && fine;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("no_verb_allocates", "", support::every_setup) {
    auto ring = TestType::template make<std::uint64_t, 4>();
    check_without_allocation([&] { return every_verb_once(ring); });
}

TEMPLATE_LIST_TEST_CASE("no_verb_of_messages_allocates", "", support::every_message_setup) {
    auto ring = TestType::make(4096);
    caller_bytes out{};
    check_without_allocation([&] { return every_verb_of_messages_once(ring, out); });
}

TEMPLATE_LIST_TEST_CASE("no_verb_of_bytes_allocates", "", support::every_stream_setup) {
    auto ring = TestType::make(4096);
    caller_bytes out{};
    check_without_allocation([&] { return every_verb_of_bytes_once(ring, out); });
}

TEMPLATE_LIST_TEST_CASE("no_verb_of_a_broadcast_allocates", "", every_setup_of<broadcast>) {
    auto ring = TestType::template make<std::uint64_t, 4>();
    check_without_allocation([&] { return every_verb_of_a_broadcast_once(ring); });
}

TEMPLATE_LIST_TEST_CASE("no_verb_of_a_lossy_broadcast_allocates", "", every_setup_of<lossy>) {
    auto ring = TestType::template make<std::uint64_t, 4>();
    check_without_allocation([&] { return every_verb_of_a_lossy_broadcast_once(ring); });
}

TEST_CASE("a_fan_out_allocates_at_construction_only") {
    const std::uint64_t at_first = support::allocations();
    lfq::fan_out<std::uint64_t> spread(3, 4);
    const std::uint64_t before = support::allocations();
    bool fine = spread.try_push(1u) && spread.try_push_to(1, 2u) && spread.try_push_by(7, 3u) &&
        spread.push_to(2, 4u);
    for (std::size_t worker = 0; worker < 3; ++worker)
        spread.worker(worker).drain([](std::uint64_t&) {});
    spread.close();
    fine = spread.drained() && fine;
    const std::uint64_t after = support::allocations();
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
    const std::uint64_t before = support::allocations();
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
    const std::uint64_t after = support::allocations();
    CHECK(fine);
    CHECK(after == before);
}

TEST_CASE("a_pool_of_rings_allocates_at_construction_only") {
    using namespace std::chrono_literals;
    const std::uint64_t at_first = support::allocations();
    lfq::message_ring_pool<> pool({.rings = 70, .bytes = 4096});
    const caller_bytes out{};
    const std::span<const std::byte> some = std::span(out).first(4);
    const std::uint64_t before = support::allocations();
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
    const std::uint64_t after = support::allocations();
    CHECK(fine);
    CHECK(before > at_first);  // or the counter counts nothing
    CHECK(after == before);
}

TEST_CASE("a_pool_asks_for_as_much_beside_its_rings_as_its_page_says") {
    constexpr std::uint64_t rings = 1'000;
    const std::uint64_t before = support::allocated_bytes();
    const lfq::message_ring_pool<> pool({.rings = rings, .bytes = 4096});
    const std::uint64_t asked = support::allocated_bytes() - before;
    constexpr std::uint64_t lines = 8 * lfq::cache_line_pair_bytes;
    constexpr std::uint64_t lists = sizeof(lfq::message_statistics) + 2 * sizeof(std::size_t);
    CHECK(asked >= rings * (lines + lists));
    // The deque's list grows, and gives back the shorter ones; the bits are a few words.
    CHECK(asked <= rings * (lines + lists + 5 * sizeof(void*)));
}
