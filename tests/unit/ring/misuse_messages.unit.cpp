// SPDX-License-Identifier: MIT
// Goal: checked builds name misuse of a ring of messages with many producers: a second thread on
//         one handle or on the consumer's side, consuming what is not finished, committing what was
//         not granted.
// Method: children that must abort with their sentence; hand-overs that must not. Overlap is
//         forced: the first thread is held while it copies a message in, or visits one.
// Cannot show: overlaps that last nanoseconds; those are ThreadSanitizer's.
#include <lfq/ring/mpsc_message_ring.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/load.hpp"
#include "support/shared_messages.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>

#if LFQ_CHECKED

namespace {

using support::message_of;
using support::message_view;

[[noreturn]] void stay(std::atomic<bool>& inside) {
    inside.store(true);
    for (;;) std::this_thread::yield();
}

// Holds whoever copies a message in, until the other thread has come and gone, which it does not.
struct env_that_holds : lfq::std_env {
    static inline std::atomic<bool> inside{false};

    static void copy_in(void*, const void*, std::size_t) noexcept { stay(inside); }
};

using ring_that_holds =
    lfq::mpsc_message_ring<lfq::storage::spill, lfq::wait::backoff, env_that_holds>;
using ring_with_bell = support::shared_messages<lfq::storage::spill, support::doorbell>;

void wait_until_inside() {
    while (!env_that_holds::inside.load()) std::this_thread::yield();
}

// The sentence, and two different thread names in it.
void names_both(const support::ending& seen, const std::string& side) {
    CAPTURE(seen.said);
    CHECK(seen.aborted);
    CHECK(seen.said.find(side) != std::string::npos);
    CHECK(support::names_two_threads(seen.said));
}

void names(const support::ending& seen, const std::string& sentence) {
    CAPTURE(seen.said);
    CHECK(seen.aborted);
    CHECK(seen.said.find(sentence) != std::string::npos);
}

}  // namespace

TEST_CASE("a_handle_that_was_moved_from_is_named") {
    names(support::ending_of([] {
        lfq::mpsc_message_ring<lfq::storage::spill> ring({4096, 2, 8});
        auto from = ring.producer();
        const auto to = std::move(*from);
        static_cast<void>(from->try_push(message_of(1, 8)));
    }),
        "message_producer: this handle was moved from");
}

TEST_CASE("the_second_thread_on_one_handle_is_named") {
    if (support::watched_for_races) SKIP("the sanitizer starts no threads after a fork");
    const auto dies_in = [](auto verb) {
        names_both(support::ending_of([verb] {
            ring_that_holds ring({4096, 2, 8});
            auto from = ring.producer();
            auto claimed = from->claim(8);
            std::thread([&from] { static_cast<void>(from->try_push(message_of(1, 8))); }).detach();
            wait_until_inside();
            verb(*from, claimed);
        }),
            "mpsc_message_ring, one handle of producer()");
    };
    dies_in([](auto& from, auto&) { static_cast<void>(from.try_push({})); });
    dies_in([](auto& from, auto&) { static_cast<void>(from.push({})); });
    dies_in([](auto& from, auto&) { static_cast<void>(from.claim(1)); });
    dies_in([](auto&, auto& claimed) { claimed.commit(1); });
    dies_in([](auto&, auto& claimed) { auto lost = std::move(claimed); });
}

TEST_CASE("the_second_consumer_of_messages_is_named") {
    if (support::watched_for_races) SKIP("the sanitizer starts no threads after a fork");
    const auto dies_in = [](auto verb) {
        names_both(support::ending_of([verb] {
            auto ring = ring_with_bell::make(1, 8);
            auto from = ring.producer();
            static_cast<void>(from->try_push({}));
            std::thread([&ring] {
                ring.drain([](message_view) { stay(env_that_holds::inside); });
            }).detach();
            wait_until_inside();
            verb(ring);
        }),
            "mpsc_message_ring, consumer side");
    };
    dies_in([](auto& ring) { static_cast<void>(ring.try_pop({})); });
    dies_in([](auto& ring) { static_cast<void>(ring.pop({})); });
    dies_in([](auto& ring) { static_cast<void>(ring.peek()); });
    dies_in([](auto& ring) { ring.consume(0); });
    dies_in([](auto& ring) { ring.drain([](message_view) {}); });
    dies_in([](auto& ring) { static_cast<void>(ring.arm()); });
}

TEST_CASE("two_handles_and_sides_that_are_handed_over_are_no_misuse") {
    auto ring = ring_with_bell::make(2, 8);
    auto from = ring.producer();
    auto other = ring.producer();
    auto claimed = other->claim(8);
    int wrong = 0;
    for (int i = 0; i < 20; ++i) {
        std::thread([&] {
            if (!from->try_push({})) ++wrong;
        }).join();
    }
    std::thread([&] { claimed.commit(8); }).join();
    std::array<std::byte, 8> out{};
    for (int i = 0; i < 21; ++i) {
        std::thread([&] {
            if (!ring.try_pop(out)) ++wrong;
        }).join();
    }
    CHECK(wrong == 0);
}

TEST_CASE("consuming_more_messages_than_are_finished_is_named") {
    const std::string sentence = "consume of messages: more than was peeked at";
    names(support::ending_of([] {
        auto ring = ring_with_bell::make(1, 8);
        auto from = ring.producer();
        static_cast<void>(from->try_push({}));
        ring.consume(2);
    }),
        sentence);
    names(support::ending_of([] {
        auto ring = ring_with_bell::make(1, 8);
        auto from = ring.producer();
        auto claimed = from->claim(8);
        ring.consume();
    }),
        sentence);
}

TEST_CASE("committing_messages_that_were_not_granted_is_named") {
    const auto dies_in = [](auto verb, const char* sentence) {
        names(support::ending_of([verb] {
            auto ring = ring_with_bell::make(1, 16);
            auto from = ring.producer();
            auto claimed = from->claim(3);
            verb(*from, claimed);
        }),
            sentence);
    };
    dies_in([](auto&, auto& claimed) { claimed.commit(4); },
        "claimed::commit: more than was granted");  // though the word has room
    dies_in(
        [](auto&, auto& claimed) {
            claimed.commit(3);
            claimed.commit(3);
        },
        "claimed::commit: nothing was granted, or it was committed");
    dies_in(
        [](auto& from, auto&) {
            while (from.try_push({})) {
            }
            from.claim(1).commit(0);
        },
        "claimed::commit: nothing was granted, or it was committed");
}

#else

TEST_CASE("misuse_of_messages_is_named_in_checked_builds_only") {
    SKIP("this build is unchecked: --debug and --asan look");
}

#endif
