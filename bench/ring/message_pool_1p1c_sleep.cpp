// SPDX-License-Identifier: MIT
// What does a consumer of a pool cost that sleeps, and how many writes to its descriptor wake it?
//
// Asleep: all rings are leased and nobody pushes; the processor time of the whole process over the
// wall time. The floor sleeps in the kernel with no pool. Writes: the pool's eventfd counts them. A
// sleep is a call that waits for it. The producer pushes a message, or a hundred, each time when
// the consumer has gone to sleep; or by itself, one every 20 us; or the consumer never sleeps.

#include "harness/asleep.hpp"
#include "harness/ports.hpp"
#include "harness/session.hpp"
#include "harness/values.hpp"

#include <lfq/base/pause.hpp>
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/message_ring_pool.hpp>
#include <lfq/sys/event_fd.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace {

using namespace bench;

using value = value_of<32>;

/// The real one, counted. One pool at a time.
struct counted_event_fd : lfq::sys::event_fd {
    static inline std::atomic<std::uint64_t> writes{0};
    static inline std::atomic<std::uint64_t> sleeps{0};

    void ring() noexcept {
        writes.fetch_add(1);
        event_fd::ring();
    }
    void wait(std::int64_t deadline_ns) noexcept {
        sleeps.fetch_add(1);
        event_fd::wait(deadline_ns);
    }
};
using counted = lfq::wait::basic_doorbell<counted_event_fd>;
using pool_type = lfq::message_ring_pool<lfq::storage::mirrored, counted>;

enum class pushing { when_it_sleeps, by_itself, at_once };

/// Counts something of a pass and puts it into relation.
struct relation {
    pushing when;
    std::uint64_t burst;
    bool consumer_sleeps;
    double (*figure)(double writes, double sleeps, double messages);
};

struct tested {
    pool_type pool{{.rings = 8, .bytes = 65'536}};
    pool_type::lease_type lease = pool.lease().value();
    std::uint64_t next = 1;
};

void produce(tested& here, const relation& how, std::uint64_t first, std::uint64_t count) {
    value message{};
    std::uint64_t sleeps = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        if (i % how.burst == 0 && how.when == pushing::when_it_sleeps) {
            while (counted_event_fd::sleeps.load() == sleeps) lfq::cpu_pause();
            sleeps = counted_event_fd::sleeps.load();
        }
        if (how.when == pushing::by_itself) {
            const auto until = steady::now() + std::chrono::microseconds(20);
            while (steady::now() < until) lfq::cpu_pause();
        }
        set_number(message, signed_number(0, first + i));
        while (!here.lease.try_push(std::as_bytes(std::span(&message, 1)))) lfq::cpu_pause();
    }
}

void consume(tested& here, const relation& how, ledger& book, std::uint64_t count) {
    for (std::uint64_t taken = 0; taken < count;) {
        if (how.consumer_sleeps) here.pool.wait();
        here.pool.for_each_ready([&](std::size_t, auto ring) {
            taken += ring.drain([&](std::span<const std::byte> found) {
                value message;
                std::memcpy(&message, found.data(), sizeof message);
                book.enter(message);
            });
        });
    }
}

[[nodiscard]] pass counting(team& pinned, const relation& how) {
    return [&pinned, how, here = std::make_shared<tested>()](std::uint64_t count) {
        const std::uint64_t first = here->next;
        here->next += count;
        ledger book(1, first);
        counted_event_fd::writes = 0;
        counted_event_fd::sleeps = 0;
        const double seconds = pinned.seconds_together(
            [&] { consume(*here, how, book, count); }, [&] { produce(*here, how, first, count); });
        const auto writes = static_cast<double>(counted_event_fd::writes.load());
        const auto sleeps = static_cast<double>(counted_event_fd::sleeps.load());
        const double figure = how.figure(writes, sleeps, static_cast<double>(count));
        return outcome{seconds, figure, book.right()};
    };
}

void ask_about_writes(session& here) {
    const auto each_1000_sleeps = [](double writes, double sleeps, double) {
        return 1000 * writes / sleeps;
    };
    const auto each_1000_messages = [](double writes, double, double messages) {
        return 1000 * writes / messages;
    };
    here.ask("ring/message_pool_1p1c_sleep/writes", "writes to the eventfd",
        {.name = "writes", .lower_is_better = true, .threads_sleep = true}, [&](entry_list& list) {
            const auto enter = [&](const char* name, const char* rule, const relation& how) {
                list.enter(name, rule, role::extra, 100 * how.burst,
                    [&] { return counting(here.pinned(), how); });
            };
            const pushing asleep = pushing::when_it_sleeps;
            enter("a message when it sleeps", "/1,000 sleeps", {asleep, 1, true, each_1000_sleeps});
            enter(
                "a hundred when it sleeps", "/1,000 sleeps", {asleep, 100, true, each_1000_sleeps});
            enter(
                "a hundred when it sleeps", "/1,000 msgs", {asleep, 100, true, each_1000_messages});
            enter("a message every 20 us", "/1,000 sleeps",
                {pushing::by_itself, 1, true, each_1000_sleeps});
            enter("the consumer is awake", "/1,000 msgs",
                {pushing::at_once, 1'000, false, each_1000_messages});
        });
}

void ask_about_cpu(session& here) {
    here.ask("ring/message_pool_1p1c_sleep/cpu", "processor time in a second asleep",
        processor_time, [](entry_list& list) {
            list.enter("lfq::message_ring_pool of 8, all leased", "wait_for", role::extra, 50, [] {
                using pool = lfq::message_ring_pool<>;
                auto all = std::make_shared<pool>(pool::sizes{.rings = 8, .bytes = 65'536});
                auto leases = std::make_shared<std::vector<pool::lease_type>>();
                while (auto lease = all->lease()) leases->push_back(std::move(*lease));
                return sleeping([all, leases](auto time) {
                    return !all->wait_for(time) && all->for_each_ready([](auto&&...) {}) == 0;
                });
            });
            list.enter("no pool", "sleep_for", role::floor, 50, sleeping_alone);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask_about_writes(here);
    if (here.full()) ask_about_cpu(here);
    return here.finish();
}
