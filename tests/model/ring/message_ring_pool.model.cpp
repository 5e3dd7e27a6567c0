// SPDX-License-Identifier: MIT
// Goal: a pool's consumer learns of every message and of every end, sleeps only when there is
//       nothing, and a ring goes whole from one producer to the next.
// Method: the smallest scenarios, exhaustively, and streams with dice; an eventfd that counts and a
//       lock that the checker sees.
// Cannot show: std::mutex; fairness, which the unit tests show.
#include "ring/ledger.hpp"
#include "ring/letters.hpp"

#include <lfq/ring/message_ring_pool.hpp>

namespace {

using namespace model;

/// Stands for std::mutex.
class watched_lock {
public:
    void lock() {
        while (held_.exchange(1, std::memory_order_acquire) != 0) env::pause();
    }
    void unlock() { held_.store(0, std::memory_order_release); }

private:
    atomic<int> held_{0};
};

using pool = lfq::message_ring_pool<lfq::storage::spill, doorbell, watched_lock, env>;
constexpr std::size_t one_message = 16;

// Leases a ring, pushes so many and closes.
auto leases(pool& all, ledger& books, int producer, int messages) {
    return [&all, &books, producer, messages] {
        auto ring = all.lease();
        for (; !ring; ring = all.lease()) env::pause();
        letters out(*ring);
        for (int i = 0; i < messages; ++i) check(books.push(out, producer), "not closed");
    };
}

// Reads until so many ends were told, sleeping when nothing is ready.
auto reads(pool& all, ledger& books, int ends) {
    return [&all, &books, ends] {
        for (int told = 0; told < ends;) {
            const std::size_t visits = all.for_each_ready([&](std::size_t id, pool::reader ring) {
                ring.drain([&](std::span<const std::byte> found) {
                    letter got;
                    got.read(found);
                    books.popped(got);
                });
                if (all.give_back(id)) ++told;
            });
            if (visits == 0) all.wait();
        }
    };
}

template <std::size_t Rings, int... Messages>
void every_message_arrives(execution& here) {
    pool all({Rings, one_message});
    ledger books;
    constexpr std::array<int, sizeof...(Messages)> messages{Messages...};
    if constexpr (sizeof...(Messages) == 1) {
        here.run(thread{"producer", leases(all, books, 1, messages[0])},
            thread{"consumer", reads(all, books, 1)});
    } else {
        here.run(thread{"producer 1", leases(all, books, 1, messages[0])},
            thread{"producer 2", leases(all, books, 2, messages[1])},
            thread{"consumer", reads(all, books, 2)});
    }
    books.check_all_arrived();
    check(all.free_approx() == Rings, "every ring is back");
}
constexpr options::mode pct = options::mode::pct;
const scenario one("message_ring_pool/every_message_arrives/one_ring",
    {.how = pct, .executions = 20'000, .depth = 4}, every_message_arrives<1, 1>);
const scenario two("message_ring_pool/every_message_arrives/two_rings",
    {.how = pct, .executions = 20'000, .depth = 4}, every_message_arrives<2, 1, 1>);
const scenario in_turn("message_ring_pool/every_message_arrives/one_ring_in_turn",
    {.how = pct, .executions = 20'000, .depth = 4}, every_message_arrives<1, 1, 1>);
const scenario two_deep("message_ring_pool/every_message_arrives/two_rings_deep",
    {.how = pct, .executions = 2'000'000, .depth = 5}, every_message_arrives<2, 2, 1>,
    scenario::effort::deep);

// The end comes to a consumer that sleeps.
void the_end_is_told(execution& here) {
    pool all({1, one_message});
    auto ring = all.lease();
    ledger books;
    here.run(thread{"producer", [&] { ring->close(); }}, thread{"consumer", reads(all, books, 1)});
    check(all.free_approx() == 1, "the ring is back");
}
const scenario end("message_ring_pool/the_end_is_told", {}, the_end_is_told);

// The next producer goes on where the last one stopped, and what the consumer did comes with it.
void a_ring_goes_to_the_next_producer(execution& here) {
    pool all({1, one_message});
    auto first = all.lease();
    check(first->try_push(letter(1).bytes()), "room");
    first->close();
    int pushed = 0;
    int found = 0;
    const auto count = [&](std::size_t id, pool::reader ring) {
        ring.drain([&](std::span<const std::byte>) { ++found; });
        static_cast<void>(all.give_back(id));
    };
    here.run(thread{"consumer", [&] { static_cast<void>(all.for_each_ready(count)); }},
        thread{"next producer", [&] {
                   if (auto ring = all.lease()) pushed += ring->try_push(letter(2).bytes()) ? 1 : 0;
               }});
    while (all.for_each_ready(count) != 0) {
    }
    check(found == 1 + pushed && all.free_approx() == 1, "every message, and the ring is back");
}
const scenario next(
    "message_ring_pool/a_ring_goes_to_the_next_producer", {}, a_ring_goes_to_the_next_producer);

// Whoever closed may still be about to wake the consumer when the next producer has the ring.
void the_next_producer_meets_the_closer(execution& here) {
    pool all({1, one_message});
    auto first = all.lease();
    int pushed = 0;
    int found = 0;
    const auto count = [&](std::size_t id, pool::reader ring) {
        ring.drain([&](std::span<const std::byte>) { ++found; });
        static_cast<void>(all.give_back(id));
    };
    here.run(thread{"closer", [&] { first->close(); }},
        thread{"consumer", [&] { static_cast<void>(all.for_each_ready(count)); }},
        thread{"next producer", [&] {
                   if (auto ring = all.lease()) pushed += ring->try_push(letter(2).bytes()) ? 1 : 0;
               }});
    while (all.for_each_ready(count) != 0) {
    }
    check(found == pushed && all.free_approx() == 1, "every message, and the ring is back");
}
const scenario meets(
    "message_ring_pool/the_next_producer_meets_the_closer", {}, the_next_producer_meets_the_closer);

// The same, when the consumer sleeps in between: the closer's late word must not take away what
// wakes it for the next producer.
void the_next_producer_wakes_the_sleeper(execution& here) {
    pool all({1, one_message});
    auto first = all.lease();
    bool found = false;
    const auto take = [&](std::size_t id, pool::reader ring) {
        ring.drain([&](std::span<const std::byte>) { found = true; });
        static_cast<void>(all.give_back(id));
    };
    here.run(thread{"closer", [&] { first->close(); }},
        thread{"consumer",
            [&] {
                while (!found) {
                    if (all.for_each_ready(take) == 0) all.wait();
                }
            }},
        thread{"next producer", [&] {
                   auto ring = all.lease();
                   for (; !ring; ring = all.lease()) env::pause();
                   check(ring->try_push(letter(1).bytes()), "room");
               }});
    while (all.for_each_ready(take) != 0) {
    }
    check(all.free_approx() == 1, "the ring is back");
}
const scenario wakes("message_ring_pool/the_next_producer_wakes_the_sleeper", {.preemptions = 1},
    the_next_producer_wakes_the_sleeper);
const scenario wakes_deep("message_ring_pool/the_next_producer_wakes_the_sleeper_deep",
    {.preemptions = 2}, the_next_producer_wakes_the_sleeper, scenario::effort::deep);

// A ring that is given back later is told of once.
void an_end_is_told_once(execution& here) {
    pool all({1, one_message});
    auto ring = all.lease();
    int told = 0;
    const auto look = [&](std::size_t, pool::reader reader) {
        if (reader.drained()) ++told;
        reader.drain([](std::span<const std::byte>) {});
    };
    const auto look_twice = [&] {
        for (int i = 0; i < 2; ++i) static_cast<void>(all.for_each_ready(look));
    };
    here.run(thread{"producer",
                 [&] {
                     check(ring->try_push(letter(1).bytes()), "room");
                     ring->close();
                 }},
        thread{"consumer", look_twice});
    look_twice();
    check(told == 1, "once");
    check(all.give_back(0) && !all.give_back(0), "and it is given back once");
}
const scenario once("message_ring_pool/an_end_is_told_once", {}, an_end_is_told_once);

// A consumer that sleeps in an event loop is woken by a message, and once.
void one_write_for_one_sleep(execution& here) {
    pool all({1, one_message});
    auto ring = all.lease();
    bool found = false;
    here.run(thread{"producer", [&] { check(ring->try_push(letter(1).bytes()), "room"); }},
        thread{"consumer", [&] {
                   while (!found) {
                       all.wait();
                       static_cast<void>(all.for_each_ready([&](std::size_t, pool::reader reader) {
                           found = reader.drain([](std::span<const std::byte>) {}) == 1;
                       }));
                   }
               }});
    check(found && counted_event_fd::writes <= 1, "one write at most");
}
const scenario one_write("message_ring_pool/one_write_for_one_sleep", {}, one_write_for_one_sleep);

}  // namespace
