// SPDX-License-Identifier: MIT
// Goal: whatever three producers send at the same time arrives whole, once, and in the order of
//         each of them, though claims are cut short or abandoned, the ring is full most of the
//         time, and handles go from thread to thread.
// Method: messages with their sender, their number and a CRC-32 over all of it; every verb in turn
//         of the dice; each producer gives its handle back now and then, and whoever comes first
//         takes it. A ledger at the consumer. LFQ_SEED repeats the dice, not the schedule.
// Cannot show: a race between the two views of mirrored memory, for ThreadSanitizer sees addresses;
//         hence also storage::spill.
#include <lfq/ring/mpsc_message_ring.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/shared_messages.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <poll.h>

namespace {

using namespace std::chrono_literals;
using support::message_view;

constexpr std::size_t longest = 60;
using buffer = std::array<std::byte, longest>;

[[nodiscard]] std::uint32_t crc32(message_view bytes) noexcept {
    std::uint32_t crc = ~std::uint32_t{0};
    for (const std::byte each : bytes) {
        crc ^= std::to_integer<std::uint32_t>(each);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1u)));
    }
    return ~crc;
}

struct letter_head {
    std::uint32_t crc;  // over all that follows
    std::uint32_t sender;
    std::uint64_t number;
};

// A letter of `to.size()` bytes, one head at least.
void write_letter(std::uint32_t sender, std::uint64_t number, std::span<std::byte> to) noexcept {
    letter_head head{0, sender, number};
    support::write_message(number + sender, to);
    std::memcpy(to.data(), &head, sizeof head);
    head.crc = crc32(to.subspan(sizeof head.crc));
    std::memcpy(to.data(), &head.crc, sizeof head.crc);
}

class ledger {
public:
    explicit ledger(std::size_t senders) : next_(senders) {}

    void note(message_view seen) {
        letter_head head{};
        if (seen.size() < sizeof head) {
            ++wrong_;
            return;
        }
        std::memcpy(&head, seen.data(), sizeof head);
        if (head.crc != crc32(seen.subspan(sizeof head.crc)) || head.sender >= next_.size() ||
            head.number != next_[head.sender]++)
            ++wrong_;
    }

    [[nodiscard]] std::uint64_t wrong() const { return wrong_; }
    [[nodiscard]] const std::vector<std::uint64_t>& received() const { return next_; }

private:
    std::vector<std::uint64_t> next_;
    std::uint64_t wrong_ = 0;
};

// Takes a handle; of fewer than there are senders, when another lets it go.
template <class Ring>
[[nodiscard]] typename Ring::producer_handle taken(Ring& ring) {
    for (;;) {
        if (auto from = ring.producer()) return std::move(*from);
        std::this_thread::yield();
    }
}

// Sends letter after letter until all are sent or the ring is closed; how many were accepted.
template <class Ring>
std::uint64_t send(Ring& ring, std::uint32_t sender, std::uint64_t count, support::dice& random) {
    buffer bytes{};
    std::uint64_t sent = 0;
    while (sent < count) {
        auto from = taken(ring);
        for (std::size_t turns = random.from_to(1, 50); turns != 0 && sent < count; --turns) {
            const auto letter =
                std::span(bytes).first(random.from_to(sizeof(letter_head), longest));
            bool accepted = false;
            switch (random.from_to(0, 3)) {
                case 0:
                    write_letter(sender, sent, letter);
                    accepted = from.try_push(letter);
                    break;
                case 1:
                    write_letter(sender, sent, letter);
                    accepted = from.push(letter);
                    break;
                case 2:
                    write_letter(sender, sent, letter);
                    accepted = from.push_for(letter, 50us);
                    break;
                default: {
                    auto claimed = from.claim(random.from_to(letter.size(), longest));
                    if (!claimed) break;
                    write_letter(sender, sent, claimed.bytes().first(letter.size()));
                    if (random.one_in(3)) break;  // abandoned
                    claimed.commit(letter.size());
                    accepted = true;
                }
            }
            sent += accepted ? 1 : 0;
            if (accepted) continue;
            if (ring.closed()) return sent;
            std::this_thread::yield();
        }
    }
    return sent;
}

// Takes letters by every verb in turn of the dice until the ring is drained.
template <class Ring>
void receive(Ring& ring, ledger& book, support::dice& random) {
    buffer out{};
    const auto note = [&book](message_view seen) { book.note(seen); };
    const auto note_popped = [&](const lfq::popped_message& popped) {
        if (popped) note(std::span(out).first(popped.bytes));
    };
    while (!ring.drained()) {
        switch (random.from_to(0, 5)) {
            case 0: note_popped(ring.pop(out)); break;
            case 1: note_popped(ring.pop_for(out, 50us)); break;
            case 2: note_popped(ring.try_pop(out)); break;
            case 3: ring.drain(note, random.from_to(1, 20)); break;
            case 4:
                if (const auto seen = ring.peek()) {
                    note(*seen);
                    ring.consume();
                }
                break;
            default:
                if constexpr (requires { ring.arm(); }) {
                    if (ring.arm()) {
                        pollfd bell{ring.fd(), POLLIN, 0};
                        ::poll(&bell, 1, -1);  // for ever: a lost wake-up is a test that hangs
                        ring.acknowledge();
                    }
                }
        }
    }
}

// A ring of a few messages, so that it is full, and wraps, all the time.
template <class Ring, class Wait>
[[nodiscard]] Ring small_ring(std::size_t producers) {
    return Ring({512, producers, longest}, {}, support::sleeping_at_once<Wait>());
}

template <class Setup>
void all_arrive(std::size_t handles, std::uint64_t count, bool cut_short) {
    constexpr std::uint32_t senders = 3;
    auto ring = small_ring<typename Setup::ring, typename Setup::wait>(handles);
    std::array<std::uint64_t, senders> sent{};
    std::atomic<std::uint32_t> busy{senders};
    std::vector<std::thread> threads;
    for (std::uint32_t sender = 0; sender < senders; ++sender) {
        threads.emplace_back([&, sender] {
            support::dice random(sender + 1);
            sent[sender] = send(ring, sender, count, random);
            if (--busy == 0 || cut_short) ring.close();
        });
    }
    std::atomic<bool> over{false};
    std::uint64_t above = 0;
    std::thread observer([&] {
        while (!over) {
            if (ring.size_approx() > ring.capacity()) ++above;
            std::this_thread::yield();
        }
    });
    ledger book(senders);
    support::dice random(0);
    receive(ring, book, random);
    for (std::thread& each : threads) each.join();
    over = true;
    observer.join();

    std::uint64_t sum = 0;
    for (const std::uint64_t each : sent) sum += each;
    CHECK(book.wrong() == 0);
    CHECK(book.received() == std::vector<std::uint64_t>(sent.begin(), sent.end()));
    if (!cut_short) CHECK(sum == senders * count);
    CHECK(ring.statistics().published == sum);
    CHECK(ring.statistics().consumed == sum);
    CHECK(ring.statistics().published_bytes == ring.statistics().consumed_bytes);
    CHECK(ring.size_approx() == 0);
    CHECK(above == 0);
}

using every_sleeper = std::tuple<  //
    support::shared_messages<lfq::storage::spill, support::backoff, support::env_near_wrap>,
    support::shared_messages<lfq::storage::spill, support::park>,
    support::shared_messages<lfq::storage::mirrored, support::park, support::env_near_wrap>,
    support::shared_messages<lfq::storage::spill, support::doorbell, support::env_near_wrap>,
    support::shared_messages<lfq::storage::mirrored, support::doorbell>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "letters_of_three_producers_arrive_whole_once_and_in_order", "", every_sleeper) {
    all_arrive<TestType>(3, support::affordable(30'000), false);
}

TEMPLATE_LIST_TEST_CASE("producers_that_share_fewer_handles_lose_nothing", "", every_sleeper) {
    all_arrive<TestType>(2, support::affordable(20'000), false);
}

TEMPLATE_LIST_TEST_CASE("a_close_while_others_push_keeps_what_was_accepted", "", every_sleeper) {
    for (std::uint64_t round = 0; round < support::affordable(100); ++round)
        all_arrive<TestType>(3, 1 + round * 3, true);
}
