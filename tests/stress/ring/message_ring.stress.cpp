// SPDX-License-Identifier: MIT
// Goal: between two threads every message arrives once, whole and in order, whatever its size and
//         the verb; what is dropped is counted, and nothing else is missing.
// Method: numbered records with checksums and messages of 0 bytes between them, random sizes up to
//         the longest, all verbs at random, tiny rings in both storages, every wait, near the wrap
//         of the positions. LFQ_SEED repeats the choices, not the interleaving.
// Cannot show: weak memory, on x86; a race between the two views of mirrored memory:
//         ThreadSanitizer sees addresses, not that two of them are one byte. The rings in spilling
//         storage, where each byte has one address, are there for it.
#include <lfq/ring/message_ring.hpp>

#include "stress/ring/records.hpp"
#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <tuple>
#include <type_traits>

namespace {

using namespace support;
using namespace std::chrono_literals;
using lfq::storage::mirrored;
using lfq::storage::spill;
using message = std::span<const std::byte>;

using every_crossing = std::tuple<message_setup<spill, spin, env_near_wrap>,
    message_setup<spill, backoff, env_near_wrap>, message_setup<spill, slip, env_near_wrap>,
    message_setup<spill, park, env_near_wrap>, message_setup<spill, doorbell, env_near_wrap>,
    message_setup<mirrored, backoff, env_near_wrap>, message_setup<mirrored, park, env_near_wrap>,
    message_setup<mirrored, doorbell, env_near_wrap>>;
using every_patient = std::tuple<message_setup<spill, backoff, env_near_wrap>,
    message_setup<spill, doorbell>, message_setup<mirrored, park, env_near_wrap>>;

// Whoever spins keeps the other from running where there are fewer cores.
template <class Setup>
constexpr std::uint64_t messages_to_send() {
    using wait = typename Setup::wait;
    const bool patient =
        !std::is_same_v<wait, lfq::wait::spin> && !std::is_same_v<wait, lfq::wait::slip>;
    return affordable(patient ? 5'000 : 300);
}

bool is_empty(std::uint64_t number) { return number % 7 == 3; }

class inbox {
public:
    void note(message found) {
        const bool fine = is_empty(next_)
            ? found.empty()
            : records::whole(found) && records::fields::number(found) == next_;
        wrong_ += fine ? 0u : 1u;
        ++next_;
        bytes_ += found.size();
    }

    [[nodiscard]] std::uint64_t count() const { return next_; }
    [[nodiscard]] std::uint64_t bytes_seen() const { return bytes_; }
    [[nodiscard]] std::uint64_t wrong() const { return wrong_; }

private:
    std::uint64_t next_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t wrong_ = 0;
};

std::size_t any_size(std::size_t most, std::uint64_t number, dice& random) {
    if (is_empty(number)) return 0;
    if (random.one_in(10)) return most;
    return random.from_to(records::header_bytes, std::min<std::size_t>(most, 100));
}

template <class Ring>
bool write_in_place(Ring& ring, std::size_t size, std::uint64_t number, dice& random) {
    const std::size_t more = random.from_to(0, ring.message_bytes_max() - size);
    auto claimed = ring.claim(random.one_in(2) ? size : size + more);
    if (!claimed || random.one_in(5)) return false;
    if (size != 0) records::write(claimed.bytes().first(size), number);
    claimed.commit(size);
    return true;
}

template <class Ring>
void send(Ring& ring, std::uint64_t count, std::uint64_t stream) {
    dice random(stream);
    bytes room(ring.message_bytes_max());
    for (std::uint64_t number = 0; number < count;) {
        const std::size_t size = any_size(room.size(), number, random);
        const auto next = std::span(room).first(size);
        if (size != 0) records::write(next, number);
        bool sent = false;
        switch (random.from_to(0, 3)) {
            case 0: sent = ring.try_push(next); break;
            case 1: sent = ring.push(next); break;
            case 2: sent = ring.push_for(next, 50us); break;
            default: sent = write_in_place(ring, size, number, random);
        }
        if (sent) {
            ++number;
        } else {
            std::this_thread::yield();
        }
    }
    ring.close();
}

template <class Ring>
void look_in_place(Ring& ring, inbox& book, dice& random) {
    if (random.one_in(2)) {
        const auto found = ring.peek();
        if (!found) return;
        book.note(*found);
        ring.consume();
        return;
    }
    const auto found = ring.peek(random.from_to(0, 4));
    const std::size_t count = random.from_to(0, found.size());
    std::size_t seen = 0;
    for (const message each : found) {
        if (seen++ == count) break;
        book.note(each);
    }
    ring.consume(count);
}

// Of three pops one has too little room at first, and comes again.
template <class Ring>
lfq::popped_message pop_somehow(Ring& ring, std::span<std::byte> out, dice& random) {
    const auto pop = [&](std::span<std::byte> room) {
        switch (random.from_to(0, 2)) {
            case 0: return ring.pop(room);
            case 1: return ring.pop_for(room, 50us);
            default: return ring.try_pop(room);
        }
    };
    const lfq::popped_message first =
        pop(random.one_in(3) ? out.first(records::header_bytes) : out);
    if (first.what != lfq::popped_message::outcome::too_short) return first;
    return ring.try_pop(out.first(first.bytes));
}

template <class Ring>
void receive(Ring& ring, inbox& book, std::uint64_t stream) {
    dice random(stream);
    bytes out(ring.message_bytes_max());
    while (!ring.drained()) {
        const std::uint64_t before = book.count();
        switch (random.from_to(0, 3)) {
            case 0:
                if (const auto popped = pop_somehow(ring, out, random))
                    book.note(std::span(out).first(popped.bytes));
                break;
            case 1:
                static_cast<void>(
                    ring.drain([&](message each) { book.note(each); }, random.from_to(1, 5)));
                break;
            case 2: look_in_place(ring, book, random); break;
            default: records::sleep_if_quiet(ring);
        }
        if (book.count() == before) std::this_thread::yield();
    }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE(
    "messages_between_two_threads_arrive_once_whole_and_in_order", "", every_crossing) {
    for (const std::size_t capacity : {32u, 64u, 1024u}) {
        auto ring = TestType::make(capacity);
        const std::uint64_t count = messages_to_send<TestType>();
        inbox book;
        std::thread sender([&] { send(ring, count, capacity); });
        receive(ring, book, capacity + 1);
        sender.join();
        CAPTURE(ring.capacity(), run_seed());
        CHECK(book.wrong() == 0);
        CHECK(book.count() == count);
        const lfq::message_statistics seen = ring.statistics();
        CHECK(seen.published == count);
        CHECK(seen.consumed == count);
        CHECK(seen.published_bytes == book.bytes_seen());
        CHECK(seen.consumed_bytes == book.bytes_seen());
        CHECK(seen.high_water_bytes <= ring.capacity());
    }
}

TEMPLATE_LIST_TEST_CASE("dropped_messages_are_counted_and_leave_the_only_gaps", "", every_patient) {
    auto ring = TestType::make(128);
    const std::uint64_t count = affordable(60'000);
    std::uint64_t dropped = 0;
    std::thread sender([&] {
        dice random(1);
        bytes room(ring.message_bytes_max());
        for (std::uint64_t number = 0; number < count; ++number) {
            const auto next = std::span(room).first(random.from_to(records::header_bytes, 100));
            records::write(next, number);
            if (!ring.try_push(next)) ++dropped;
            if (number % 64 == 0) std::this_thread::yield();
        }
        ring.close();
    });
    std::uint64_t received = 0;
    std::uint64_t missing = 0;
    std::uint64_t wrong = 0;
    std::uint64_t expected = 0;
    bytes out(ring.message_bytes_max());
    while (const auto popped = ring.pop(out)) {
        const auto found = std::span(out).first(popped.bytes);
        const std::uint64_t number = records::fields::number(found);
        if (!records::whole(found) || number < expected) {
            ++wrong;
            continue;
        }
        missing += number - expected;
        expected = number + 1;
        ++received;
    }
    sender.join();
    missing += count - expected;
    CAPTURE(run_seed());
    CHECK(wrong == 0);
    CHECK(received + dropped == count);
    CHECK(missing == dropped);
    CHECK(ring.statistics().published == received);
    CHECK(ring.statistics().refused_pushes == dropped);
}

TEMPLATE_LIST_TEST_CASE(
    "observers_of_messages_see_whole_words_within_the_capacity", "", every_patient) {
    auto ring = TestType::make(64);
    const std::uint64_t count = affordable(20'000);
    std::atomic<bool> ended{false};
    std::uint64_t wrong = 0;
    std::thread observer([&] {
        std::uint64_t published = 0;
        std::uint64_t consumed = 0;
        while (!ended.load()) {
            const std::size_t size = ring.size_approx();
            const lfq::message_statistics seen = ring.statistics();
            if (size > ring.capacity() || size % 8 != 0) ++wrong;
            if (seen.high_water_bytes > ring.capacity()) ++wrong;
            if (seen.published < published || seen.consumed < consumed) ++wrong;
            published = seen.published;
            consumed = seen.consumed;
            std::this_thread::yield();
        }
    });
    inbox book;
    std::thread sender([&] { send(ring, count, 3); });
    receive(ring, book, 4);
    sender.join();
    ended.store(true);
    observer.join();
    CHECK(wrong == 0);
    CHECK(book.wrong() == 0);
}
