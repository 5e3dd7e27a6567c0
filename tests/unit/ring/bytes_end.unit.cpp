// SPDX-License-Identifier: MIT
// Goal: what is pushed, and then the ring closed, after a consumer has found it empty and before it
//         asks whether it is closed, is delivered all the same.
// Method: the environment of these rings lets the producer act at that very moment, on the same
//         thread: when the flag of the end is read.
// Cannot show: other moments (stress/ring, model).
#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/message_ring.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

namespace {

using namespace std::chrono_literals;

// Calls `act` once, before the next flag is read.
struct interrupted_env : lfq::std_env {
    static inline std::function<void()> act;

    template <class T>
    struct watched : std::atomic<T> {
        using std::atomic<T>::atomic;
        T load(std::memory_order order) const noexcept {
            if constexpr (std::is_same_v<T, bool>) {
                if (act) std::exchange(act, nullptr)();
            }
            return std::atomic<T>::load(order);  // own: the order is the caller's
        }
    };
    template <class T>
    using atomic = watched<T>;
};

using messages = lfq::message_ring<lfq::storage::spill, lfq::wait::backoff, interrupted_env>;
using stream = lfq::byte_ring<lfq::storage::mirrored, lfq::wait::backoff, interrupted_env>;

}  // namespace

TEST_CASE("a_message_that_comes_just_before_the_end_is_delivered") {
    for (int timed = 0; timed < 2; ++timed) {
        messages ring(64);
        bool pushed = false;
        interrupted_env::act = [&] {
            pushed = ring.try_push(support::bytes_of("last"));
            ring.close();
        };
        std::array<std::byte, 8> out{};
        const lfq::popped_message seen = timed == 0 ? ring.pop(out) : ring.pop_for(out, 1h);
        CHECK(pushed);
        CHECK(seen);
        CHECK(seen.bytes == 4);
        CHECK(ring.pop(out).what == lfq::popped_message::outcome::none);
    }
}

TEST_CASE("bytes_that_come_just_before_the_end_are_delivered") {
    for (int timed = 0; timed < 2; ++timed) {
        stream ring(64);
        std::size_t pushed = 0;
        interrupted_env::act = [&] {
            pushed = ring.try_push_n(support::bytes_of("last"));
            ring.close();
        };
        std::array<std::byte, 8> out{};
        CHECK((timed == 0 ? ring.pop_n(out) : ring.pop_n_for(out, 1h)) == 4);
        CHECK(pushed == 4);
        CHECK(ring.pop_n(out) == 0);
    }
}
