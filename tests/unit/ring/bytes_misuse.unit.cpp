// SPDX-License-Identifier: MIT
// Goal: checked builds name misuse of rings of bytes and messages: a second thread on a side, a
//         claim committed twice or beyond what was granted, anything pushed under a claim, what was
//         not peeked at consumed.
// Method: children that must abort with their sentence. Overlap is forced: the environment of these
//         rings holds the first thread inside its call, where it copies, while the other calls.
// Cannot show: overlaps that last nanoseconds; those are ThreadSanitizer's.
#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/message_ring.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/load.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#if LFQ_CHECKED

namespace {

using support::bytes;

// Holds the next thread that copies until the other one has come and gone, which it does not.
struct held_env : lfq::std_env {
    static inline std::atomic<bool> holds{false};
    static inline std::atomic<bool> inside{false};

    static void copy_in(void* to, const void* from, std::size_t size) noexcept {
        hold();
        std::memcpy(to, from, size);
    }
    static void copy_out(void* to, const void* from, std::size_t size) noexcept {
        hold();
        std::memcpy(to, from, size);
    }

private:
    static void hold() noexcept {
        if (!holds.exchange(false)) return;
        inside.store(true);
        for (;;) std::this_thread::yield();
    }
};

using messages = lfq::message_ring<lfq::storage::spill, lfq::wait::backoff, held_env>;
using stream = lfq::byte_ring<lfq::storage::mirrored, lfq::wait::backoff, held_env>;

bool push_some(messages& ring) { return ring.try_push(bytes(8)); }
bool push_some(stream& ring) { return ring.try_push_n(bytes(8)) == 8; }
void push_waiting(messages& ring) { static_cast<void>(ring.push(bytes(3))); }
void push_waiting(stream& ring) { static_cast<void>(ring.push_n(bytes(3))); }
void pop_some(messages& ring) {
    std::array<std::byte, 8> out{};
    static_cast<void>(ring.try_pop(out));
}
void pop_some(stream& ring) {
    std::array<std::byte, 8> out{};
    static_cast<void>(ring.try_pop_n(out));
}
void pop_waiting(messages& ring) {
    std::array<std::byte, 8> out{};
    static_cast<void>(ring.pop(out));
}
void pop_waiting(stream& ring) {
    std::array<std::byte, 8> out{};
    static_cast<void>(ring.pop_n(out));
}

template <class Act>
void dies(const std::string& sentence, Act act) {
    const support::ending seen = support::ending_of(act);
    CAPTURE(seen.said, sentence);
    CHECK(seen.aborted);
    CHECK(seen.said.find(sentence) != std::string::npos);
}

// One thread is inside `held` when another calls `verb`.
template <class Ring, class Held, class Verb>
void second_dies(const std::string& role, Held held, Verb verb) {
    dies(role + ": thread 0x", [held, verb] {
        Ring ring(64);
        if (!push_some(ring) || !push_some(ring)) return;
        static_cast<void>(ring.peek());
        held_env::holds.store(true);
        std::thread([&ring, held] { held(ring); }).detach();
        while (!held_env::inside.load()) std::this_thread::yield();
        verb(ring);
    });
}

}  // namespace

TEMPLATE_TEST_CASE("a_second_producer_of_bytes_or_messages_is_named", "", messages, stream) {
    if (support::watched_for_races) SKIP("the sanitizer starts no threads after a fork");
    const std::string role = std::is_same_v<TestType, messages> ? "message_ring, producer side"
                                                                : "byte_ring, producer side";
    const auto pushes = [](TestType& ring) { static_cast<void>(push_some(ring)); };
    second_dies<TestType>(role, pushes, pushes);
    second_dies<TestType>(role, pushes, [](TestType& ring) { push_waiting(ring); });
    second_dies<TestType>(role, pushes, [](TestType& ring) { static_cast<void>(ring.claim(3)); });
    second_dies<TestType>(role, pushes, [](TestType& ring) { ring.close(); });
}

TEMPLATE_TEST_CASE("a_second_consumer_of_bytes_or_messages_is_named", "", messages, stream) {
    if (support::watched_for_races) SKIP("the sanitizer starts no threads after a fork");
    const std::string role = std::is_same_v<TestType, messages> ? "message_ring, consumer side"
                                                                : "byte_ring, consumer side";
    const auto pops = [](TestType& ring) { pop_some(ring); };
    second_dies<TestType>(role, pops, pops);
    second_dies<TestType>(role, pops, [](TestType& ring) { pop_waiting(ring); });
    second_dies<TestType>(role, pops, [](TestType& ring) { static_cast<void>(ring.peek()); });
    second_dies<TestType>(role, pops, [](TestType& ring) { ring.consume(0); });
    if constexpr (requires(TestType & ring) { ring.drain([](auto) {}); }) {
        second_dies<TestType>(role, pops, [](TestType& ring) { ring.drain([](auto) {}); });
        second_dies<TestType>(role, pops, [](TestType& ring) { static_cast<void>(ring.peek(2)); });
    }
}

TEMPLATE_TEST_CASE("committing_more_bytes_than_were_granted_is_named", "", messages, stream) {
    dies("claimed::commit: more than was granted", [] {
        TestType ring(64);
        ring.claim(5).commit(6);
    });
}

TEMPLATE_TEST_CASE("committing_a_claim_of_bytes_twice_is_named", "", messages, stream) {
    dies("claimed::commit: nothing was granted, or it was committed", [] {
        TestType ring(64);
        auto claimed = ring.claim(5);
        claimed.commit(5);
        claimed.commit(5);
    });
    dies("claimed::commit: nothing was granted, or it was committed", [] {
        TestType ring(64);
        auto claimed = ring.claim(5);
        const auto kept = std::move(claimed);
        claimed.commit(0);
    });
    dies("claimed::commit: nothing was granted, or it was committed", [] {
        TestType ring(64);
        ring.close();
        ring.claim(5).commit(0);
    });
}

TEMPLATE_TEST_CASE("pushing_or_closing_under_a_claim_of_bytes_is_named", "", messages, stream) {
    dies("claimed: something was pushed under the claim", [] {
        TestType ring(64);
        auto claimed = ring.claim(5);
        static_cast<void>(push_some(ring));
        claimed.commit(5);
    });
    dies("claimed: the ring was closed under the claim", [] {
        TestType ring(64);
        auto claimed = ring.claim(5);
        ring.close();
        claimed.commit(5);
    });
}

TEST_CASE("consuming_more_messages_or_bytes_than_were_peeked_at_is_named") {
    dies("consume of messages: more than was peeked at", [] {
        messages ring(64);
        static_cast<void>(push_some(ring));
        static_cast<void>(ring.peek());
        ring.consume(2);
    });
    dies("consume of messages: more than was peeked at", [] {
        messages ring(64);
        static_cast<void>(push_some(ring));
        ring.consume();  // never looked at
    });
    dies("byte_ring::consume: more than was peeked at", [] {
        stream ring(64);
        static_cast<void>(push_some(ring));
        static_cast<void>(ring.peek());
        ring.consume(9);
    });
}

#else

TEST_CASE("misuse_of_bytes_and_messages_is_named_in_checked_builds_only") {
    SKIP("this build is unchecked: --debug and --asan look");
}

#endif
