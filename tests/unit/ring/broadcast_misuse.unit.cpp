// SPDX-License-Identifier: MIT
// Goal: checked builds name misuse of the broadcast rings: readers that do not read, rings that end
//       under a reader, a second thread on a side for one.
// Method: children that must abort with their sentence. Overlap is forced: the first thread is held
//         inside its call while the second one calls.
// Cannot show: overlaps that last nanoseconds; those are ThreadSanitizer's.
#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>

#if LFQ_CHECKED

namespace {

using lfq::join_at;

template <class Fatal>
void dies(const std::string& sentence, Fatal&& fatal) {
    const support::ending seen = support::ending_of(fatal);
    CAPTURE(seen.said);
    CHECK(seen.aborted);
    CHECK(seen.said.find(sentence) != std::string::npos);
}

// Holds whoever builds it.
struct held {
    static inline std::atomic<bool> inside{false};

    explicit held(bool holds) noexcept {
        if (!holds) return;
        inside.store(true);
        for (;;) std::this_thread::yield();
    }
};

}  // namespace

TEST_CASE("reading_without_a_seat_is_named") {
    dies("this reader has not joined, or has left", [] {
        lfq::broadcast_ring<int> ring(4);
        auto reader = ring.join(join_at::newest);
        reader.leave();
        static_cast<void>(reader.try_pop());
    });
    dies("this reader has not joined", [] {
        lfq::lossy_broadcast_ring<int>::reader reader;
        static_cast<void>(reader.try_pop());
    });
}

TEST_CASE("a_ring_that_ends_before_its_readers_is_named") {
    dies("it ends while a reader has not left", [] {
        std::optional<lfq::broadcast_ring<int>> ring(4);
        auto reader = ring->join(join_at::newest);
        ring.reset();
    });
}

TEST_CASE("consuming_more_than_a_reader_peeked_at_is_named") {
    dies("consume: more than was peeked at", [] {
        lfq::broadcast_ring<int> ring(4);
        auto reader = ring.join(join_at::newest);
        static_cast<void>(ring.try_push(1));
        static_cast<void>(reader.peek());
        reader.consume(2);
    });
}

TEST_CASE("a_second_thread_in_one_reader_is_named") {
    const auto dies_in = [](auto& ring, const char* role) {
        dies(role, [&ring] {
            auto reader = ring.join(join_at::newest);
            static_cast<void>(ring.try_push(1));
            static std::atomic<bool> inside{false};
            std::thread first([&] {
                reader.drain([](const int&) {
                    inside.store(true);
                    for (;;) std::this_thread::yield();
                });
            });
            while (!inside.load()) std::this_thread::yield();
            static_cast<void>(reader.try_pop());
            first.join();
        });
    };
    lfq::broadcast_ring<int> gated(4);
    dies_in(gated, "broadcast_ring, one reader");
    lfq::lossy_broadcast_ring<int> lossy(4);
    dies_in(lossy, "lossy_broadcast_ring, one reader");
}

// Two copies on two threads are two readers.
TEST_CASE("a_copy_of_a_lossy_reader_is_called_while_the_first_is_inside") {
    lfq::lossy_broadcast_ring<int> ring(4);
    static_cast<void>(ring.try_push(1));
    auto reader = ring.join(join_at::oldest);
    auto copy = reader;
    std::optional<int> other;
    const std::size_t seen =
        reader.drain([&](const int&) { std::thread([&] { other = copy.try_pop(); }).join(); });
    CHECK(seen == 1);
    CHECK(other == 1);
}

TEST_CASE("pushing_or_closing_under_a_claim_of_a_broadcast_ring_is_named") {
    const auto dies_of = [](auto under, const char* sentence) {
        dies(sentence, [under] {
            lfq::broadcast_ring<int> ring(4);
            auto claimed = ring.claim(2);
            claimed.emplace(1);
            under(ring);
            claimed.commit();
        });
    };
    dies_of([](auto& ring) { static_cast<void>(ring.try_push(2)); }, "pushed under the claim");
    dies_of([](auto& ring) { ring.close(); }, "closed under the claim");
}

TEST_CASE("building_or_committing_beyond_a_claim_of_a_broadcast_ring_is_named") {
    const auto dies_of = [](auto beyond, const char* sentence) {
        dies(sentence, [beyond] {
            lfq::broadcast_ring<int> ring(4);
            auto claimed = ring.claim(1);
            beyond(claimed);
        });
    };
    dies_of([](auto& claimed) { claimed.emplace(1), claimed.emplace(2); },
        "claimed::emplace: every granted slot is built already");
    dies_of([](auto& claimed) { claimed.commit(2); }, "claimed::commit: more than was granted");
}

TEMPLATE_TEST_CASE(
    "a_second_writer_is_named", "", lfq::broadcast_ring<held>, lfq::lossy_broadcast_ring<held>) {
    dies("broadcast_ring, writer's side", [] {
        TestType ring(4);
        std::thread([&ring] { static_cast<void>(ring.try_emplace(true)); }).detach();
        while (!held::inside.load()) std::this_thread::yield();
        ring.close();
    });
}

#else

TEST_CASE("misuse_of_broadcasts_is_named_in_checked_builds_only") {
    SKIP("this build is unchecked: --debug and --asan look");
}

#endif
