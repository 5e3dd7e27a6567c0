// SPDX-License-Identifier: MIT
// Goal: threads that lease, push and close while one consumer reads them all and gives their rings
//         back lose no message, no end and no ring, and their counts agree.
// Method: numbered records with checksums; more threads than rings, so that every ring goes through
//         many hands; the consumer sleeps in the pool's own wait, for ever: a lost wake-up is a
//         test that hangs. Rings in both storages. LFQ_SEED repeats the choices.
// Cannot show: weak memory, on x86; a race between the two views of mirrored memory, which
//         ThreadSanitizer does not see: the rings in spilling storage are there for it.
#include <lfq/ring/message_ring_pool.hpp>

#include "stress/ring/records.hpp"
#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace std::chrono_literals;
using support::bytes;
using support::dice;

constexpr std::size_t threads = 8;
constexpr std::size_t cycles = 100;
constexpr std::size_t rings = 4;

using every_pool =
    std::tuple<lfq::message_ring_pool<lfq::storage::spill>, lfq::message_ring_pool<>>;

// What one thread did.
struct account {
    std::uint64_t sent = 0;
    std::uint64_t dropped = 0;
    std::uint64_t bytes = 0;
};

// A record's number tells the thread, its lease, and the message of the lease.
std::uint64_t number_of(std::size_t thread, std::size_t cycle, std::uint64_t message) {
    return std::uint64_t{thread} << 48 | std::uint64_t{cycle} << 32 | message;
}

template <class Lease>
bool push_somehow(Lease& lease, bytes& record, dice& random) {
    switch (random.from_to(0, 3)) {
        case 0: return lease.push(record);
        case 1: return lease.push_for(record, 50us);
        case 2: {
            auto claimed = lease.claim(record.size());
            if (!claimed) return false;
            std::ranges::copy(record, claimed.bytes().begin());
            claimed.commit(record.size());
            return true;
        }
        default: return lease.try_push(record);
    }
}

template <class Pool>
void produce(Pool& pool, std::size_t thread, account& book) {
    dice random(thread);
    for (std::size_t cycle = 0; cycle < cycles;) {
        auto lease = pool.lease();
        if (!lease) {
            std::this_thread::yield();
            continue;
        }
        const std::uint64_t messages = random.from_to(0, support::affordable(60));
        for (std::uint64_t i = 0; i < messages; ++i) {
            bytes record(random.from_to(records::header_bytes, 200));
            records::write(record, number_of(thread, cycle, i));
            if (push_somehow(*lease, record, random)) {
                ++book.sent;
                book.bytes += record.size();
            } else {
                ++book.dropped;
            }
        }
        if (random.one_in(2)) lease->close();  // else dropped
        ++cycle;
    }
}

// What the consumer found wrong, and how much it took.
class inbox {
public:
    void note(std::size_t ring, std::span<const std::byte> found) {
        ++taken_;
        bytes_ += found.size();
        if (!records::whole(found)) {
            ++wrong_;
            return;
        }
        const std::uint64_t number = records::fields::number(found);
        lease_in_use& of = leases_.at(ring);
        // A ring has one owner from lease to give_back, whose messages keep their order.
        if (of.owner != nobody && (of.owner != number >> 32 || number < of.next)) ++wrong_;
        if (number >> 48 >= threads) ++wrong_;
        of = {number >> 32, number + 1};
    }
    void end(std::size_t ring) {
        leases_.at(ring) = {};
        ++ends_;
    }

    [[nodiscard]] std::uint64_t taken() const { return taken_; }
    [[nodiscard]] std::uint64_t bytes_seen() const { return bytes_; }
    [[nodiscard]] std::uint64_t ends() const { return ends_; }
    [[nodiscard]] std::uint64_t wrong() const { return wrong_; }

private:
    static constexpr std::uint64_t nobody = UINT64_MAX;
    struct lease_in_use {
        std::uint64_t owner = nobody;
        std::uint64_t next = 0;
    };
    std::array<lease_in_use, rings> leases_;
    std::uint64_t taken_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t ends_ = 0;
    std::uint64_t wrong_ = 0;
};

template <class Pool>
void consume(Pool& pool, inbox& book) {
    dice random(threads);
    while (book.ends() < threads * cycles) {
        pool.for_each_ready([&](std::size_t id, auto ring) {
            ring.drain([&](auto found) { book.note(id, found); }, random.from_to(1, 20));
            if (!ring.drained()) return;
            book.end(id);
            static_cast<void>(pool.give_back(id));
        });
        if (book.ends() == threads * cycles) break;
        if (random.one_in(3)) {
            static_cast<void>(pool.wait_for(20us));
        } else {
            pool.wait();
        }
    }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("rings_that_go_from_hand_to_hand_lose_nothing", "", every_pool) {
    TestType pool({.rings = rings, .bytes = 256});
    std::array<account, threads> sent;
    std::vector<std::thread> producers;
    for (std::size_t i = 0; i < threads; ++i)
        producers.emplace_back([&, i] { produce(pool, i, sent[i]); });
    inbox book;
    consume(pool, book);
    for (std::thread& each : producers) each.join();
    account all;
    for (const account& each : sent) {
        all.sent += each.sent;
        all.dropped += each.dropped;
        all.bytes += each.bytes;
    }
    CAPTURE(support::run_seed());
    CHECK(book.wrong() == 0);
    CHECK(book.taken() == all.sent);
    CHECK(book.bytes_seen() == all.bytes);
    CHECK(pool.free_approx() == rings);
    const lfq::message_statistics seen = pool.statistics();
    CHECK(seen.published == all.sent);
    CHECK(seen.consumed == all.sent);
    CHECK(seen.published_bytes == all.bytes);
    CHECK(seen.consumed_bytes == all.bytes);
    CHECK(seen.refused_pushes == all.dropped);
    CHECK(seen.high_water_bytes <= pool.ring_capacity());
}
