// SPDX-License-Identifier: MIT
// Goal: checked builds name misuse: a second thread on a side for one, consuming unseen values,
//         building beyond a claim.
// Method: children that must abort with their sentence; hand-overs that must not. Overlap is
//         forced, not hoped for: the first thread is held inside its call, by the element that it
//         builds or visits, while the second one calls.
// Cannot show: overlaps that last nanoseconds; those are ThreadSanitizer's.
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/load.hpp"

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

#if LFQ_CHECKED

namespace {

// Holds whoever builds it until the other thread has come and gone, which it does not.
struct held {
    static inline std::atomic<bool> inside{false};

    explicit held(bool holds) noexcept {
        if (!holds) return;
        inside.store(true);
        for (;;) std::this_thread::yield();
    }
};

void wait_until_inside() {
    while (!held::inside.load()) std::this_thread::yield();
}

// The sentence, and two different thread names in it.
void names_both(const support::ending& seen, const std::string& side) {
    CAPTURE(seen.said);
    CHECK(seen.aborted);
    CHECK(seen.said.find(side) != std::string::npos);
    const std::size_t first = seen.said.find("0x");
    REQUIRE(first != std::string::npos);
    const std::size_t second = seen.said.find("0x", first + 2);
    REQUIRE(second != std::string::npos);
    const auto name_at = [&](std::size_t at) {
        return seen.said.substr(at, seen.said.find(' ', at) - at);
    };
    CHECK(name_at(first) != name_at(second));
}

template <class Ring>
[[noreturn]] void visit_and_stay(Ring& ring) {
    ring.drain([](auto&) {
        held::inside.store(true);
        for (;;) std::this_thread::yield();
    });
    for (;;) std::this_thread::yield();
}

}  // namespace

TEST_CASE("the_second_producer_of_a_single_producer_ring_is_named") {
    if (support::watched_for_races) SKIP("the sanitizer starts no threads after a fork");
    const auto dies_in = [](auto verb) {
        names_both(support::ending_of([verb] {
            lfq::spsc_ring<held> ring(4);
            std::thread([&ring] { static_cast<void>(ring.try_emplace(true)); }).detach();
            wait_until_inside();
            verb(ring);
        }),
            "spsc_ring, producer side");
    };
    dies_in([](auto& ring) { static_cast<void>(ring.try_emplace(false)); });
    dies_in([](auto& ring) { ring.push(held(false)); });
    dies_in([](auto& ring) { static_cast<void>(ring.claim(1)); });
    dies_in([](auto& ring) { ring.close(); });
}

TEMPLATE_TEST_CASE("the_second_consumer_is_named", "", lfq::spsc_ring<int>, lfq::mpsc_ring<int>,
    lfq::mpsc_ordered_ring<int>) {
    if (support::watched_for_races) SKIP("the sanitizer starts no threads after a fork");
    const auto dies_in = [](auto verb) {
        names_both(support::ending_of([verb] {
            TestType ring(4);
            static_cast<void>(ring.try_push(1));
            static_cast<void>(ring.try_push(2));
            std::thread([&ring] { visit_and_stay(ring); }).detach();
            wait_until_inside();
            verb(ring);
        }),
            "consumer side");
    };
    dies_in([](auto& ring) { static_cast<void>(ring.try_pop()); });
    dies_in([](auto& ring) {
        int out = 0;
        static_cast<void>(ring.pop(out));
    });
    dies_in([](auto& ring) { static_cast<void>(ring.peek()); });
    dies_in([](auto& ring) { ring.consume(0); });
    dies_in([](auto& ring) { static_cast<void>(ring.drain([](int&) {})); });
}

TEMPLATE_TEST_CASE("handing_a_side_over_to_another_thread_is_no_misuse", "", lfq::spsc_ring<int>,
    lfq::mpsc_ring<int>, lfq::mpsc_ordered_ring<int>) {
    TestType ring(2);
    int wrong = 0;
    for (int i = 0; i < 20; ++i) {
        std::thread([&] {
            if (!ring.try_push(i)) ++wrong;
        }).join();
        std::thread([&] {
            if (ring.try_pop() != i) ++wrong;
        }).join();
    }
    ring.close();
    CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("consuming_more_than_was_peeked_at_is_named", "", lfq::spsc_ring<int>,
    lfq::mpsc_ring<int>, lfq::mpsc_ordered_ring<int>) {
    const support::ending seen = support::ending_of([] {
        TestType ring(4);
        static_cast<void>(ring.try_push(1));
        static_cast<void>(ring.peek());
        ring.consume(2);
    });
    CHECK(seen.aborted);
    CHECK(seen.said.find("consume: more than was peeked at") != std::string::npos);
}

TEMPLATE_TEST_CASE(
    "building_beyond_a_claim_is_named", "", lfq::spsc_ring<int>, lfq::mpsc_ring<int>) {
    const support::ending seen = support::ending_of([] {
        TestType ring(4);
        auto claimed = ring.claim(1);
        claimed.emplace(1);
        claimed.emplace(2);
    });
    CHECK(seen.aborted);
    CHECK(seen.said.find("claimed::emplace: every granted slot is built already") !=
        std::string::npos);
}

TEST_CASE("committing_more_than_was_granted_is_named") {
    const support::ending seen = support::ending_of([] {
        lfq::spsc_ring<int> ring(4);
        auto claimed = ring.claim(1);
        claimed.commit(2);
    });
    CHECK(seen.aborted);
    CHECK(seen.said.find("claimed::commit: more than was granted") != std::string::npos);
}

TEST_CASE("closing_or_pushing_under_a_claim_of_a_single_producer_ring_is_named") {
    const auto dies_in = [](auto under, const char* sentence) {
        const support::ending seen = support::ending_of([under] {
            lfq::spsc_ring<int> ring(4);
            auto claimed = ring.claim(2);
            claimed.emplace(1);
            under(ring);
            claimed.commit();
        });
        CHECK(seen.aborted);
        CHECK(seen.said.find(sentence) != std::string::npos);
    };
    dies_in([](auto& ring) { ring.close(); }, "closed under the claim");
    dies_in([](auto& ring) { static_cast<void>(ring.try_push(9)); }, "pushed under the claim");
}

#else

TEST_CASE("misuse_is_named_in_checked_builds_only") {
    SKIP("this build is unchecked: --debug and --asan look");
}

#endif
