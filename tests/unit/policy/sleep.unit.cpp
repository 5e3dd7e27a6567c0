// SPDX-License-Identifier: MIT
// Goal: park and doorbell make exactly the system calls they promise: none while nobody sleeps, one
//         per sleep.
// Method: doubles count the calls of the real futex and eventfd; real epoll; one thread where that
//         decides.
// Cannot show: that no wake-up is ever lost (stress/policy, and the model).
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/doubles.hpp"

#include <chrono>
#include <cstdint>
#include <thread>
#include <type_traits>

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using support::counting_event_fd;
using support::counting_futex;
using heap = lfq::storage::heap;
using counted_park = lfq::wait::basic_park<counting_futex>;
using counted_doorbell = lfq::wait::basic_doorbell<counting_event_fd, counting_futex>;
using counted_bell = counted_doorbell::bell;

template <class Wait>
using spsc = lfq::spsc_ring<int, heap, Wait>;
template <class Wait>
using mpsc = lfq::mpsc_ring<int, heap, Wait>;

bool readable(int fd) {
    pollfd asked{fd, POLLIN, 0};
    return ::poll(&asked, 1, 0) == 1;
}

// Until the other thread has gone to sleep `count` times; it yields, so it ends on any number of
// cores.
void until(const std::atomic<std::uint64_t>& counter, std::uint64_t count) {
    while (counter.load() < count) std::this_thread::sleep_for(100us);
}

}  // namespace

TEMPLATE_TEST_CASE(
    "a_parked_ring_makes_no_call_while_nobody_sleeps", "", spsc<counted_park>, mpsc<counted_park>) {
    counting_futex::reset();
    TestType ring(2, {}, counted_park{.spin = 0ns});
    int out = 0;
    for (int i = 0; i < 100; ++i) {
        REQUIRE(ring.push(i));
        REQUIRE(ring.try_push(i));
        REQUIRE_FALSE(ring.try_push(i));
        REQUIRE(ring.pop(out));
        REQUIRE(ring.try_pop(out));
        REQUIRE_FALSE(ring.try_pop(out));
    }
    ring.close();
    REQUIRE_FALSE(ring.pop(out));
    CHECK(counting_futex::waits == 0);
    CHECK(counting_futex::wakes == 0);
}

TEMPLATE_TEST_CASE(
    "a_parked_consumer_is_woken_by_one_call", "", spsc<counted_park>, mpsc<counted_park>) {
    counting_futex::reset();
    TestType ring(2, {}, counted_park{.spin = 0ns});
    for (std::uint64_t sleep = 1; sleep <= 5; ++sleep) {
        bool popped = false;
        std::thread consumer([&] {
            int out = 0;
            popped = ring.pop(out);
        });
        until(counting_futex::waits, sleep);
        REQUIRE(ring.try_push(1));
        consumer.join();
        REQUIRE(popped);
        // The kernel may have let it go for no reason and it lain down again: never more calls than
        // sleeps.
        REQUIRE(counting_futex::wakes >= 1);
        REQUIRE(counting_futex::wakes <= counting_futex::waits);
        REQUIRE(ring.try_push(1));  // awake: no call
        int out = 0;
        REQUIRE(ring.try_pop(out));
        const std::uint64_t wakes = counting_futex::wakes;
        REQUIRE(ring.try_push(1));
        REQUIRE(ring.try_pop(out));
        REQUIRE(counting_futex::wakes == wakes);
        sleep = counting_futex::waits;
    }
}

TEMPLATE_TEST_CASE(
    "a_parked_producer_is_woken_by_a_freed_slot", "", spsc<counted_park>, mpsc<counted_park>) {
    counting_futex::reset();
    TestType ring(1, {}, counted_park{.spin = 0ns});
    REQUIRE(ring.try_push(1));
    bool pushed = false;
    std::thread producer([&] { pushed = ring.push(2); });
    until(counting_futex::waits, 1);
    REQUIRE(ring.try_pop() == 1);
    producer.join();
    REQUIRE(pushed);
    REQUIRE(ring.try_pop() == 2);
}

TEMPLATE_TEST_CASE("a_sleep_with_a_deadline_ends_by_itself", "", spsc<counted_park>,
    mpsc<counted_park>, spsc<counted_doorbell>, mpsc<counted_doorbell>) {
    TestType ring(1);
    int out = 7;
    REQUIRE_FALSE(ring.pop_for(out, 2ms));
    REQUIRE(ring.try_push(1));
    REQUIRE_FALSE(ring.push_for(2, 2ms));
    REQUIRE(ring.pop_for(out, 2ms));
    REQUIRE(out == 1);
}

TEMPLATE_TEST_CASE("the_bell_rings_once_per_arming_and_never_while_awake", "",
    spsc<counted_doorbell>, mpsc<counted_doorbell>) {
    counting_event_fd::reset();
    TestType ring(4);
    for (int i = 0; i < 3; ++i) REQUIRE(ring.try_push(i));
    CHECK(counting_event_fd::writes == 0);
    CHECK_FALSE(readable(ring.fd()));
    REQUIRE_FALSE(ring.arm());  // there is something
    REQUIRE(ring.try_push(3));
    CHECK(counting_event_fd::writes == 0);
    while (ring.try_pop()) {
    }
    for (std::uint64_t sleep = 1; sleep <= 4; ++sleep) {
        REQUIRE(ring.arm());
        REQUIRE(ring.arm());  // again: still one
        CHECK_FALSE(readable(ring.fd()));
        REQUIRE(ring.try_push(1));
        CHECK(readable(ring.fd()));
        REQUIRE(ring.try_push(2));
        CHECK(counting_event_fd::writes == sleep);
        ring.acknowledge();
        CHECK_FALSE(readable(ring.fd()));
        REQUIRE(ring.try_push(3));
        CHECK(counting_event_fd::writes == sleep);
        CHECK_FALSE(ring.arm());
        CHECK(ring.drain([](int&) {}) == 3);
    }
}

TEMPLATE_TEST_CASE("who_was_woken_by_something_else_disarms_and_is_not_rung_for", "",
    spsc<counted_doorbell>, mpsc<counted_doorbell>) {
    TestType ring(4);
    counting_event_fd::reset();
    REQUIRE(ring.arm());
    ring.disarm();  // a timer
    REQUIRE(ring.try_push(1));
    CHECK(counting_event_fd::writes == 0);
    REQUIRE(ring.try_pop().has_value());
    REQUIRE(ring.arm());
    CHECK_FALSE(readable(ring.fd()));  // the next sleep is one
    REQUIRE(ring.try_push(2));
    CHECK(counting_event_fd::writes == 1);
}

TEMPLATE_TEST_CASE("arm_says_do_not_sleep_when_the_ring_is_drained", "", spsc<counted_doorbell>,
    mpsc<counted_doorbell>) {
    counting_event_fd::reset();
    TestType ring(4);
    REQUIRE(ring.try_push(1));
    ring.close();
    CHECK_FALSE(ring.arm());
    CHECK(ring.try_pop() == 1);
    CHECK(ring.drained());
    CHECK_FALSE(ring.arm());
    CHECK(counting_event_fd::writes == 0);
    TestType empty(4);
    REQUIRE(empty.arm());
    empty.close();
    CHECK(readable(empty.fd()));
    CHECK(counting_event_fd::writes == 1);
    CHECK_FALSE(empty.arm());
}

TEST_CASE("arming_a_shared_ring_depends_on_what_is_finished") {
    mpsc<counted_doorbell> ring(4);
    counting_event_fd::reset();
    auto claimed = ring.claim(2);
    REQUIRE(ring.arm());  // nothing to take yet
    REQUIRE(ring.try_push(9));
    CHECK(counting_event_fd::writes == 1);
    ring.acknowledge();
    CHECK_FALSE(ring.try_pop());
    REQUIRE(ring.arm());
    ring.close();
    ring.acknowledge();
    REQUIRE(ring.arm());  // closed, but not drained: the claim is open
    claimed.commit();  // nothing was built: both slots are abandoned
    CHECK(readable(ring.fd()));
    ring.acknowledge();
    CHECK_FALSE(ring.arm());
    CHECK(ring.try_pop() == 9);
    CHECK(ring.drained());
    CHECK_FALSE(ring.arm());
}

TEST_CASE("one_bell_serves_several_rings_in_an_epoll") {
    counting_event_fd::reset();
    counted_bell bell;
    const counted_doorbell recipe(bell);
    spsc<counted_doorbell> one(2, {}, recipe);
    mpsc<counted_doorbell> many(2, {}, recipe);
    CHECK(one.fd() == bell.fd());
    CHECK(many.fd() == bell.fd());
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    REQUIRE(::epoll_ctl(epoll, EPOLL_CTL_ADD, bell.fd(), &wanted) == 0);
    const auto rung = [epoll] {
        epoll_event seen{};
        return ::epoll_wait(epoll, &seen, 1, 0) == 1;
    };
    for (std::uint64_t sleep = 1; sleep < 6; ++sleep) {
        REQUIRE(one.arm());
        REQUIRE(many.arm());
        CHECK_FALSE(rung());
        if (sleep % 2 == 0) {
            REQUIRE(one.try_push(1));
            REQUIRE(many.try_push(2));
        } else {
            REQUIRE(many.try_push(2));
            REQUIRE(one.try_push(1));
        }
        CHECK(rung());
        CHECK(counting_event_fd::writes == sleep);
        bell.acknowledge();
        CHECK_FALSE(rung());
        CHECK(one.try_pop() == 1);
        CHECK_FALSE(many.arm());
        CHECK(many.try_pop() == 2);
        CHECK(counting_event_fd::writes == sleep);
    }
    REQUIRE(one.arm());
    REQUIRE(many.arm());
    one.close();
    CHECK(rung());
    bell.acknowledge();
    CHECK_FALSE(one.arm());
    CHECK(many.arm());
    ::close(epoll);
}

TEST_CASE("a_full_doorbell_ring_parks_its_producers_on_a_futex") {
    counting_event_fd::reset();
    counting_futex::reset();
    mpsc<counted_doorbell> ring(1);
    REQUIRE(ring.push(1));
    bool pushed = false;
    std::thread producer([&] { pushed = ring.push(2); });
    until(counting_futex::waits, 1);
    REQUIRE(ring.try_pop() == 1);
    producer.join();
    CHECK(pushed);
    CHECK(counting_futex::wakes >= 1);
    CHECK(counting_event_fd::writes == 0);
}

TEST_CASE("only_doorbell_rings_have_a_descriptor") {
    static_assert(lfq::doorbell_wait<lfq::wait::doorbell>);
    static_assert(!lfq::doorbell_wait<lfq::wait::park>);
    static_assert(!lfq::doorbell_wait<lfq::wait::backoff>);
    static_assert(lfq::wait_policy<counted_park> && lfq::wait_policy<counted_doorbell>);
    static_assert(std::is_same_v<lfq::wait::bell, lfq::wait::doorbell::bell>);
    SUCCEED("the compiler has shown it");
}
