// SPDX-License-Identifier: MIT
// Goal: the waits that stay awake look as often and as late as they say, and stop when they say.
// Method: a clock that moves a step per look, an Env that counts pauses, looks that answer after a
//         given number.
// Cannot show: that the rhythm is a good one (bench/ring).
#include <lfq/policy/sleep.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>

#include "support/catch.hpp"
#include "support/doubles.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>

namespace {

using namespace std::chrono_literals;
using lfq::wait::deadline_in;
using lfq::wait::never_ns;
using lfq::wait::turn;
using support::fake_clock;

struct counting_env : lfq::std_env {
    static inline std::uint64_t pauses = 0;
    static void pause() noexcept { ++pauses; }
};

// Refuses `refusals` times, then gives its answer.
struct scripted_look {
    std::uint64_t refusals;
    turn answer;
    std::uint64_t looks = 0;

    turn operator()() { return ++looks > refusals ? answer : turn::refused; }
};

using spin = lfq::wait::basic_spin<fake_clock>;
using backoff = lfq::wait::basic_backoff<fake_clock>;
using slip = lfq::wait::basic_slip<fake_clock>;

template <class Wait>
using waiter = typename Wait::template waiter<counting_env>;

void start(std::int64_t step_ns) {
    fake_clock::start(1'000, step_ns);
    counting_env::pauses = 0;
}

}  // namespace

TEST_CASE("a_deadline_is_never_before_now_and_never_overflows") {
    using seconds = std::chrono::duration<double>;
    fake_clock::start(1'000, 0);
    CHECK(deadline_in<fake_clock>(5ns) == 1'005);
    CHECK(deadline_in<fake_clock>(2us) == 3'000);
    CHECK(deadline_in<fake_clock>(1h) == 3'600'000'001'000);
    CHECK(deadline_in<fake_clock>(seconds(0.5)) == 500'001'000);
    CHECK(deadline_in<fake_clock>(0ns) == 1'000);
    CHECK(deadline_in<fake_clock>(-1ns) == 1'000);
    CHECK(deadline_in<fake_clock>(std::chrono::nanoseconds::min()) == 1'000);
    CHECK(deadline_in<fake_clock>(std::chrono::hours::min()) == 1'000);
    CHECK(deadline_in<fake_clock>(std::chrono::hours::max()) == never_ns);
    CHECK(deadline_in<fake_clock>(std::chrono::nanoseconds::max()) == never_ns);
    CHECK(deadline_in<fake_clock>(seconds(1e300)) == never_ns);
    CHECK(deadline_in<fake_clock>(seconds(std::numeric_limits<double>::infinity())) == never_ns);
    CHECK(deadline_in<fake_clock>(seconds(-std::numeric_limits<double>::infinity())) == 1'000);
    // Ticks whose conversion to nanoseconds multiplies beyond 64 bits before it divides.
    using thirds = std::chrono::duration<std::int64_t, std::ratio<1, 3>>;
    CHECK(deadline_in<fake_clock>(thirds(3)) == 1'000'001'000);
    const std::int64_t centuries_ns = deadline_in<fake_clock>(thirds(20'000'000'000));
    CHECK(centuries_ns > 6'600'000'000'000'000'000);
    // The last representable stretches of time, in a type that rounds up.
    for (float count = 9.0e9F; count < 9.4e9F; count += 1024.0F) {
        if (deadline_in<fake_clock>(std::chrono::duration<float>(count)) <
            8'999'999'000'000'000'000)
            FAIL(count);
    }
    for (std::int64_t short_by = 0; short_by < 5'000; ++short_by) {
        const auto wanted = std::chrono::nanoseconds(INT64_MAX - short_by);
        if (deadline_in<fake_clock>(wanted) < INT64_MAX - 6'000) FAIL(short_by);
    }
}

TEMPLATE_TEST_CASE("a_wait_looks_until_it_is_done_or_over", "", spin, backoff, slip) {
    start(100);
    waiter<TestType> waiting{TestType{}};
    for (const std::uint64_t refusals : {0u, 1u, 5u, 300u}) {
        scripted_look gives{refusals, turn::done};
        CHECK(waiting.until_readable(1, gives, never_ns));
        CHECK(gives.looks == refusals + 1);
        scripted_look ends{refusals, turn::over};
        CHECK_FALSE(waiting.until_writable(1, ends, never_ns));
        CHECK(ends.looks == refusals + 1);
    }
    CHECK(counting_env::pauses >= 2 * (1 + 2 + 6 + 301));
}

TEMPLATE_TEST_CASE("a_wait_looks_once_more_when_its_time_is_up_already", "", spin, backoff, slip) {
    start(1);
    waiter<TestType> waiting{TestType{}};
    scripted_look refuses{1'000, turn::done};
    CHECK_FALSE(waiting.until_readable(1, refuses, 0));
    CHECK(refuses.looks == 1);
    CHECK_FALSE(waiting.until_writable(1, refuses, fake_clock::time_ns));
    CHECK(refuses.looks == 2);
    scripted_look gives{0, turn::done};
    CHECK(waiting.until_readable(1, gives, 0));
}

TEMPLATE_TEST_CASE("a_wait_ends_within_a_look_of_its_deadline", "", spin, backoff, slip) {
    start(1'000);
    waiter<TestType> waiting{TestType{}};
    scripted_look refuses{UINT64_MAX, turn::done};
    const std::int64_t deadline_ns = fake_clock::time_ns + 1'000'000;
    CHECK_FALSE(waiting.until_readable(1, refuses, deadline_ns));
    CHECK(fake_clock::time_ns >= deadline_ns);
    CHECK(fake_clock::time_ns <= deadline_ns + 3'000);
}

TEST_CASE("backoff_spins_for_its_time_and_then_yields_between_looks") {
    start(1'000);
    waiter<backoff> waiting{backoff{.spin = 20us}};
    scripted_look brief{15, turn::done};
    CHECK(waiting.until_readable(1, brief, never_ns));
    CHECK(fake_clock::yields == 0);
    scripted_look lasting{100, turn::done};
    CHECK(waiting.until_readable(1, lasting, never_ns));
    CHECK(fake_clock::yields > 70);
    CHECK(fake_clock::yields <= 101);
}

TEST_CASE("backoff_stays_away_from_a_full_ring_before_each_look") {
    start(100);
    waiter<backoff> waiting{backoff{.spin = 1h, .linger = 1us}};
    scripted_look look{9, turn::done};
    CHECK(waiting.until_writable(1, look, never_ns));
    CHECK(counting_env::pauses >= 10 * 9);  // ten looks, each after a microsecond of pauses
    CHECK(counting_env::pauses <= 10 * 12);
    counting_env::pauses = 0;
    look = {9, turn::done};
    CHECK(waiting.until_readable(1, look, never_ns));  // an empty side does not linger
    CHECK(counting_env::pauses == 10);
    CHECK(fake_clock::yields == 0);
}

TEST_CASE("a_lingering_side_comes_back_for_its_deadline") {
    start(10);
    waiter<backoff> waiting{backoff{.linger = 1h}};
    scripted_look refuses{UINT64_MAX, turn::done};
    CHECK_FALSE(waiting.until_writable(1, refuses, fake_clock::time_ns + 500));
    CHECK(refuses.looks == 1);
    CHECK(fake_clock::time_ns <= 1'600);
}

TEST_CASE("slip_lingers_while_that_lets_values_pass_and_rests_when_it_does_not") {
    start(1);
    waiter<slip> waiting{slip{}};
    const auto pauses_at = [&waiting](std::uint64_t position) {
        counting_env::pauses = 0;
        scripted_look gives{0, turn::done};
        CHECK(waiting.until_readable(position, gives, never_ns));
        return counting_env::pauses;
    };
    std::uint64_t position = 1'000;
    CHECK(pauses_at(position) == 64);
    CHECK(pauses_at(position += 8) == 64);
    CHECK(pauses_at(position += 7) == 64);  // it did not pay: this was the last
    for (int i = 0; i < 64; ++i) CHECK(pauses_at(position += 1) == 1);
    CHECK(pauses_at(position += 1) == 64);  // tried again
    CHECK(pauses_at(position += 1) == 1);
    CHECK(pauses_at(position += 1'000) == 64);
}

TEST_CASE("every_wait_of_the_library_is_a_policy") {
    static_assert(lfq::wait_policy<lfq::wait::spin> && lfq::wait_policy<lfq::wait::backoff>);
    static_assert(lfq::wait_policy<lfq::wait::slip> && lfq::wait_policy<lfq::wait::park>);
    static_assert(lfq::wait_policy<lfq::wait::doorbell>);
    static_assert(!lfq::wait_policy<int> && !lfq::wait_policy<lfq::storage::heap>);
    SUCCEED("the compiler has shown it");
}
